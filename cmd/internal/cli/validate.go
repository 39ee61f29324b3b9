package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/contract"
)

// validation is the JSON of the validate command.
type validation struct {
	File     string             `json:"file"`
	Line     int                `json:"line,omitempty"` // of the file, from 1, where it has several bodies
	Platform string             `json:"platform"`
	Event    string             `json:"event,omitempty"`
	Valid    bool               `json:"valid"`
	Message  string             `json:"message,omitempty"` // why the body could not be judged by a schema
	Problems []contract.Problem `json:"problems"`
}

func (a *app) validate() *cobra.Command {
	var (
		event, encoding string
		asJSON          bool
	)
	cmd := &cobra.Command{
		Use:   "validate <platform> <file>...",
		Short: "Check payloads against a platform's contract",
		Long: `Checks payloads against a platform's contract; the file - is standard input. The
event is the one that the body names, or, where bodies do not name it (mighty),
the one that fits. --event asks for a certain one: an event, a handshake (TEST),
or a body of the admin API (listWebhookLogs.200).

A file may have several bodies, one a line, as "quintain fake -n 100" prints
them. With --encoding form they are forms, nested with brackets or with dots;
values have the types of the contract.`,
		Example: `  quintain validate tribe body.json
  curl -s … | quintain validate mighty --event EventCreated -
  quintain fake ambassify person.created --encoding form -n 100 | quintain validate ambassify --encoding form -`,
		Args: a.platformArgs(2, 1<<20, "platform", "file"),
		ValidArgsFunction: func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveDefault
			}
			return completeNames(cmd, args, typed)
		},
		RunE: func(_ *cobra.Command, args []string) error {
			p, files, err := a.platformAndRest(args)
			if err != nil {
				return err
			}
			enc, err := contract.ParseEncoding(encoding)
			if err != nil {
				return misuse("--encoding: %w", err)
			}
			if p.Rules.ContentTypes.Value[enc] == "" {
				return misuse("--encoding: %s does not send %s", p, enc)
			}
			if event != "" {
				if err := a.knownName(p, event); err != nil {
					return err
				}
			}
			results := []validation{}
			valid := true
			for _, file := range files {
				body, err := a.readFile(file)
				if err != nil {
					return err
				}
				for _, one := range bodies(body, enc) {
					var r validation
					if enc == contract.Form {
						r = validateForm(p, event, one.body)
					} else {
						r = validateBody(p, event, one.body)
					}
					r.File, r.Line = file, one.line
					results = append(results, r)
					valid = valid && r.Valid
				}
			}
			if asJSON {
				if err := a.printJSON(results); err != nil {
					return err
				}
			} else {
				for _, r := range results {
					a.printValidation(r)
				}
			}
			if !valid {
				return judged
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&event, "event", "", "what the body is, where it does not say so itself")
	cmd.Flags().StringVar(&encoding, "encoding", string(contract.JSON), "json, or form where the platform sends forms")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// knownName refuses a name that is no event, handshake or body of the admin API.
func (a *app) knownName(p *contract.Platform, name string) error {
	if p.Message(name) != nil || slices.Contains(p.Calls(), name) {
		return nil
	}
	if _, err := p.Event(name); err != nil {
		if near := contract.Nearest(name, p.Calls()); near != "" && contract.Nearest(name, p.EventNames()) == "" {
			return misuse("unknown body of the admin API of %s %q; did you mean %q?", p, name, near)
		}
		return misuse("%w", err)
	}
	return nil
}

func validateBody(p *contract.Platform, name string, body []byte) validation {
	r := validation{Platform: p.String(), Event: name, Problems: []contract.Problem{}}
	var err error
	switch {
	case name == "":
		var event *contract.EventType
		if event, err = p.Identify(body); err == nil {
			r.Event = event.Name
			err = event.Validate(body)
		}
	case slices.Contains(p.Calls(), name):
		err = p.ValidateCall(name, body)
	case p.Message(name) != nil:
		err = p.Message(name).Validate(body)
	default:
		err = p.Validate(name, body)
	}
	var invalid *contract.ValidationError
	switch {
	case err == nil:
		r.Valid = true
	case errors.As(err, &invalid):
		r.Problems = invalid.Problems
	default:
		r.Message = withFlag(err)
	}
	return r
}

// withFlag says how the event is named here, where an error asks for that.
func withFlag(err error) string {
	var e *contract.Error
	if errors.As(err, &e) && e.Code == contract.UnknownEvent {
		if rest, ok := strings.CutPrefix(e.Hint, "name the event"); ok {
			return e.Message + "; name it with --event NAME" + rest
		}
	}
	return err.Error()
}

// validateForm is validateBody for a form.
func validateForm(p *contract.Platform, name string, body []byte) validation {
	const media = "application/x-www-form-urlencoded"
	r := validation{Platform: p.String(), Event: name, Problems: []contract.Problem{}}
	found := p.Examine(media, body)
	// bodies that do not name their event: there is this one only
	if name != "" && found.Event == "" && found.Message != "" {
		others := slices.DeleteFunc(p.EventNames(), func(other string) bool { return other == name })
		found = p.Without(others...).Examine(media, body)
	}
	switch {
	case name == "" || found.Event == name:
		r.Event, r.Valid, r.Message = found.Event, found.Valid && found.Message == "", found.Message
		r.Problems = append(r.Problems, found.Problems...)
	case found.Event != "":
		r.Message = fmt.Sprintf("the body is of %s, not of %s", found.Event, name)
	default:
		r.Message = found.Message
	}
	return r
}

// oneBody is one of the bodies in a file.
type oneBody struct {
	body []byte
	line int // from 1; 0 if the file has no other
}

// bodies takes the bodies of a file apart: forms have one line each, and so has JSON, unless the file is one value.
func bodies(src []byte, enc contract.Encoding) []oneBody {
	var out []oneBody
	line := 0
	for text := range bytes.Lines(src) {
		line++
		text = bytes.TrimSpace(text)
		if len(text) == 0 {
			continue
		}
		if enc == contract.JSON && text[0] != '{' { // part of a value that has many lines
			return []oneBody{{body: src}}
		}
		out = append(out, oneBody{text, line})
	}
	switch {
	case len(out) == 1 && enc == contract.Form:
		return []oneBody{{body: out[0].body}}
	case len(out) < 2 || enc == contract.JSON && json.Valid(src):
		return []oneBody{{body: src}}
	}
	return out
}

func (a *app) printValidation(r validation) {
	place := r.File
	if r.Line > 0 {
		place = fmt.Sprintf("%s:%d", r.File, r.Line)
	}
	switch {
	case r.Valid:
		fmt.Fprintf(a.stdout, "%s: valid %s of %s\n", place, r.Event, r.Platform)
	case r.Message != "":
		fmt.Fprintf(a.stdout, "%s: %s\n", place, r.Message)
	default:
		fmt.Fprintf(a.stdout, "%s: not a valid %s of %s\n", place, r.Event, r.Platform)
		for _, problem := range r.Problems {
			pointer := problem.Pointer
			if pointer == "" {
				pointer = "(body)"
			}
			fmt.Fprintf(a.stdout, "  %s: %s\n", pointer, problem.Message)
		}
	}
}

// readFile reads a file that the command line names; - is standard input.
func (a *app) readFile(name string) ([]byte, error) {
	var body []byte
	var err error
	if name == "-" {
		body, err = io.ReadAll(a.stdin)
	} else {
		body, err = os.ReadFile(name)
	}
	if err != nil {
		return nil, misuse("%w", err)
	}
	return body, nil
}
