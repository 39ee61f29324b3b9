package contract

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/quintain-dev/quintain/contract/internal/yamltree"
	"github.com/quintain-dev/quintain/fixtures"
)

//go:embed platforms/*.yaml
var platforms embed.FS

// Names returns the names of the platforms that are built in, sorted: the files of the folder platforms. README.md in
// this folder tells how to add one.
func Names() []string { return slices.Clone(builtInNames()) }

var builtInNames = sync.OnceValue(func() []string {
	files, err := fs.Glob(platforms, "platforms/*.yaml")
	if err != nil { // the pattern is ours
		panic(err)
	}
	for i, file := range files {
		files[i] = strings.TrimSuffix(path.Base(file), ".yaml")
	}
	return files
})

// A Platform is a sender at one revision of its documentation. It does not change after it is loaded, and may be used
// by several goroutines at once.
type Platform struct {
	Name      string   // such as "tribe"
	Title     string   // such as "Tribe webhooks"
	Revision  string   // such as "2021-12"
	Revisions []string // all that the document holds, the default first
	Options   []Option // what the platform is seen to do in several ways, and which of them was asked for
	Rules     Rules

	doc      *document
	events   []*EventType
	messages []*EventType // handshakes: requests that are no events
	nameOnly []*EventType // whose payload nobody knows
	calls    []call
	resigned bool     // WithSignature chose the signature
	without  []string // what Without left out
}

// Load returns a built-in platform. The reference is a name or an alias, then a revision and options if others than the
// defaults are wanted: "tribe", "tribe@2021-12", "bettermode", "mighty@2026-07,event_type=upper". The error is an
// *Error with the code UnknownPlatform, UnknownRevision or UnknownOption.
func Load(reference string) (*Platform, error) {
	name, revision, _ := strings.Cut(reference, "@")
	if !strings.Contains(reference, "@") { // options of the default revision: mighty,event_type=hook
		if n, options, ok := strings.Cut(reference, ","); ok {
			name, revision = n, ","+options
		}
	}
	if !slices.Contains(Names(), name) {
		aliased, ok, err := findAlias(name)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, Unknown(UnknownPlatform, "platform", name, append(Names(), aliases()...))
		}
		if name = aliased.name; revision == "" || revision[0] == ',' {
			revision = aliased.revision + revision
		}
	}
	wanted, err := parseSelection(revision)
	if err != nil {
		return nil, err
	}
	doc, err := builtIn(name, wanted)
	if err != nil {
		return nil, err
	}
	return newPlatform(doc)
}

// builtIns are the documents that are built in as they were read: by name, what readBuiltIn returns.
var builtIns sync.Map

type readFile struct {
	file string
	src  []byte
	root *yamltree.Node
}

// builtIn returns a built-in document. Reading takes most of the time of loading, so that each is read once.
func builtIn(name string, selected selection) (*document, error) {
	read := func() (readFile, error) {
		file := "platforms/" + name + ".yaml"
		src, err := platforms.ReadFile(file)
		if err != nil {
			return readFile{}, err
		}
		root, err := parseTree("contract/"+file, src)
		return readFile{"contract/" + file, src, root}, err
	}
	once, _ := builtIns.LoadOrStore(name, sync.OnceValues(read))
	f, err := once.(func() (readFile, error))()
	if err != nil {
		return nil, err
	}
	doc, err := newDocument(f.file, f.src, f.root.Clone(), selected)
	if err == nil {
		doc.builtIn = true
	}
	return doc, err
}

// builtInAliases are the aliases in the documents that are built in: by alias, the platform and its revision.
var builtInAliases = sync.OnceValues(func() (map[string]alias, error) {
	found := map[string]alias{}
	for _, name := range Names() {
		doc, err := builtIn(name, selection{})
		if err != nil {
			return nil, err
		}
		for _, a := range doc.aliases {
			found[a.name] = alias{name, a.revision}
		}
	}
	return found, nil
})

func findAlias(name string) (alias, bool, error) {
	known, err := builtInAliases()
	a, ok := known[name]
	return a, ok, err
}

func aliases() []string {
	known, _ := builtInAliases()
	return slices.Sorted(maps.Keys(known))
}

