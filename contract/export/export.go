// Package export writes a contract in the formats of other tools: OpenAPI, AsyncAPI, JSON Schema, Go types and
// TypeScript types. Start with Files:
//
//	tribe, err := contract.Load("tribe")
//	files, err := export.Files(tribe, export.Go)    // tribe.go
//
// The same platform at the same revision always gives the same bytes. A schema that a format has no clean type for, as
// only contracts of users have them, becomes a raw value there (json.RawMessage, unknown) and is never an error.
//
// It does not read these formats back, and has no client, server or handler: what is exported describes deliveries.
package export

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quintain-dev/quintain/contract"
)

// Format is a format that a contract can be written in.
type Format string

// The formats.
const (
	OpenAPI    Format = "openapi"    // OpenAPI 3.1, JSON
	AsyncAPI   Format = "asyncapi"   // AsyncAPI 3.0, JSON
	JSONSchema Format = "jsonschema" // JSON Schema 2020-12, one file for each event
	Go         Format = "go"         // types for encoding/json
	TypeScript Format = "typescript" // types
)

var writers = []struct {
	format Format
	files  func(*source) ([]File, error)
}{
	{OpenAPI, openAPI},
	{AsyncAPI, asyncAPI},
	{JSONSchema, jsonSchema},
	{Go, goTypes},
	{TypeScript, typeScript},
}

// Formats lists the names of the formats.
func Formats() []string {
	names := make([]string, len(writers))
	for i, w := range writers {
		names[i] = string(w.format)
	}
	return names
}

// ParseFormat reads the name of a format. The error names the nearest one.
func ParseFormat(name string) (Format, error) {
	if slices.Contains(Formats(), name) {
		return Format(name), nil
	}
	if near := contract.Nearest(name, Formats()); near != "" {
		return "", fmt.Errorf("unknown export format %q; did you mean %q?", name, near)
	}
	return "", fmt.Errorf("unknown export format %q; there is %s", name, strings.Join(Formats(), ", "))
}

// A File is one exported file.
type File struct {
	Name    string // with slashes, relative to where the export goes
	Content []byte
}

// Files writes the platform at its revision: one file, or for JSONSchema one for each event. The error is that of
// ParseFormat if the format is unknown, and otherwise says which event cannot be written.
func Files(p *contract.Platform, f Format) ([]File, error) {
	for _, w := range writers {
		if w.format != f {
			continue
		}
		s, err := read(p)
		if err != nil {
			return nil, fmt.Errorf("export %s: %w", p, err)
		}
		files, err := w.files(s)
		if err != nil {
			return nil, fmt.Errorf("export %s as %s: %w", p, f, err)
		}
		return files, nil
	}
	_, err := ParseFormat(string(f))
	return nil, err
}
