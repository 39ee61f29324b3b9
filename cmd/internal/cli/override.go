package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/jsonptr"
)

// overrides put other values into a payload.
type overrides struct {
	set, unset []string
	patch      string // a file
	force      bool
}

func (o *overrides) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArrayVar(&o.set, "set", nil, "put another value at a path, such as payload.member.email=a@example.com; JSON, or else text; may be repeated")
	f.StringArrayVar(&o.unset, "unset", nil, "take the value at a path out; may be repeated")
	f.StringVar(&o.patch, "patch", "", "lay the JSON object in this file over the payload (a JSON merge patch; null takes out); - is standard input")
	f.BoolVar(&o.force, "force", false, "override what the contract does not allow as well: unknown paths, wrong types, required values taken out")
}

// edit is one change of a payload. A nil value takes out what is there.
type edit struct {
	flag, pointer string
	value         []byte
}

// edits reads the flags, the patch first: what is typed wins over what is in a file.
func (a *app) edits(o overrides) ([]edit, error) {
	var out []edit
	if o.patch != "" {
		src, err := a.readFile(o.patch)
		if err != nil {
			return nil, misuse("--patch: %w", err)
		}
		if out, err = patchEdits(o.patch, src); err != nil {
			return nil, err
		}
	}
	for _, setting := range o.set {
		path, text, found := strings.Cut(setting, "=")
		if !found || path == "" {
			return nil, misuse("--set %q has no value; write it as path=value", setting)
		}
		value := []byte(text)
		if !json.Valid(value) {
			value, _ = json.Marshal(text) // a string always marshals
		}
		out = append(out, edit{"--set", pointerOf(path), value})
	}
	for _, path := range o.unset {
		out = append(out, edit{flag: "--unset", pointer: pointerOf(path)})
	}
	return out, nil
}

// patchEdits makes edits of a JSON merge patch (RFC 7396).
func patchEdits(file string, src []byte) ([]edit, error) {
	if !json.Valid(src) {
		var v any
		return nil, misuse("--patch %s: %w", file, json.Unmarshal(src, &v))
	}
	if bytes.TrimSpace(src)[0] != '{' {
		return nil, misuse("--patch %s: want a JSON object, which is laid over the payload", file)
	}
	var out []edit
	err := jsonptr.Walk(src, func(p jsonptr.Place) error {
		value := bytes.TrimSpace(src[p.Start:p.End])
		inside := slices.ContainsFunc(out, func(e edit) bool { return strings.HasPrefix(p.Pointer, e.pointer+"/") })
		switch {
		case inside || value[0] == '{' && !bytes.Equal(value, []byte("{}")):
		case string(value) == "null":
			out = append(out, edit{flag: "--patch", pointer: p.Pointer})
		default:
			out = append(out, edit{"--patch", p.Pointer, value})
		}
		return nil
	})
	return out, err
}

// override makes the edits. A path that the event does not have, or a payload that its contract does not allow, is a
// misuse, unless it is forced.
func override(event *contract.EventType, body []byte, edits []edit, force bool) ([]byte, error) {
	if len(edits) == 0 {
		return body, nil
	}
	for _, e := range edits {
		changed, err := e.apply(event, body, force)
		if err != nil {
			return nil, err
		}
		body = changed
	}
	var invalid *contract.ValidationError
	switch err := event.Validate(body); {
	case force || err == nil:
		return body, nil
	case errors.As(err, &invalid):
		p := invalid.Problems[0]
		return nil, misuse("%s %s; %s never sends that (--force does)", place(p.Pointer), p.Message, event.Platform())
	default:
		return nil, misuse("%w", err)
	}
}

func place(pointer string) string {
	if pointer == "" {
		return "the body"
	}
	return pathOf(pointer)
}

