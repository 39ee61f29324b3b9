package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/jsonptr"
)

// override puts other values into a payload. Each setting is a path and a value, "payload.member.email=a@example.com"; a
// value that is JSON is taken as JSON, any other as a string. A path that the payload does not have, or a value that the
// contract does not allow there, is a misuse.
func override(event *contract.EventType, body []byte, settings []string) ([]byte, error) {
	for _, setting := range settings {
		path, text, found := strings.Cut(setting, "=")
		if !found || path == "" {
			return nil, misuse("--set %q has no value; write it as path=value", setting)
		}
		value := []byte(text)
		if !json.Valid(value) {
			value, _ = json.Marshal(text) // a string always marshals
		}
		changed, err := jsonptr.Set(body, pointerOf(path), value)
		if errors.Is(err, jsonptr.ErrNotFound) {
			return nil, unknownPath(event, body, path)
		}
		if err != nil {
			return nil, misuse("--set %s: %w", path, err)
		}
		body = changed
	}
	var invalid *contract.ValidationError
	if err := event.Validate(body); errors.As(err, &invalid) {
		p := invalid.Problems[0]
		return nil, misuse("--set makes a payload that %s never sends: %s %s", event.Platform(), pathOf(p.Pointer), p.Message)
	}
	return body, nil
}

func unknownPath(event *contract.EventType, body []byte, path string) error {
	var known []string
	err := jsonptr.Walk(body, func(p jsonptr.Place) error {
		if p.Pointer != "" {
			known = append(known, pathOf(p.Pointer))
		}
		return nil
	})
	if err != nil {
		return err
	}
	if near := contract.Nearest(path, known); near != "" {
		return misuse("--set: %s has no %q; did you mean %q?", event.Name, path, near)
	}
	return misuse("--set: %s has no %q; \"quintain fake %s %s --pretty\" shows what it has", event.Name, path, event.Platform().Name, event.Name)
}

// pointerOf makes a JSON pointer of a path with dots.
func pointerOf(path string) string {
	var pointer strings.Builder
	for _, token := range strings.Split(path, ".") {
		fmt.Fprintf(&pointer, "/%s", jsonptr.Escape(token))
	}
	return pointer.String()
}

func pathOf(pointer string) string {
	path := strings.ReplaceAll(strings.TrimPrefix(pointer, "/"), "/", ".")
	return strings.NewReplacer("~1", "/", "~0", "~").Replace(path)
}