// Parse reads a contract document: an OpenAPI 3.1 document with webhooks and the extensions that the files in
// contract/platforms show, or somebody else's without them: what it does not say is then assumed, and Assumptions lists
// it. The file name is used in errors. What is selected is a revision, options, both or nothing, as
// in "2026-07,event_type=hook"; what is not said is the document's default. A fault in the document is a
// *DocumentError.
func Parse(file string, src []byte, selected string) (*Platform, error) {
	wanted, err := parseSelection(selected)
	if err != nil {
		return nil, err
	}
	root, err := parseTree(file, src)
	if err != nil {
		return nil, err
	}
	doc, err := newDocument(file, src, root, wanted)
	if err != nil {
		return nil, err
	}
	return newPlatform(doc)
}

func newPlatform(doc *document) (*Platform, error) {
	p := &Platform{Name: doc.name, Revision: doc.revision, Revisions: doc.revisions, Options: doc.options, doc: doc}
	p.Title = text(doc.root.Find("/info/title"))
	read := p.read
	if doc.foreign {
		read = p.assume
	}
	if err := read(); err != nil {
		return nil, err
	}
	return p, nil
}

// read reads the rules and events of a document of our own kind.
func (p *Platform) read() (err error) {
	doc := p.doc
	if err := p.settleOwn(); err != nil {
		return err
	}
	webhooks := doc.root.Get("webhooks")
	if webhooks == nil || len(webhooks.Keys) == 0 {
		return doc.fault(webhooks, "/webhooks", "there are no webhooks, so there is no event to send")
	}
	known := &schemas{doc: doc, known: map[string]*Schema{}}
	for i, name := range webhooks.Keys {
		event, err := p.event(name, webhooks.Items[i].Get("post"), known)
		if err != nil {
			return err
		}
		switch {
		case event.handshake:
			p.messages = append(p.messages, event)
		case event.Schema == nil:
			p.nameOnly = append(p.nameOnly, event)
		default:
			p.events = append(p.events, event)
		}
	}
	p.calls = doc.calls()
	if err := known.acyclic(); err != nil {
		return err
	}
	return p.settleNames()
}

// String returns the reference of the platform, such as "tribe@2021-12", with the options that are not as by default.
func (p *Platform) String() string {
	reference := p.Name + "@" + p.Revision
	for _, o := range p.Options {
		if o.Value != o.Default {
			reference += "," + o.Name + "=" + o.Value
		}
	}
	return reference
}

// Events returns the catalogue, in the document's order: every event that can be sent.
func (p *Platform) Events() []*EventType { return slices.Clone(p.events) }

// EventNames returns the names of the catalogue, in the document's order.
func (p *Platform) EventNames() []string {
	names := make([]string, len(p.events))
	for i, e := range p.events {
		names[i] = e.Name
	}
	return names
}

// NameOnly returns the events that are known by their names only: nobody has published what they carry, so none is
// sent.
func (p *Platform) NameOnly() []*EventType { return slices.Clone(p.nameOnly) }

// Event returns an event type by its name. The error is an *Error with the code UnknownEvent, and names the nearest; or
// with the code NameOnly.
func (p *Platform) Event(name string) (*EventType, error) {
	for _, e := range p.events {
		if e.Name == name {
			return e, nil
		}
	}
	for _, e := range p.nameOnly {
		if e.Name == name {
			return nil, &Error{Code: NameOnly, Message: fmt.Sprintf("%s of %s is known by its name only, and cannot be sent", name, p), Hint: e.Note}
		}
	}
	return nil, Unknown(UnknownEvent, "event of "+p.String(), name, p.EventNames())
}

// Without returns a copy of the platform whose catalogue lacks the named events, such as those whose payloads cannot be
// made; names that it does not have are passed over. What takes long to make, such as schemas and validators, the copy
// shares with p. Document still has all that the file says.
func (p *Platform) Without(names ...string) *Platform {
	out := *p
	out.without = slices.Concat(p.without, names)
	keep := func(events []*EventType, without []string) (kept []*EventType) {
		for _, e := range events {
			if !slices.Contains(without, e.Name) {
				e := *e
				e.platform = &out
				kept = append(kept, &e)
			}
		}
		return kept
	}
	out.events, out.nameOnly, out.messages = keep(p.events, names), keep(p.nameOnly, names), keep(p.messages, nil)
	return &out
}

// Message returns a request of the platform that is no event, such as Tribe's TEST handshake, or nil.
func (p *Platform) Message(name string) *EventType {
	for _, m := range p.messages {
		if m.Name == name {
			return m
		}
	}
	return nil
}

