package contract

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quintain-dev/quintain/contract/internal/yamltree"
)

// extensions are the keys of our own.
var extensions = []string{
	"x-platform", "x-delivery", "x-grade", "x-source", "x-note", "x-example", "x-cast", "x-handshake", "x-fake", "x-value",
	"x-as", "x-time", "x-since", "x-until", "x-variants", "x-option", "x-options", "x-name-only",
}

// Lint looks for what an author of a contract document forgot, at every revision and with every value of its options:
// unknown extensions and revisions, events without an example, a grade or a source, events that give themselves the
// same name, and leaves that nothing fills. Whether
// the names in x-fake, x-as and x-cast exist, the generator of package fakes says. The findings are ordered by line.
func Lint(p *Platform) []*DocumentError {
	l := &linter{file: p.doc.file, found: map[string]*DocumentError{}}
	root, _, err := yamltree.ParseShared(p.doc.src)
	if err != nil { // it was parsed before
		return nil
	}
	l.revisions = p.Revisions
	l.extensions(root, "", false)
	webhooks := root.Get("webhooks")
	for i, name := range keys(webhooks) {
		l.event(webhooks.Items[i], "/webhooks/"+escape(name))
	}
	for _, selected := range selections(p) {
		at, err := Parse(p.doc.file, p.doc.src, selected)
		if err != nil {
			l.add(root, "", fmt.Sprintf("%s cannot be read: %s", selected, err))
			continue
		}
		for _, e := range append(at.Events(), at.messages...) {
			l.leaves(e.Schema, map[*Schema]bool{})
		}
		l.names(at)
	}
	var out []*DocumentError
	for _, e := range l.found {
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b *DocumentError) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return strings.Compare(a.Pointer+a.Message, b.Pointer+b.Message)
	})
	return out
}

// selections are all revisions, each with every value of every option.
func selections(p *Platform) (out []string) {
	if p.doc.root.Get("x-platform") == nil { // it has one revision
		return []string{""}
	}
	for _, revision := range p.Revisions {
		out = append(out, revision)
		at, err := Parse(p.doc.file, p.doc.src, revision)
		if err != nil { // Lint says so
			continue
		}
		for _, o := range at.Options { // as they are at this revision
			for _, value := range o.Values {
				if value != o.Default {
					out = append(out, revision+","+o.Name+"="+value)
				}
			}
		}
	}
	return out
}

type linter struct {
	file      string
	revisions []string
	found     map[string]*DocumentError // by their text, since a revision repeats most of another
}

func (l *linter) add(n *yamltree.Node, pointer, message string) {
	e := &DocumentError{File: l.file, Line: n.Line, Column: n.Column, Pointer: pointer, Message: message}
	key := fmt.Sprintf("%d: %s", n.Line, message)
	if l.found[key] == nil {
		l.found[key] = e
	}
}

// named are the keys of mappings whose own keys are names that an author chose.
var named = map[string]bool{
	"properties": true, "patternProperties": true, "dependentSchemas": true, "$defs": true, "schemas": true, "webhooks": true,
	"parameters": true, "headers": true, "requestBodies": true, "responses": true, "pathItems": true,
}

// extensions checks the names of extensions, and the revisions that x-since and x-until name. Chosen says that the keys
// of n are names that the author chose, such as those of properties, and no words of the format.
func (l *linter) extensions(n *yamltree.Node, pointer string, chosen bool) {
	for i, child := range n.Items {
		at := fmt.Sprintf("%s/%d", pointer, i)
		if n.Kind == yamltree.Mapping {
			key := n.Keys[i]
			at = pointer + "/" + escape(key)
			if chosen {
				l.extensions(child, at, false)
				continue
			}
			switch {
			case key == "x-since" || key == "x-until":
				if revision := text(child); !slices.Contains(l.revisions, revision) {
					l.add(child, at, key+": "+Unknown(UnknownRevision, "revision", revision, l.revisions).Error())
				}
			case strings.HasPrefix(key, "x-") && !slices.Contains(extensions, key):
				l.add(child, at, Unknown(BadDocument, "extension", key, extensions).Error())
			case key == "x-grade":
				if _, err := oneOf(text(child), Documented, Observed, Inferred, Chosen); err != nil {
					l.add(child, at, key+": "+err.Error())
				}
			}
			if key == "x-value" || key == "example" || key == "examples" || key == "default" || key == "enum" || key == "const" {
				continue // values, not the document's own words
			}
		}
		l.extensions(child, at, n.Kind == yamltree.Mapping && named[n.Keys[i]] && child.Kind == yamltree.Mapping)
	}
}

