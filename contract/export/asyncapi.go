package export

import (
	"slices"
	"strings"
)

// asyncAPI writes the deliveries as an AsyncAPI 3.0 document of the platform: one channel, which is the webhook's
// endpoint, and for each event a message and the operation that sends it. 3.0 and not 3.1, since more tools read it.
func asyncAPI(s *source) ([]File, error) {
	b := newBundle(s, "#/components/schemas/")
	b.draft7 = true
	ids := namer{}
	references, messages, operations := object(), object(), object()
	for _, e := range s.all() {
		id := ids.free(plain(e.Name))
		messages.Set(id, s.message(b, e))
		references.Set(id, object("$ref", "#/components/messages/"+id))
		operation := object(
			"action", "send",
			"channel", object("$ref", "#/channels/webhook"),
			"title", e.Name,
			"summary", e.Summary,
			"messages", list(object("$ref", "#/channels/webhook/messages/"+id)),
			"bindings", object("http", object("method", "POST", "bindingVersion", "0.3.0")),
		)
		if s.bearer() != "" {
			operation.Set("security", list(object("$ref", "#/components/securitySchemes/delivery")))
		}
		operations.Set(id, operation)
	}
	info := s.root.Get("info")
	version := str(info.Get("version"))
	if version == "" {
		version = s.platform.Revision
	}
	channel := object()
	channel.Set("address", scalar(nil)) // a receiver chooses it
	put(channel, "title", "Webhook")
	put(channel, "description", sentence("The endpoint that a receiver registers", s.answered(), s.unanswered()))
	put(channel, "messages", references)
	components := object("messages", messages, "schemas", b.defs)
	if bearer := s.bearer(); bearer != "" {
		components.Set("securitySchemes", object("delivery", object("type", "http", "scheme", "bearer", "description", bearer)))
	}
	root := object(
		"asyncapi", "3.0.0",
		"info", object(
			"title", s.title(),
			"version", version,
			"description", strings.TrimSpace(sentence(s.origin(), s.grades(), s.nameOnlyNote())+"\n\n"+str(info.Get("description"))),
		),
		"defaultContentType", s.contentType(),
		"channels", object("webhook", channel),
		"operations", operations,
		"components", components,
	)
	return []File{{s.platform.Name + ".asyncapi.json", pretty(root)}}, nil
}

func (s *source) title() string {
	if s.platform.Title != "" {
		return s.platform.Title
	}
	return s.platform.Name
}

func (s *source) message(b *bundle, e *event) *node {
	m := object(
		"name", e.Name,
		"title", e.Name,
		"summary", e.Summary,
		"description", e.detail(),
		"contentType", s.contentType(),
	)
	headers := object("type", "object")
	required, properties := list(), object()
	for _, h := range s.headers() {
		required.Items = append(required.Items, scalar(h.name))
		properties.Set(h.name, object("type", "string", "description", h.description, "pattern", h.pattern))
	}
	if len(required.Items) > 0 {
		headers.Set("required", required)
		headers.Set("properties", properties)
		m.Set("headers", headers)
		m.Set("bindings", object("http", object("headers", headers.Clone(), "bindingVersion", "0.3.0")))
	}
	if key := s.platform.Rules.DedupKey.Value; key != "" && !slices.Contains(s.messages, e) {
		m.Set("correlationId", object("description", s.dedup(), "location", "$message.payload#"+key))
	}
	// A reference stays one, so that the definition keeps its name.
	m.Set("payload", b.schema(s.root.Find(e.schema)))
	if e.example != nil {
		m.Set("examples", list(object("name", plain(e.Name), "payload", e.example.Clone())))
	}
	m.Set("x-grade", scalar(string(e.Grade)))
	return m
}
