package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strconv"
)

// FormStyle is how a nested JSON body is written as a form. Ambassify documents form encoding and leaves the nesting
// open; Brackets is chosen as the default, since most frameworks read it.
type FormStyle string

// The form styles.
const (
	Brackets FormStyle = "brackets" // event[name]=created&tags[0]=a
	Dots     FormStyle = "dots"     // event.name=created&tags.0=a
)

// FormStyles lists the form styles, the default first.
func FormStyles() []FormStyle { return []FormStyle{Brackets, Dots} }

// EncodeForm writes a JSON object as application/x-www-form-urlencoded, fields in the order of the body. Every value
// becomes text: true, 42, and null as the empty string. An empty object or array has no field.
func EncodeForm(body []byte, style FormStyle) ([]byte, error) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	token, err := dec.Token()
	if err != nil || token != json.Delim('{') {
		return nil, &Error{Code: BadBody, Message: "only a JSON object can be written as a form"}
	}
	f := formWriter{dec: dec, style: style}
	if err := f.object(""); err != nil {
		return nil, &Error{Code: BadBody, Message: "the body cannot be written as a form: " + err.Error()}
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, &Error{Code: BadBody, Message: "the body cannot be written as a form: something follows the JSON object"}
	}
	return f.out.Bytes(), nil
}

type formWriter struct {
	dec   *json.Decoder
	style FormStyle
	out   bytes.Buffer
	depth int
}

// maxFormDepth is how deep a body may nest that is written as a form: each level makes every name inside it longer.
const maxFormDepth = 100

func (f *formWriter) object(prefix string) error {
	for f.dec.More() {
		key, err := f.dec.Token()
		if err != nil {
			return err
		}
		if err := f.value(f.name(prefix, key.(string))); err != nil {
			return err
		}
	}
	_, err := f.dec.Token()
	return err
}

func (f *formWriter) array(prefix string) error {
	for i := 0; f.dec.More(); i++ {
		if err := f.value(f.name(prefix, strconv.Itoa(i))); err != nil {
			return err
		}
	}
	_, err := f.dec.Token()
	return err
}

func (f *formWriter) value(name string) error {
	token, err := f.dec.Token()
	if err != nil {
		return err
	}
	text := ""
	switch token := token.(type) {
	case json.Delim:
		if f.depth++; f.depth > maxFormDepth {
			return fmt.Errorf("it nests more than %d levels deep", maxFormDepth)
		}
		defer func() { f.depth-- }()
		if token == '{' {
			return f.object(name)
		}
		return f.array(name)
	case nil:
	default:
		text = fmt.Sprint(token)
	}
	if f.out.Len() > 0 {
		f.out.WriteByte('&')
	}
	f.out.WriteString(url.QueryEscape(name) + "=" + url.QueryEscape(text))
	return nil
}

func (f *formWriter) name(prefix, key string) string {
	switch {
	case prefix == "":
		return key
	case f.style == Dots:
		return prefix + "." + key
	default:
		return prefix + "[" + key + "]"
	}
}

// ParseEncoding reads the name of an encoding.
func ParseEncoding(name string) (Encoding, error) {
	e, err := oneOf(name, JSON, Form)
	if err != nil {
		return "", Unknown(UnknownEncoding, "encoding", name, []string{string(JSON), string(Form)})
	}
	return e, nil
}

// ParseFormStyle reads the name of a form style.
func ParseFormStyle(name string) (FormStyle, error) {
	s, err := oneOf(name, Brackets, Dots)
	if err != nil {
		return "", Unknown(UnknownEncoding, "form style", name, []string{string(Brackets), string(Dots)})
	}
	return s, nil
}
