package export

import (
	"slices"
	"strings"
)

// openAPI writes the document itself, which is OpenAPI 3.1 already, with what the extensions say in OpenAPI's own
// words: examples, headers, security and answers.
func openAPI(s *source) ([]File, error) {
	root := s.root.Clone()
	info := root.Get("info")
	if !isMapping(info) { // a document of somebody else, in which OpenAPI wants it
		info = object("title", s.platform.Name, "version", s.platform.Revision)
		root.Set("info", info)
	}
	info.Set("description", scalar(strings.TrimSpace(sentence(s.origin(), s.grades(), s.nameOnlyNote())+"\n\n"+str(info.Get("description")))))
	scheme := ""
	if bearer := s.bearer(); bearer != "" {
		scheme = s.addBearer(root, bearer)
	}
	for _, e := range s.all() {
		post := operation(root, e.Name)
		s.describe(root, post, e)
		if !slices.Contains(s.messages, e) { // what answers a message is not the success rule
			s.answers(post)
		}
		if scheme != "" && post.Get("security") == nil {
			post.Set("security", list(object(scheme, list())))
		}
	}
	return []File{{s.platform.Name + ".openapi.json", pretty(root)}}, nil
}

// addBearer adds a security scheme and returns its name.
func (s *source) addBearer(root *node, description string) string {
	components := root.Get("components")
	if components == nil {
		components = object()
		root.Set("components", components)
	}
	schemes := components.Get("securitySchemes")
	if schemes == nil {
		schemes = object()
		components.Set("securitySchemes", schemes)
	}
	used := namer{}
	for _, name := range schemes.Keys {
		used[name] = true
	}
	name := used.free("delivery")
	schemes.Set(name, object("type", "http", "scheme", "bearer", "description", description))
	return name
}

// operation finds the operation of a webhook, which may be a reference.
func operation(root *node, event string) *node {
	at := root.Get("webhooks").Get(event)
	for _, key := range []string{"", "post"} {
		if key != "" {
			at = at.Get(key)
		}
		for range 20 {
			target := root.Find(strings.TrimPrefix(str(at.Get("$ref")), "#"))
			if at.Get("$ref") == nil || target == nil {
				break
			}
			at = target
		}
	}
	return at
}

func (s *source) describe(root, post *node, e *event) {
	if post.Get("description") == nil {
		put(post, "description", e.detail())
	}
	params := post.Get("parameters")
	if params == nil {
		params = list()
	}
	for _, h := range s.headers() {
		if !hasParameter(params, h.name) {
			params.Items = append(params.Items, object("name", h.name, "in", "header", "required", true,
				"description", h.description, "schema", object("type", "string", "pattern", h.pattern)))
		}
	}
	if len(params.Items) > 0 {
		post.Set("parameters", params)
	}
	if e.example != nil {
		media := root.Find(strings.TrimSuffix(e.schema, "/schema"))
		if media.Get("example") == nil && media.Get("examples") == nil {
			media.Set("example", e.example.Clone())
		}
	}
}

func hasParameter(params *node, name string) bool {
	for _, p := range params.Items {
		if strings.EqualFold(str(p.Get("name")), name) {
			return true
		}
	}
	return false
}

// answers writes the success rule into the responses. Responses with a body are the document's own and stay.
func (s *source) answers(post *node) {
	responses := object()
	for _, status := range s.statuses() {
		responses.Set(status, object("description", sentence("Received", s.answered())))
	}
	if own := post.Get("responses"); own != nil {
		for i, status := range own.Keys {
			if len(own.Items[i].Keys) > 1 || own.Items[i].Get("$ref") != nil {
				responses.Set(status, own.Items[i])
			}
		}
	}
	if responses.Get("default") == nil {
		responses.Set("default", object("description", sentence("Not received", s.unanswered())))
	}
	post.Set("responses", responses)
}