// Document returns the platform's document at its revision as JSON, keys in the written order.
func (p *Platform) Document() []byte { return p.doc.root.AppendJSON(nil) }

// DocumentFile returns the name of the file that the platform was read from.
func (p *Platform) DocumentFile() string { return p.doc.file }

// An EventType is a name in a platform's catalogue.
type EventType struct {
	Name    string
	Summary string
	Grade   Grade
	Source  Source
	Note    string            // what is not known of it
	Cast    map[string]string // x-cast: which entity plays which role
	Roles   []string          // the roles of the cast in the written order
	Schema  *Schema           // of the body; nil if the event is known by its name only

	platform  *Platform
	line      int
	handshake bool
	example   string   // x-example: a file of package fixtures
	inline    []byte   // an example that stands in the document
	pointer   string   // of the body's schema
	named     []string // what a body calls the event, where that is not its name
	compiled  func() (*validator, error)
}

func (p *Platform) event(name string, post *yamltree.Node, known *schemas) (*EventType, error) {
	pointer := "/webhooks/" + escape(name) + "/post"
	if post == nil {
		return nil, p.doc.noPost(name, pointer)
	}
	e := &EventType{
		Name:      name,
		Summary:   text(post.Get("summary")),
		Note:      text(post.Get("x-note")),
		Cast:      map[string]string{},
		platform:  p,
		line:      post.Line,
		handshake: text(post.Get("x-handshake")) == "true",
		example:   text(post.Get("x-example")),
	}
	var err error
	if e.Grade, e.Source, err = p.doc.provenance(post, "x-", pointer); err != nil {
		return nil, err
	}
	if cast := post.Get("x-cast"); cast != nil {
		e.Roles = cast.Keys
		for i, role := range cast.Keys {
			e.Cast[role] = text(cast.Items[i])
		}
	}
	if text(post.Get("x-name-only")) == "true" {
		if e.Note == "" {
			return nil, p.doc.fault(post, pointer+"/x-note", "an event that is known by its name only needs a note that says so")
		}
		return e, nil
	}
	e.pointer = pointer + "/requestBody/content/" + escape(p.Rules.ContentTypes.Value[JSON]) + "/schema"
	media := p.doc.root.Find(strings.TrimSuffix(e.pointer, "/schema"))
	if media.Get("schema") == nil {
		return nil, p.doc.fault(media, e.pointer, "the request body has no JSON schema")
	}
	if example := media.Get("example"); example != nil {
		e.inline = example.AppendJSON(nil)
	}
	if e.Schema, err = known.at(e.pointer, media.Get("schema")); err != nil {
		return nil, err
	}
	e.compiled = sync.OnceValues(func() (*validator, error) { return compileValidator(p.doc, e.pointer) })
	return e, nil
}

// Platform returns the platform that the event type belongs to.
func (e *EventType) Platform() *Platform { return e.platform }

// TestCall reports whether the event is what a test call of the platform's webhook API sends, and nothing else: it is
// owed to no webhook, and never retried.
func (e *EventType) TestCall() bool {
	h := e.platform.Rules.Handshake.Value
	return h == PingHandshake && e.Name == h.Message()
}

// Line returns the line of the event in its document.
func (e *EventType) Line() int { return e.line }

// Example returns the example of the event: the platform's own as it is printed, with its placeholders, or one built
// from the documented shape, as its grade says.
func (e *EventType) Example() (*Example, error) {
	if e.example == "" {
		if e.inline == nil {
			return nil, &Error{Code: BadDocument, Message: fmt.Sprintf("%s has no example of %s", e.platform, e.Name)}
		}
		return &Example{Grade: e.Grade, Source: e.Source, Body: e.inline}, nil
	}
	src, err := fixtures.FS.ReadFile(e.example)
	if err != nil {
		return nil, &DocumentError{File: e.platform.doc.file, Line: e.line, Column: 1, Message: fmt.Sprintf("x-example %q is not a fixture", e.example)}
	}
	var x Example
	if err := json.Unmarshal(src, &x); err != nil {
		return nil, fmt.Errorf("fixtures/%s: %w", e.example, err)
	}
	return &x, nil
}

// An Example is a sample body with what is known about it. Each file of package fixtures holds one.
type Example struct {
	Grade        Grade           `json:"grade"`
	Source       Source          `json:"source"`
	Placeholders []string        `json:"placeholders"` // JSON pointers of values that the page prints as a placeholder
	Body         json.RawMessage `json:"body"`
}
