package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/contract"
)

// validation is the JSON of the validate command.
type validation struct {
	File     string             `json:"file"`
	Platform string             `json:"platform"`
	Event    string             `json:"event,omitempty"`
	Valid    bool               `json:"valid"`
	Message  string             `json:"message,omitempty"` // why the body could not be judged by a schema
	Problems []contract.Problem `json:"problems"`
}

func (a *app) validate() *cobra.Command {
	var (
		event  string
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "validate <platform> <file>...",
		Short: "Check payloads against a platform's contract",
		Long: `Checks payloads against a platform's contract; the file - is standard input. The event is the one
that the body names, or, where bodies do not name it (mighty), the one that fits. --event asks for
a certain one: an event, a handshake (TEST), or a body of the admin API (listWebhookLogs.200).`,
		Example: "  quintain validate tribe body.json\n  curl -s … | quintain validate mighty --event EventCreated -",
		Args:    a.platformArgs(2, 1<<20, "platform", "file"),
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
				r := validateBody(p, event, body)
				r.File = file
				results = append(results, r)
				valid = valid && r.Valid
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
		r.Message = err.Error()
	}
	return r
}

func (a *app) printValidation(r validation) {
	switch {
	case r.Valid:
		fmt.Fprintf(a.stdout, "%s: valid %s of %s\n", r.File, r.Event, r.Platform)
	case r.Message != "":
		fmt.Fprintf(a.stdout, "%s: %s\n", r.File, r.Message)
	default:
		fmt.Fprintf(a.stdout, "%s: not a valid %s of %s\n", r.File, r.Event, r.Platform)
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
