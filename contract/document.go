package contract

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/quintain-dev/quintain/contract/internal/yamltree"
)

// document is a contract document at one revision.
type document struct {
	file       string
	src        []byte
	builtIn    bool
	foreign    bool // somebody else's, which says of no event where it is known from: how values come about is assumed
	assumed    []Assumption
	compiler   sharedCompiler
	patterns   map[string]*pattern
	patternsMu sync.Mutex
	root       *yamltree.Node
	name       string
	revision   string
	revisions  []string
	aliases    []alias
	options    []Option
}

// An alias is another name under which a revision is known.
type alias struct{ name, revision string }

// parseTree reads src.
func parseTree(file string, src []byte) (*yamltree.Node, error) {
	root, shared, err := yamltree.ParseShared(src)
	if err == nil && shared != nil && root.Get("x-platform") != nil {
		if graded(root) {
			err = shared // our own documents say everything where it stands
		} else {
			root = root.Clone() // what is taken out in one place may stay in another
		}
	}
	var syntax *yamltree.SyntaxError
	if errors.As(err, &syntax) {
		return nil, &DocumentError{File: file, Line: syntax.Line, Column: syntax.Column, Message: syntax.Message}
	}
	return root, err
}

// newDocument makes a document of what was read, and drops what is not selected.
func newDocument(file string, src []byte, root *yamltree.Node, selected selection) (*document, error) {
	d := &document{file: file, src: src, root: root}
	if root.Kind != yamltree.Mapping {
		return nil, d.fault(root, "", "the document is not a mapping; an OpenAPI 3.1 document begins with \"openapi: 3.1.0\"")
	}
	if err := d.version(); err != nil {
		return nil, err
	}
	platform := root.Get("x-platform")
	if platform == nil {
		return d, d.adopt(selected)
	}
	d.foreign = !graded(root)
	if err := d.readPlatform(platform); err != nil {
		return nil, err
	}
	if err := d.checkRevisions(platform.Get("revisions")); err != nil {
		return nil, err
	}
	if err := d.selectRevision(selected); err != nil {
		return nil, err
	}
	return d, nil
}

// graded reports whether a document says of an event where it is known from, as our own do.
func graded(root *yamltree.Node) bool {
	webhooks := root.Get("webhooks")
	return webhooks != nil && slices.ContainsFunc(webhooks.Items, func(item *yamltree.Node) bool {
		post := item.Get("post")
		return says(post, "x-grade") || says(post, "x-source")
	})
}

// namePattern is for names that stand in references, steps and files.
var namePattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)
})

// readPlatform reads x-platform.
func (d *document) readPlatform(platform *yamltree.Node) error {
	const at = "/x-platform"
	if platform.Kind != yamltree.Mapping {
		return d.fault(platform, at, "x-platform is a mapping with a name and revisions")
	}
	if n, key, err := unknownKey(platform, "key of x-platform", []string{"name", "revisions", "aliases"}); err != nil {
		return d.fault(n, at+"/"+escape(key), err.Error())
	}
	name := func(n *yamltree.Node, kind, pointer string) (string, error) {
		if !namePattern().MatchString(text(n)) {
			return "", d.fault(n, pointer, fmt.Sprintf("%s %q: want letters, digits, - _ and full stops, a letter or digit first", kind, text(n)))
		}
		return text(n), nil
	}
	revisions := items(platform.Get("revisions"))
	if platform.Get("name") == nil || len(revisions) == 0 {
		return d.fault(platform, at, "x-platform needs a name and at least one revision")
	}
	var err error
	if d.name, err = name(platform.Get("name"), "the name", at+"/name"); err != nil {
		return err
	}
	for i, item := range revisions {
		revision, err := name(item, "the revision", fmt.Sprintf("%s/revisions/%d", at, i))
		if err != nil {
			return err
		}
		if slices.Contains(d.revisions, revision) {
			return d.fault(item, fmt.Sprintf("%s/revisions/%d", at, i), fmt.Sprintf("the revision %q is there twice", revision))
		}
		d.revisions = append(d.revisions, revision)
	}
	aliases := platform.Get("aliases")
	if aliases != nil && aliases.Kind != yamltree.Mapping {
		return d.fault(aliases, at+"/aliases", "aliases is a mapping of names to revisions")
	}
	for i, key := range keys(aliases) {
		pointer, revision := at+"/aliases/"+escape(key), text(aliases.Items[i])
		if _, err := name(&yamltree.Node{Value: key, Line: aliases.Items[i].Line, Column: aliases.Items[i].Column}, "the alias", pointer); err != nil {
			return err
		}
		if !slices.Contains(d.revisions, revision) {
			return d.fault(aliases.Items[i], pointer, Unknown(UnknownRevision, "revision", revision, d.revisions).Error())
		}
		d.aliases = append(d.aliases, alias{key, revision})
	}
	return nil
}

func (d *document) version() error {
	v := text(d.root.Get("openapi"))
	switch {
	case v == "3.1" || strings.HasPrefix(v, "3.1."):
		return nil
	case v == "" && d.root.Get("swagger") != nil:
		return d.fault(d.root.Get("swagger"), "/swagger", "this is a Swagger document, want openapi: 3.1.x: webhooks came with 3.1")
	case d.root.Get("x-webhooks") != nil:
		return d.fault(d.root.Get("openapi"), "/openapi", fmt.Sprintf("openapi is %q, want 3.1.x; x-webhooks is an extension of older tools: convert the document to 3.1, where it is called webhooks", v))
	case strings.HasPrefix(v, "3.2"):
		return d.fault(d.root.Get("openapi"), "/openapi", fmt.Sprintf("openapi is %q, want 3.1.x; if the document uses nothing that is new in 3.2, write 3.1.1", v))
	default:
		return d.fault(d.root.Get("openapi"), "/openapi", fmt.Sprintf("openapi is %q, want 3.1.x: webhooks came with 3.1", v))
	}
}

// fault makes the error for a node, which may be nil: then the place is the nearest ancestor that is there.
func (d *document) fault(n *yamltree.Node, pointer, message string) *DocumentError {
	for at := pointer; n == nil && at != ""; {
		at = at[:strings.LastIndex(at, "/")]
		n = d.root.Find(at)
	}
	if n == nil {
		n = d.root
	}
	return &DocumentError{File: d.file, Line: n.Line, Column: n.Column, Pointer: pointer, Message: message}
}

func oneOf[S ~string](value string, allowed ...S) (S, error) {
	names := make([]string, len(allowed))
	for i, a := range allowed {
		if names[i] = string(a); names[i] == value {
			return a, nil
		}
	}
	err := fmt.Errorf("%q is not one of %s", value, strings.Join(names, ", "))
	if near := Nearest(value, names); near != "" {
		err = fmt.Errorf("%w; did you mean %q?", err, near)
	}
	return "", err
}

func number(n *yamltree.Node) (int, error) {
	v, err := strconv.Atoi(text(n))
	if err != nil || v < 0 {
		return 0, fmt.Errorf("%q is not a number of 0 or more", text(n))
	}
	return v, nil
}
