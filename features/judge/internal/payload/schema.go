package payload

import (
	"bytes"
	"slices"
	"strings"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/jsonptr"
)

// A Variant is a value that the contract admits at a place, and that a sample need not show.
type Variant struct {
	Pointer    string
	Value      []byte
	Documented bool // the event, the place and the list of values are all documented
}

// Variants lists null for every leaf that may be null, and every value of every enum.
func Variants(e *contract.EventType) []Variant {
	var out []Variant
	walkSchema(e, func(pointer string, leaf *contract.Schema, firm bool) {
		if leaf.Const != nil {
			return
		}
		target := leaf.Target()
		null := []byte("null")
		if leaf.Nullable() && (leaf.Literal == nil || !bytes.Equal(leaf.Literal.JSON, null)) {
			out = append(out, Variant{pointer, null, firm})
		}
		for _, value := range target.Enum {
			out = append(out, Variant{pointer, value.JSON, firm})
		}
	})
	return out
}

// humanTexts are the attributes of package fakes that people write freely. In a contract that names no attributes, they
// are what such properties are called.
var humanTexts = []string{
	"name", "firstName", "lastName", "title", "summary", "description", "tagline", "inviteeName", "location", "groups",
	"bio", "shortBio", "text", "previousText", "newText", "reason",
	"en", "nl", "fr", "de", "pl", "es", "it", "da", "sv", "fi", "no",
}

// FreeTexts lists the pointers of the strings that people write freely: nothing constrains them, and nothing reads them
// as an id, an address or a name of something.
func FreeTexts(e *contract.EventType) []string {
	var out []string
	walkSchema(e, func(pointer string, leaf *contract.Schema, _ bool) {
		target := leaf.Target()
		attribute := leaf.Fake
		if attribute == "" {
			attribute = target.Fake
		}
		if attribute == "" {
			attribute = camel(pointer[strings.LastIndexByte(pointer, '/')+1:])
		}
		attribute = attribute[strings.LastIndexByte(attribute, '.')+1:]
		switch {
		case !target.Is("string"), target.Format != "", target.Pattern != "", len(target.Enum) > 0, leaf.Const != nil, leaf.Literal != nil:
		case !slices.Contains(humanTexts, attribute), addresses(pointer):
		default:
			out = append(out, pointer)
		}
	})
	return out
}

// camel writes a property's name as attributes are written: first_name is firstName.
func camel(name string) string {
	words := strings.Split(name, "_")
	for i, word := range words {
		if i > 0 && word != "" {
			words[i] = strings.ToUpper(word[:1]) + word[1:]
		}
	}
	return strings.Join(words, "")
}

// addresses reports whether a place is inside something that is an address by its name, such as image.location.
func addresses(pointer string) bool {
	for _, token := range strings.Split(strings.ToLower(pointer), "/") {
		for _, word := range []string{"image", "url", "link", "avatar"} {
			if strings.Contains(token, word) {
				return true
			}
		}
	}
	return false
}

// walkSchema visits the leaves of an event's schema with their pointers, the first item standing for all of an array,
// and whether everything on the way down is documented. A schema that contains itself is entered once.
func walkSchema(e *contract.EventType, visit func(pointer string, leaf *contract.Schema, firm bool)) {
	var path []*contract.Schema
	var walk func(pointer string, s *contract.Schema, firm bool)
	walk = func(pointer string, s *contract.Schema, firm bool) {
		for at := s; at != nil; at = at.Ref {
			if slices.Contains(path, at) {
				return
			}
			firm = firm && (at.Grade == "" || at.Grade == contract.Documented)
		}
		path = append(path, s)
		defer func() { path = path[:len(path)-1] }()
		t := s.Target()
		switch {
		case s.Literal == nil && len(t.Properties) > 0:
			for _, p := range t.Properties {
				walk(pointer+"/"+jsonptr.Escape(p.Name), p.Schema, firm)
			}
		case s.Literal == nil && t.Items != nil:
			walk(pointer+"/0", t.Items, firm)
		default:
			visit(pointer, s, firm)
		}
	}
	walk("", e.Schema, e.Grade == contract.Documented)
}

// HasLeaf reports whether an event's schema has a leaf of a kind.
func HasLeaf(e *contract.EventType, found func(leaf *contract.Schema) bool) bool {
	has := false
	walkSchema(e, func(_ string, leaf *contract.Schema, _ bool) { has = has || found(leaf) })
	return has
}

// Objects lists the pointers of the objects of a body, of an array's items the first only, the outermost first.
func Objects(body []byte) ([]string, error) {
	var out []string
	err := jsonptr.Walk(body, func(p jsonptr.Place) error {
		if p.Kind != '{' {
			return nil
		}
		for _, token := range strings.Split(p.Pointer, "/") {
			if token != "0" && token != "" && strings.Trim(token, "0123456789") == "" {
				return nil
			}
		}
		out = append(out, p.Pointer)
		return nil
	})
	return out, err
}
