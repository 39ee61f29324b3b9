package export

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// tsFile collects the declarations of a TypeScript file. Unlike Go, TypeScript says nearly all that a schema says: a
// schema is the intersection of its keywords, and a reference is a name.
type tsFile struct {
	source *source
	names  namer
	named  map[string]string // of what is referred to, by pointer
	queue  []string          // pointers that are referred to and not declared yet
}

// typeScript writes one file of types.
func typeScript(s *source) ([]File, error) {
	f := &tsFile{source: s, names: namer{}, named: map[string]string{}}
	for _, own := range []string{"Events", "EventName", "AnyEvent", "Messages"} {
		f.names[own] = true
	}
	components := s.root.Find("/components/schemas")
	if isMapping(components) {
		for _, name := range components.Keys {
			f.named[child("/components/schemas", name)] = f.names.free(pascal(name))
		}
	}
	var decls bytes.Buffer
	declared := map[string]bool{}
	drain := func() {
		for len(f.queue) > 0 {
			pointer := f.queue[0]
			f.queue = f.queue[1:]
			if !declared[pointer] {
				declared[pointer] = true
				f.declare(&decls, f.named[pointer], pointer, str(s.root.Find(pointer).Get("description")))
			}
		}
	}
	types := make([]string, len(s.all()))
	for i, e := range s.all() {
		doc := sentence(e.Name+" ("+string(e.Grade)+"): "+e.Summary, e.Note)
		own := pascal(e.Name)
		followed, n := s.follow(e.schema)
		if f.named[followed] == own && !declared[followed] {
			declared[followed] = true
			f.declare(&decls, own, followed, sentence(doc, str(n.Get("description"))))
		} else {
			own = f.names.free(own, own+"Event")
			f.declare(&decls, own, e.schema, doc)
		}
		types[i] = own
		drain()
	}
	var out bytes.Buffer
	f.header(&out, types)
	out.Write(decls.Bytes())
	return []File{{plain(s.platform.Name) + ".ts", append(bytes.TrimSpace(out.Bytes()), '\n')}}, nil
}

func (f *tsFile) header(out *bytes.Buffer, types []string) {
	s := f.source
	fmt.Fprintf(out, "// %s. Do not edit.\n", oneLine(s.origin()))
	for _, line := range wrap(sentence(s.grades(), s.nameOnlyNote(), "Numbers are as JSON.parse reads them: ids beyond 2^53 lose digits"), 100) {
		out.WriteString("// " + line + "\n")
	}
	out.WriteString("\n")
	f.doc(out, "", "What each event's body is.")
	out.WriteString("export interface Events {\n")
	for i, e := range s.events {
		fmt.Fprintf(out, "  %s: %s\n", quote(e.Name), types[i]+f.discriminant(e))
	}
	out.WriteString("}\n\nexport type EventName = keyof Events\n\n")
	f.doc(out, "", sentence("The body of any event", s.eventName()))
	out.WriteString("export type AnyEvent = Events[EventName]\n\n")
	if len(s.messages) > 0 {
		out.WriteString("/** What is sent and is no event. */\nexport interface Messages {\n")
		for i, e := range s.messages {
			fmt.Fprintf(out, "  %s: %s\n", quote(e.Name), types[len(s.events)+i])
		}
		out.WriteString("}\n\n")
	}
}

// discriminant adds the name of the event to its type, where a body names its event and the schema does not.
func (f *tsFile) discriminant(e *event) string {
	at := f.source.place(e)
	if at == nil || at.says {
		return ""
	}
	literal := quote(at.value)
	for i, key := range slices.Backward(at.keys) {
		key = tsKey(key)
		if !at.required[i] {
			key += "?"
		}
		literal = "{ " + key + ": " + literal + " }"
	}
	return " & " + literal
}

// declare writes an interface for an object, and a type for everything else.
func (f *tsFile) declare(out *bytes.Buffer, name, pointer, doc string) {
	f.doc(out, "", doc)
	n := f.source.root.Find(pointer)
	t := f.schema(n, "")
	if strings.HasPrefix(t.text, "{\n") && t.kind == tsAtom {
		fmt.Fprintf(out, "export interface %s %s\n\n", name, t.text)
		return
	}
	fmt.Fprintf(out, "export type %s = %s\n\n", name, t.text)
}

// doc writes a doc comment.
func (f *tsFile) doc(out *bytes.Buffer, indent, text string) {
	lines := wrap(strings.ReplaceAll(text, "*/", "* /"), 100)
	switch len(lines) {
	case 0:
	case 1:
		fmt.Fprintf(out, "%s/** %s */\n", indent, lines[0])
	default:
		out.WriteString(indent + "/**\n")
		for _, line := range lines {
			out.WriteString(indent + " * " + line + "\n")
		}
		out.WriteString(indent + " */\n")
	}
}
