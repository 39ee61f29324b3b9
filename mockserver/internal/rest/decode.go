package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/quintain-dev/quintain/mockserver/internal/problem"
)

// MaxBody is the largest request body that is read, in bytes.
const MaxBody = 10 << 20

// ReadBody reads a request body of at most MaxBody bytes. A longer one is a problem with the code BodyTooLarge.
func ReadBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, problem.New(problem.BodyTooLarge, "the body is larger than %d bytes", tooLarge.Limit).WithHint("send less at once")
	case err != nil:
		return nil, problem.New(problem.BadJSON, "the body did not arrive whole: %v", err)
	}
	return body, nil
}

// ReadJSON reads a JSON object into the struct that dst points to. Fields that the struct does not have are refused
// with the nearest name that it has; a null is refused, since nothing here takes one.
func ReadJSON(w http.ResponseWriter, r *http.Request, dst any) error {
	body, err := ReadBody(w, r)
	if err != nil {
		return err
	}
	return Decode(body, dst)
}

// ReadOptionalJSON is ReadJSON for a body that may be missing: then dst stays as it is.
func ReadOptionalJSON(w http.ResponseWriter, r *http.Request, dst any) error {
	body, err := ReadBody(w, r)
	if err != nil || len(bytes.TrimSpace(body)) == 0 {
		return err
	}
	return Decode(body, dst)
}

// Decode is ReadJSON for a body that was read already.
func Decode(body []byte, dst any) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return problem.New(problem.BadJSON, "the body is empty, want a JSON object")
	}
	var whole json.RawMessage
	if err := json.Unmarshal(body, &whole); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			line, column := position(body, syntax.Offset)
			return problem.New(problem.BadJSON, "the body is not JSON: line %d, column %d: %s", line, column, syntax.Error())
		}
		return problem.New(problem.BadJSON, "the body is not JSON: %v", err)
	}
	if err := checkFields(whole, reflect.TypeOf(dst).Elem(), ""); err != nil {
		return err
	}
	err := json.Unmarshal(body, dst)
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrong):
		line, column := position(body, wrong.Offset)
		e := problem.Invalid(withoutEmbedded(reflect.TypeOf(dst).Elem(), wrong.Field), "is a JSON %s, want %s", wrong.Value, describe(wrong.Type))
		return e.WithHint("see line %d, column %d of the body", line, column)
	case err != nil:
		return problem.New(problem.BadJSON, "%v", err)
	}
	return nil
}

// withoutEmbedded takes the names of embedded structs out of a path, which are none of the JSON's.
func withoutEmbedded(typ reflect.Type, path string) string {
	for _, field := range reflect.VisibleFields(typ) {
		if rest, found := strings.CutPrefix(path, field.Name+"."); found && field.Anonymous {
			return rest
		}
	}
	return path
}

// position turns an offset, which counts the bytes up to and including the offending one, into line and column from 1.
func position(body []byte, offset int64) (line, column int) {
	before := body[:min(max(offset, 0), int64(len(body)))]
	line = bytes.Count(before, []byte("\n")) + 1
	return line, max(len(before)-bytes.LastIndexByte(before, '\n')-1, 1)
}

// checkFields refuses the fields that the struct does not have. encoding/json could do that too, but says it only in
// text, and takes URL for url.
func checkFields(raw json.RawMessage, typ reflect.Type, path string) error {
	for typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	if typ.Kind() != reflect.Struct || typ == reflect.TypeFor[json.RawMessage]() {
		return nil
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil {
		if path == "" {
			return problem.New(problem.BadJSON, "the body is %s, want a JSON object", kindOf(raw))
		}
		return problem.Invalid(path, "is %s, want an object", kindOf(raw))
	}
	if object == nil {
		return problem.New(problem.BadJSON, "the body is null, want a JSON object")
	}
	known := map[string]reflect.Type{}
	for _, field := range reflect.VisibleFields(typ) {
		if !field.Anonymous { // its fields are among these
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			known[name] = field.Type
		}
	}
	for _, key := range slices.Sorted(maps.Keys(object)) {
		place := strings.TrimPrefix(path+"."+key, ".")
		field, ok := known[key]
		if !ok {
			return problem.Unknown(problem.UnknownField, "field", place, prefixed(path, slices.Sorted(maps.Keys(known))))
		}
		if field == reflect.TypeFor[json.RawMessage]() {
			continue // as it is, null too
		}
		if kindOf(object[key]) == "null" {
			return problem.Invalid(place, "is null").WithHint("leave the field out")
		}
		if err := checkFields(object[key], field, place); err != nil {
			return err
		}
	}
	return nil
}

func prefixed(path string, names []string) []string {
	if path == "" {
		return names
	}
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = path + "." + name
	}
	return out
}

func kindOf(raw json.RawMessage) string {
	switch bytes.TrimSpace(raw)[0] {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	default:
		return "a number"
	}
}

func describe(typ reflect.Type) string {
	switch typ.Kind() {
	case reflect.Pointer:
		return describe(typ.Elem())
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		return "an array"
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "a whole number of 0 or more"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return "a whole number"
	case reflect.Float32, reflect.Float64:
		return "a number"
	default:
		return "an object"
	}
}
