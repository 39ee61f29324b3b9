package contract

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/quintain-dev/quintain/contract/internal/yamltree"
)

// An Assumption is something that a document does not say and that was settled in its place, or something in it that is
// not used.
type Assumption struct {
	File    string
	Line    int    // from 1
	Pointer string // JSON pointer of the place, or of where it would be
	Message string
}

// String has the form "file:line: /pointer: message".
func (a Assumption) String() string {
	return fmt.Sprintf("%s:%d: %s: %s", a.File, a.Line, a.Pointer, a.Message)
}

// Assumptions lists what was settled in place of a document that does not say it: the name, delivery rules, and what
// was left out. It is empty for the documents that are built in, which say everything themselves. What the payloads of
// an event assume, its generator lists.
func (p *Platform) Assumptions() []Assumption { return slices.Clone(p.doc.assumed) }

// Foreign reports whether the platform was read from a document that is not of our own kind: one without x-platform, or
// one that says of no event where it is known from. How values come about is then assumed.
func (p *Platform) Foreign() bool { return p.doc.foreign }

// BuiltIn reports whether the platform is one of this package's own, as Load returns them.
func (p *Platform) BuiltIn() bool { return p.doc.builtIn }

// maxAssumed bounds the list: a document with a fault in its generator repeats it thousands of times.
const maxAssumed = 500

func (d *document) assume(n *yamltree.Node, pointer, message string) {
	if len(d.assumed) >= maxAssumed {
		return
	}
	line := 1
	if n != nil {
		line = n.Line
	}
	d.assumed = append(d.assumed, Assumption{d.file, line, pointer, message})
}

// undated is the revision of a document that does not name one.
const undated = "undated"

// adopt names a document that does not name itself.
func (d *document) adopt(s selection) error {
	d.foreign = true
	d.name, d.revision = fileName(d.file), text(d.root.Find("/info/version"))
	if d.revision == "" {
		d.revision = undated
	}
	d.revisions = []string{d.revision}
	d.assume(nil, "/x-platform", fmt.Sprintf("not said; the platform is called %s after the file, and its revision %s", d.name, d.revision))
	if s.revision != "" && s.revision != d.revision {
		return Unknown(UnknownRevision, "revision of "+d.name, s.revision, d.revisions)
	}
	for _, name := range slices.Sorted(maps.Keys(s.options)) {
		return d.unknownOption(name)
	}
	return nil
}

// fileName makes a platform's name of a file's: letters, digits, - _ and dots.
func fileName(file string) string {
	name := path.Base(strings.ReplaceAll(file, "\\", "/"))
	name = strings.TrimSuffix(name, path.Ext(name))
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '.':
			return r
		}
		return '-'
	}, name)
	if name = strings.Trim(name, "-."); name == "" {
		return "contract"
	}
	return name
}

// source is where the facts of a foreign document were read: in the document itself.
func (d *document) source() Source {
	s := Source{Page: path.Base(strings.ReplaceAll(d.file, "\\", "/"))}
	if datePattern().MatchString(d.revision) {
		s.Date = d.revision
	}
	return s
}

// assume reads the events of a foreign document, and settles the rules that it does not state.
func (p *Platform) assume() error {
	d := p.doc
	webhooks := d.root.Get("webhooks")
	if webhooks == nil || webhooks.Kind != yamltree.Mapping || len(webhooks.Keys) == 0 {
		return d.fault(webhooks, "/webhooks", "there are no webhooks, so there is no event to send; what stands under paths is not sent by the platform")
	}
	known := &schemas{doc: d, known: map[string]*Schema{}}
	var types []string
	for i, name := range webhooks.Keys {
		event, mediaType, err := p.foreignEvent(name, webhooks.Items[i], known)
		if err != nil {
			return err
		}
		if event != nil {
			p.events, types = append(p.events, event), append(types, mediaType)
		}
	}
	if len(p.events) == 0 {
		return d.fault(webhooks, "/webhooks", "no webhook can be sent: none has a post operation with a JSON body ("+d.assumed[len(d.assumed)-1].Message+")")
	}
	if err := known.acyclic(); err != nil {
		return err
	}
	if !slices.ContainsFunc(webhooks.Items, func(item *yamltree.Node) bool { return item.Get("post").Get("x-grade") != nil }) {
		d.assume(webhooks, "/webhooks", "no event has an x-grade; what the document says counts as documented")
	}
	return p.settleRules(types)
}

