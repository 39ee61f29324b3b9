package contract

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/quintain-dev/quintain/contract/internal/yamltree"
	"github.com/quintain-dev/quintain/contract/jsonptr"
)

// checkPlaces makes sure that the places in bodies that the rules name are in some body, and notes what bodies of a
// foreign document call their events.
func (p *Platform) checkPlaces() error {
	if len(p.events) == 0 {
		return nil
	}
	named, _ := pointersOf(p.Rules.EventName.Value)
	for _, of := range []struct {
		rule     string
		pointers []string
	}{{"eventName", named}, {"dedupKey", []string{p.Rules.DedupKey.Value}}, {"eventTime", []string{p.Rules.EventTime.Value}}} {
		for _, pointer := range of.pointers {
			if slices.ContainsFunc(p.events, func(e *EventType) bool { return e.Schema.mayHave(pointer) }) {
				continue
			}
			at := "/x-delivery/" + of.rule + "/value"
			message := fmt.Sprintf("no body of an event has the place %s", pointer)
			if near := Nearest(pointer, p.places()); near != "" {
				message += fmt.Sprintf("; did you mean %q?", near)
			}
			return p.doc.fault(p.doc.root.Find(at), at, message)
		}
	}
	if p.doc.foreign && len(named) == 1 && p.Rules.EventName.Value == "{"+named[0]+"}" {
		p.noteNames(named[0])
	}
	return nil
}

// noteNames notes what bodies call their events, which need not be the webhooks' names, where no two have it in common.
func (p *Platform) noteNames(pointer string) {
	times := map[string]int{}
	for _, e := range p.events {
		for _, name := range e.Schema.constantsAt(pointer) {
			times[name]++
		}
	}
	for _, e := range p.events {
		e.named = slices.DeleteFunc(e.Schema.constantsAt(pointer), func(name string) bool { return times[name] > 1 })
	}
}

// places are the places in the bodies of all events, for a hint.
func (p *Platform) places() (out []string) {
	const most = 2000
	seen := map[string]bool{}
	for _, e := range p.events {
		Walk(e.Schema, func(place string, _ Property) {
			if place != "" && !seen[place] && len(out) < most && !strings.Contains(place, "/*") {
				seen[place], out = true, append(out, place)
			}
		})
	}
	return out
}

// mayHave reports whether a body may have a value at a place, as far as its schema tells: one that lists no properties
// may have any.
func (s *Schema) mayHave(pointer string) bool {
	level := []*Schema{s}
	for _, token := range strings.Split(pointer, "/")[1:] {
		var next []*Schema
		listed := false // the properties of the objects here, all of them
		for _, part := range alternatives(level) {
			listed = listed || len(part.Properties) > 0 || part.Additional != nil || len(part.Types) > 0 && !part.container()
			if part.Additional != nil && !part.Additional.Never || len(part.Unread) > 0 {
				return true
			}
			for _, property := range part.Properties {
				if property.Name == jsonptr.Unescape(token) {
					next = append(next, property.Schema)
				}
			}
			if _, err := strconv.Atoi(token); err == nil && (part.Items != nil || len(part.Prefix) > 0) {
				return true // nobody counts them
			}
		}
		if len(next) == 0 {
			return !listed
		}
		level = next
	}
	return true
}

// container reports whether the schema's types admit a value with others inside.
func (s *Schema) container() bool {
	return slices.Contains(s.Types, "object") || slices.Contains(s.Types, "array")
}

// alternatives are the schemas that the same value must or may meet.
func alternatives(from []*Schema) []*Schema {
	seen := map[*Schema]bool{}
	var out []*Schema
	var visit func(list []*Schema)
	visit = func(list []*Schema) {
		for _, s := range list {
			if s == nil || seen[s] {
				continue
			}
			seen[s] = true
			out = append(out, s)
			visit([]*Schema{s.Ref})
			visit(s.AllOf)
			visit(s.OneOf)
			visit(s.AnyOf)
		}
	}
	visit(from)
	return out
}

// constantsAt returns the only texts that bodies may have at a place; nothing if they may have others.
func (s *Schema) constantsAt(pointer string) []string {
	tokens := strings.Split(pointer, "/")[1:]
	here := s.byName()
	for i, token := range tokens {
		if token = jsonptr.Unescape(token); i == len(tokens)-1 {
			return slices.Clone(here.constants(token))
		}
		here = (&Schema{AllOf: here.found(token)}).byName()
	}
	return nil
}

// noPost says why a webhook has no post operation at this revision.
func (d *document) noPost(name, pointer string) error {
	root, _, err := yamltree.ParseShared(d.src) // with what was left out
	post := root.Find(pointer)
	if err != nil || post == nil {
		return d.fault(nil, pointer, "the webhook has no post operation; deliveries are POST requests")
	}
	for _, key := range []string{"x-since", "x-until"} {
		if n := post.Get(key); n != nil && !slices.Contains(d.revisions, text(n)) {
			return d.fault(n, pointer+"/"+key, fmt.Sprintf("%s: %s: it is none of x-platform/revisions", key, Unknown(UnknownRevision, "revision", text(n), d.revisions)))
		}
	}
	return d.fault(post, pointer, fmt.Sprintf("the webhook %s has no post operation at %s@%s; put x-since, x-until or x-option beside post, to leave the event out", name, d.name, d.revision))
}
