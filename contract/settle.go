package contract

import (
	"fmt"
	"slices"

	"github.com/quintain-dev/quintain/contract/internal/yamltree"
)

// A settled rule is what holds where a document is silent.
type settled struct {
	rule   string
	value  string // as it would stand in the document
	grade  Grade
	reason string
}

// settle writes the rules that a document does not state into its x-delivery.
func (p *Platform) settle(rules []settled) error {
	d := p.doc
	delivery := d.root.Get("x-delivery")
	if delivery == nil {
		delivery = &yamltree.Node{Kind: yamltree.Mapping, Line: 1, Column: 1}
		d.root.Set("x-delivery", delivery)
	}
	if delivery.Kind != yamltree.Mapping {
		return d.fault(delivery, "/x-delivery", "x-delivery is a mapping of rules")
	}
	for _, s := range rules {
		if delivery.Get(s.rule) == nil {
			delivery.Set(s.rule, s.node())
			d.assume(delivery, "/x-delivery/"+s.rule, fmt.Sprintf("not said; %s: %s: %s", s.grade, s.value, s.reason))
		}
	}
	if !d.foreign {
		return nil
	}
	for _, rule := range ruleNames {
		if fact := delivery.Get(rule); fact != nil {
			d.attribute(rule, fact)
		}
	}
	return nil
}

// settleRules settles all rules of a foreign document, whose events are known, and reads them.
func (p *Platform) settleRules(types []string) (err error) {
	if err := p.settle(append(p.commonRules(types), p.inferredRules()...)); err != nil {
		return err
	}
	if p.Rules, err = p.doc.rules(); err != nil {
		return err
	}
	return p.checkPlaces()
}

// settleOwn settles the rules of a document of our own kind that are needed to read its events, and reads them.
func (p *Platform) settleOwn() (err error) {
	var types []string
	for i := range keys(p.doc.root.Get("webhooks")) {
		item := p.doc.root.Get("webhooks").Items[i]
		if _, sent := jsonMedia(item.Find("/post/requestBody/content")); sent != "" {
			types = append(types, sent)
		}
	}
	if len(types) == 0 {
		types = []string{"application/json"}
	}
	if err := p.settle(p.commonRules(types)); err != nil {
		return err
	}
	p.Rules, err = p.doc.rules()
	return err
}

// settleNames settles the rules of a document of our own kind that its events may give away.
func (p *Platform) settleNames() (err error) {
	delivery := p.doc.root.Get("x-delivery")
	if delivery.Get("eventName") == nil || delivery.Get("dedupKey") == nil {
		if err := p.settle(p.inferredRules()); err != nil {
			return err
		}
		if p.Rules, err = p.doc.rules(); err != nil {
			return err
		}
	}
	return p.checkPlaces()
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
	if len(p.events) == 0 {
		return []settled{{"eventName", "''", Chosen, "no event is sent"}, {"dedupKey", "''", Chosen, "no event is sent"}}
	}
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