// foreignEvent reads one webhook. The event is nil if it cannot be sent.
func (p *Platform) foreignEvent(name string, item *yamltree.Node, known *schemas) (*EventType, string, error) {
	d, pointer := p.doc, "/webhooks/"+escape(name)
	skip := func(n *yamltree.Node, at, why string) (*EventType, string, error) {
		d.assume(n, at, "skipped: "+why)
		return nil, "", nil
	}
	item, at, err := d.follow(item, pointer)
	if err != nil {
		return nil, "", err
	}
	post := item.Get("post")
	if post == nil {
		return skip(item, pointer, "the webhook has no post operation")
	}
	if post, at, err = d.follow(post, at+"/post"); err != nil {
		return nil, "", err
	}
	operation := at
	body := post.Get("requestBody")
	if body == nil {
		return skip(post, pointer, "the webhook has no request body")
	}
	if body, at, err = d.follow(body, at+"/requestBody"); err != nil {
		return nil, "", err
	}
	content := body.Get("content")
	written, mediaType := jsonMedia(content)
	media := content.Get(written)
	at += "/content/" + escape(written)
	if media.Get("schema") == nil {
		return skip(body, pointer, "the request body has no JSON schema")
	}
	e := &EventType{
		Name: name, Summary: text(post.Get("summary")), Note: text(post.Get("x-note")), Grade: Documented, Source: d.source(),
		Cast: map[string]string{}, platform: p, line: post.Line, pointer: at + "/schema",
	}
	if e.Summary == "" {
		e.Summary = text(item.Get("summary"))
	}
	if grade := post.Get("x-grade"); grade != nil {
		if e.Grade, err = oneOf(text(grade), Documented, Observed, Inferred, Chosen); err != nil {
			return nil, "", d.fault(grade, operation+"/x-grade", "grade: "+err.Error())
		}
	}
	if err := d.unsent(e, item, post, pointer, operation); err != nil {
		return nil, "", err
	}
	if cast := post.Get("x-cast"); cast != nil && cast.Kind == yamltree.Mapping {
		e.Roles = cast.Keys
		for i, role := range cast.Keys {
			e.Cast[role] = text(cast.Items[i])
		}
	}
	if example, err := d.mediaExample(media, at); err != nil {
		return nil, "", err
	} else if example != nil {
		e.inline = example.AppendJSON(nil)
	}
	if e.Schema, err = known.at(e.pointer, media.Get("schema")); err != nil {
		return nil, "", err
	}
	e.compiled = sync.OnceValues(func() (*validator, error) {
		if n := e.Schema.reach(); n > maxSchemas {
			return nil, d.fault(d.root.Find(e.pointer), e.pointer, fmt.Sprintf("the schema leads to %d others, and at most %d are read for one event", n, maxSchemas))
		}
		v, err := compileValidator(d, e.pointer)
		if err == nil {
			v.bound, v.file = e.Schema, d.file
		}
		return v, err
	})
	return e, mediaType, nil
}

// follow resolves a $ref of something that is no schema, such as a path item.
func (d *document) follow(n *yamltree.Node, pointer string) (*yamltree.Node, string, error) {
	for range 20 {
		ref := n.Get("$ref")
		if ref == nil {
			return n, pointer, nil
		}
		target, err := d.target(ref, pointer+"/$ref")
		if err != nil {
			return nil, "", err
		}
		n, pointer = d.root.Find(target), target
	}
	return nil, "", d.fault(n, pointer, "the $ref leads to itself, or through more than 20 others")
}

// jsonMedia picks the JSON body among the media types: as it is written in the document, and as it is sent.
func jsonMedia(content *yamltree.Node) (written, sent string) {
	best := 0
	for _, key := range keys(content) {
		name, _, _ := strings.Cut(strings.ToLower(key), ";")
		rank := 0
		switch name = strings.TrimSpace(name); {
		case name == "application/json":
			rank = 4
		case strings.HasSuffix(name, "+json") || strings.HasSuffix(name, "/json"):
			rank = 3
		case name == "application/*" || name == "*/*":
			rank, name = 1, "application/json"
		}
		if rank > best {
			best, written, sent = rank, key, name
		}
	}
	return written, sent
}

// mediaExample returns the example of a body, or nil.
func (d *document) mediaExample(media *yamltree.Node, pointer string) (*yamltree.Node, error) {
	if example := media.Get("example"); example != nil {
		return example, nil
	}
	examples := media.Get("examples")
	if examples == nil || examples.Kind != yamltree.Mapping {
		return nil, nil
	}
	for i, name := range examples.Keys {
		one, _, err := d.follow(examples.Items[i], pointer+"/examples/"+escape(name))
		if err != nil {
			return nil, err
		}
		if value := one.Get("value"); value != nil {
			return value, nil
		}
	}
	return nil, nil
}
