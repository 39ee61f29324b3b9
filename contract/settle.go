package contract

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/quintain-dev/quintain/contract/internal/yamltree"
)

// A settled rule is what holds where a document is silent.
type settled struct {
	rule   string
	value  string // as it would stand in the document
	grade  Grade
	reason string
}

// settleRules writes the delivery rules that a foreign document does not state into its x-delivery, and reads them.
func (p *Platform) settleRules(types []string) (err error) {
	d := p.doc
	delivery := d.root.Get("x-delivery")
	if delivery == nil {
		delivery = &yamltree.Node{Kind: yamltree.Mapping, Line: 1, Column: 1}
		d.root.Set("x-delivery", delivery)
	}
	if delivery.Kind != yamltree.Mapping {
		return d.fault(delivery, "/x-delivery", "x-delivery is a mapping of rules")
	}
	for _, s := range append(p.commonRules(types), p.inferredRules()...) {
		if fact := delivery.Get(s.rule); fact != nil {
			d.attribute(s.rule, fact)
			continue
		}
		delivery.Set(s.rule, s.node())
		d.assume(nil, "/x-delivery/"+s.rule, fmt.Sprintf("not said; %s: %s: %s", s.grade, s.value, s.reason))
	}
	if fact := delivery.Get("refusalStatus"); fact != nil {
		d.attribute("refusalStatus", fact)
	}
	p.Rules, err = d.rules()
	return err
}

// attribute gives a fact that a foreign document states the grade and source that it leaves out: the document is the
// platform's own word.
func (d *document) attribute(rule string, fact *yamltree.Node) {
	if fact.Kind != yamltree.Mapping {
		return
	}
	if fact.Get("grade") == nil {
		fact.Set("grade", scalar(string(Documented)))
	}
	if fact.Get("source") == nil {
		source := d.source()
		fact.Set("source", mapping("page", scalar(source.Page), "date", scalar(source.Date)))
	}
	if rule == "disableAfter" && fact.Get("counts") == nil {
		fact.Set("counts", scalar("retries"))
	}
}

func (s settled) node() *yamltree.Node {
	value, err := yamltree.Parse([]byte("value: " + s.value))
	if err != nil { // of our own making
		panic(err)
	}
	fact := mapping("value", value.Get("value"), "grade", scalar(string(s.grade)),
		"source", mapping("page", scalar("quintain"), "date", scalar("2026-11-22")), "note", scalar("The document does not say: "+s.reason+"."))
	if s.rule == "disableAfter" {
		fact.Set("counts", scalar("retries"))
	}
	return fact
}

func scalar(value string) *yamltree.Node {
	return &yamltree.Node{Value: value, Line: 1, Column: 1}
}

func mapping(pairs ...any) *yamltree.Node {
	n := &yamltree.Node{Kind: yamltree.Mapping, Line: 1, Column: 1}
	for i := 0; i < len(pairs); i += 2 {
		n.Set(pairs[i].(string), pairs[i+1].(*yamltree.Node))
	}
	return n
}

func (p *Platform) commonRules(types []string) []settled {
	sent := types[0]
	if others := slices.DeleteFunc(slices.Clone(types), func(t string) bool { return t == sent }); len(others) > 0 {
		if slices.Contains(types, "application/json") {
			sent = "application/json"
		}
		p.doc.assume(nil, "/x-delivery/contentTypes", fmt.Sprintf("the webhooks have several media types; all are sent as %s", sent))
	}
	return []settled{
		{"encodings", "[json]", Chosen, "the webhooks have JSON bodies"},
		{"contentTypes", fmt.Sprintf("{json: %q}", sent), Chosen, "the media type of the webhooks' bodies"},
		{"success", "2xx", Chosen, "what most platforms take for an acknowledgement"},
		{"schedule", "[5s, 5m, 30m, 2h, 5h]", Chosen, "the common ladder of five retries"},
		{"disableAfter", "0", Chosen, "webhooks are never switched off"},
		{"timeout", "10s", Chosen, "a common time to wait"},
		{"signature", "{scheme: none}", Chosen, "deliveries are not signed"},
		{"handshake", "none", Chosen, "endpoints are not checked"},
		{"eventTime", "''", Chosen, "no place in the body has the time of the event"},
		{"atLeastOnce", "true", Chosen, "a delivery may arrive twice"},
		{"unstable", "false", Chosen, "payloads are as documented"},
	}
}

// inferredRules are those that the bodies' schemas may give away.
func (p *Platform) inferredRules() []settled {
	name := settled{"eventName", "''", Chosen, "no place in the bodies tells the events apart"}
	if pointer := p.inferNames(); pointer != "" {
		name = settled{"eventName", fmt.Sprintf("%q", "{"+pointer+"}"), Inferred, "every body has a constant there that tells the events apart"}
	}
	key := settled{"dedupKey", "''", Chosen, "no text in all bodies is known to be the event's id"}
	for _, candidate := range []string{"event_id", "eventId", "webhook_id", "webhookId", "delivery_id", "deliveryId", "message_id", "messageId", "id", "uuid"} {
		if !slices.ContainsFunc(p.events, func(e *EventType) bool { return !e.Schema.requiresText(candidate) }) {
			key = settled{"dedupKey", fmt.Sprintf("%q", "/"+candidate), Inferred, "every body must have this text"}
			break
		}
	}
	return []settled{name, key}
}