func (e edit) apply(event *contract.EventType, body []byte, force bool) (changed []byte, err error) {
	if e.value == nil {
		changed, err = jsonptr.Remove(body, e.pointer)
	} else {
		changed, err = jsonptr.Set(body, e.pointer, e.value)
	}
	switch {
	case err == nil:
		return changed, nil
	case !errors.Is(err, jsonptr.ErrNotFound):
		return nil, misuse("%s %s: %w", e.flag, pathOf(e.pointer), err)
	case e.value == nil && (force || slices.Contains(pointers(event), generic(e.pointer))):
		return body, nil // an optional value that this payload does not have anyway
	case e.value != nil && (force || slices.Contains(pointers(event), generic(e.pointer))):
		return insert(body, e)
	}
	return nil, e.unknownPath(event, body)
}

// insert puts a value where there is none, and objects around it.
func insert(body []byte, e edit) ([]byte, error) {
	parent, key := e.pointer[:strings.LastIndexByte(e.pointer, '/')], e.pointer[strings.LastIndexByte(e.pointer, '/')+1:]
	if _, err := jsonptr.Find(body, parent); errors.Is(err, jsonptr.ErrNotFound) && parent != "" {
		var err error
		if body, err = insert(body, edit{e.flag, parent, []byte("{}")}); err != nil {
			return nil, err
		}
	}
	if list, ok := contract.Lookup(body, parent).([]any); ok {
		return nil, misuse("%s %s: %s has %s", e.flag, pathOf(e.pointer), place(parent), plural(len(list), "item"))
	}
	changed, err := jsonptr.Insert(body, parent, jsonptr.Unescape(key), e.value)
	if err != nil {
		return nil, misuse("%s %s: %w", e.flag, pathOf(e.pointer), err)
	}
	return changed, nil
}

func (e edit) unknownPath(event *contract.EventType, body []byte) error {
	known := pointers(event)
	err := jsonptr.Walk(body, func(p jsonptr.Place) error {
		known = append(known, p.Pointer)
		return nil
	})
	if err != nil {
		return err
	}
	paths := make([]string, 0, len(known))
	for _, pointer := range known {
		if pointer != "" {
			paths = append(paths, pathOf(pointer))
		}
	}
	// The last names are to be alike, too: a wrong name in the right object is no typing error of every other one
	// there.
	near := contract.Nearest(pathOf(e.pointer), paths)
	if near != "" && contract.Nearest(lastName(pathOf(e.pointer)), []string{lastName(near)}) != "" {
		return misuse("%s: %s has no %q; did you mean %q?", e.flag, event.Name, pathOf(e.pointer), near)
	}
	return misuse("%s: %s has no %q; \"quintain fake %s %s --pretty\" shows what it has", e.flag, event.Name, pathOf(e.pointer), event.Platform(), event.Name)
}

func lastName(path string) string { return path[strings.LastIndexAny(path, "./")+1:] }

// pointers are the places that the contract knows in the body of an event; items of arrays have the name *.
func pointers(event *contract.EventType) []string {
	var out []string
	contract.Walk(event.Schema, func(pointer string, _ contract.Property) { out = append(out, pointer) })
	return out
}

// generic writes the indexes of a pointer as *.
func generic(pointer string) string {
	tokens := strings.Split(pointer, "/")
	for i, token := range tokens {
		if token != "" && strings.Trim(token, "0123456789") == "" {
			tokens[i] = "*"
		}
	}
	return strings.Join(tokens, "/")
}

// pointerOf makes a JSON pointer of a path with dots. What begins with a slash is a pointer already.
func pointerOf(path string) string {
	if strings.HasPrefix(path, "/") {
		return path
	}
	var pointer strings.Builder
	for _, token := range strings.Split(path, ".") {
		fmt.Fprintf(&pointer, "/%s", jsonptr.Escape(token))
	}
	return pointer.String()
}

func pathOf(pointer string) string {
	if strings.Contains(pointer, ".") {
		return pointer // a path with dots could not be read back
	}
	return jsonptr.Unescape(strings.ReplaceAll(strings.TrimPrefix(pointer, "/"), "/", "."))
}