// event checks that a webhook says where it is known from, and shows one. A variant may say it for its revisions.
func (l *linter) event(item *yamltree.Node, pointer string) {
	post := item.Get("post")
	if post == nil {
		return // Parse refuses it, or passes over it
	}
	pointer += "/post"
	if !says(post, "x-grade") {
		l.add(post, pointer, "the event has no x-grade; write "+gradeWords)
	}
	if !says(post, "x-source") {
		l.add(post, pointer, "the event has no x-source; write "+sourceWords)
	}
	if text(post.Get("x-name-only")) != "true" && !says(post, "x-example") && !inlineExample(post) {
		l.add(post, pointer, "the event has no example; write one beside its schema")
	}
}

// says reports whether a mapping has a key, itself or in one of its variants.
func says(n *yamltree.Node, key string) bool {
	if n.Get(key) != nil {
		return true
	}
	return slices.ContainsFunc(items(n.Get("x-variants")), func(variant *yamltree.Node) bool { return variant.Get(key) != nil })
}

func inlineExample(post *yamltree.Node) bool {
	content := post.Find("/requestBody/content")
	for i := range keys(content) {
		if content.Items[i].Get("example") != nil || content.Items[i].Get("examples") != nil {
			return true
		}
	}
	return false
}

// names checks that the bodies of two events do not give themselves the same name.
func (l *linter) names(p *Platform) {
	pointers, _ := pointersOf(p.Rules.EventName.Value)
	first := map[string]string{} // by all that is at those places: the event
	for _, e := range p.events {
		var name []string
		for _, pointer := range pointers {
			if constants := e.Schema.constantsAt(pointer); len(constants) == 1 {
				name = append(name, constants[0])
			}
		}
		if len(pointers) == 0 || len(name) < len(pointers) {
			continue
		}
		said := strings.Join(name, "\x00")
		if other, twice := first[said]; twice {
			l.add(&yamltree.Node{Line: e.line, Column: 1}, "/webhooks/"+escape(e.Name),
				fmt.Sprintf("a body of %s names its event %q at %s, as one of %s does, so that nobody can tell them apart", e.Name, strings.Join(name, "."), p.Rules.EventName.Value, other))
			continue
		}
		first[said] = e.Name
	}
}

// leaves checks that something fills every leaf.
func (l *linter) leaves(s *Schema, seen map[*Schema]bool) {
	if s == nil || seen[s] {
		return
	}
	seen[s] = true
	if s.Fake != "" || s.Literal != nil || s.Const != nil {
		return
	}
	if s.Ref != nil {
		l.leaves(s.Ref, seen)
		return
	}
	if len(s.Enum) > 0 || s.Never {
		return
	}
	branches := slices.Concat(s.AllOf, s.OneOf, s.AnyOf, s.Prefix)
	for _, branch := range branches {
		l.leaves(branch, seen)
	}
	for _, p := range s.Properties {
		l.leaves(p.Schema, seen)
	}
	if s.Items != nil {
		l.leaves(s.Items, seen)
	}
	if len(s.Properties) == 0 && s.Items == nil && len(branches) == 0 {
		node := &yamltree.Node{Line: s.Line, Column: s.Column}
		l.add(node, s.Pointer, "nothing fills this leaf; want one of x-fake, x-value, enum, const, $ref")
	}
}