// parts are the schemas that the same value must meet: what $ref and allOf lead to.
func (s *Schema) parts() []*Schema {
	out := []*Schema{s}
	for i := 0; i < len(out) && len(out) < 100; i++ {
		if out[i].Ref != nil && !slices.Contains(out, out[i].Ref) {
			out = append(out, out[i].Ref)
		}
		for _, part := range out[i].AllOf {
			if !slices.Contains(out, part) {
				out = append(out, part)
			}
		}
	}
	return out
}

// property returns the schemas of a property, and whether it must be there.
func (s *Schema) property(name string) (found []*Schema, required bool) {
	for _, part := range s.parts() {
		required = required || slices.Contains(part.Required, name)
		for _, p := range part.Properties {
			if p.Name == name {
				found = append(found, p.Schema.parts()...)
			}
		}
	}
	return found, required
}

func (s *Schema) requiresText(name string) bool {
	found, required := s.property(name)
	return required && slices.ContainsFunc(found, func(part *Schema) bool { return slices.Equal(part.Types, []string{"string"}) })
}

// eventish names are those under which bodies name their event.
var eventish = []string{"type", "event", "event_type", "eventType", "event_name", "eventName", "topic", "name", "action", "trigger", "kind", "webhook_type", "resource", "object"}

// inferNames finds the place where every body names its event, and notes the names.
func (p *Platform) inferNames() string {
	type place struct{ outer, name string }
	bodies := map[*Schema]*properties{}
	of := func(s *Schema) *properties {
		if bodies[s] == nil {
			bodies[s] = s.byName()
		}
		return bodies[s]
	}
	var places []place
	first := p.events[0].Schema
	for _, name := range first.propertyNames() {
		places = append(places, place{"", name})
	}
	for _, outer := range first.propertyNames() {
		for _, part := range of(first).found(outer) {
			for _, property := range part.Properties {
				places = append(places, place{outer, property.Name})
			}
		}
	}
	slices.SortStableFunc(places, func(a, b place) int {
		if (a.outer == "") != (b.outer == "") {
			return strings.Compare(a.outer, b.outer)
		}
		return rankOf(a.name) - rankOf(b.name)
	})
	nested := map[*Schema]*properties{} // of the outer property that is looked at
	outer := ""
	for _, at := range places {
		if at.outer != outer {
			outer = at.outer
			clear(nested)
		}
		named := make([][]string, len(p.events))
		seen, equal := map[string]int{}, true
		tells := true
		for i, e := range p.events {
			body := of(e.Schema)
			if at.outer != "" {
				if nested[e.Schema] == nil {
					nested[e.Schema] = (&Schema{AllOf: body.found(at.outer)}).byName()
				}
				body = nested[e.Schema]
			}
			if named[i] = body.constants(at.name); len(named[i]) == 0 {
				tells = false
				break
			}
			for _, value := range named[i] {
				if _, twice := seen[value]; twice {
					tells = false
				}
				seen[value] = i
			}
			equal = equal && slices.Equal(named[i], []string{e.Name})
			tells = tells && len(named[i]) > 0 && (len(named[i]) == 1 || rankOf(at.name) < len(eventish))
		}
		if !tells || len(p.events) == 1 && !equal && rankOf(at.name) >= len(eventish) {
			continue
		}
		for i, e := range p.events {
			e.named = named[i]
		}
		if at.outer != "" {
			return "/" + escape(at.outer) + "/" + escape(at.name)
		}
		return "/" + escape(at.name)
	}
	return ""
}

func rankOf(name string) int {
	if i := slices.Index(eventish, name); i >= 0 {
		return i
	}
	return len(eventish)
}

func (s *Schema) propertyNames() (names []string) {
	known := map[string]bool{}
	for _, part := range s.parts() {
		for _, property := range part.Properties {
			if !known[property.Name] {
				names = append(names, property.Name)
			}
			known[property.Name] = true
		}
	}
	return names
}

// properties are those of a schema and its parts.
type properties struct {
	schemas  map[string][]*Schema
	required map[string]bool
}

func (s *Schema) byName() *properties {
	p := &properties{map[string][]*Schema{}, map[string]bool{}}
	for _, part := range s.parts() {
		for _, name := range part.Required {
			p.required[name] = true
		}
		for _, one := range part.Properties {
			p.schemas[one.Name] = append(p.schemas[one.Name], one.Schema)
		}
	}
	return p
}

// found returns the schemas of a property with their parts.
func (p *properties) found(name string) (all []*Schema) {
	for _, s := range p.schemas[name] {
		all = append(all, s.parts()...)
	}
	return all
}

// constants returns the only texts that a property may have; nothing if it may have others, or may be absent.
func (p *properties) constants(name string) (values []string) {
	if !p.required[name] {
		return nil
	}
	for _, part := range p.found(name) {
		allowed := part.Enum
		if part.Const != nil {
			allowed = []Value{*part.Const}
		}
		for _, value := range allowed {
			var word string
			if err := json.Unmarshal(value.JSON, &word); err != nil || word == "" {
				return nil
			}
			values = append(values, word)
		}
		if len(allowed) > 0 {
			return values
		}
	}
	return nil
}
