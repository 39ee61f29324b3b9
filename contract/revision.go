package contract

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quintain-dev/quintain/contract/internal/yamltree"
)

// An Option is something that a platform is seen to do in several ways, and does not document: x-options of its
// document.
type Option struct {
	Name    string   `json:"name"`
	Summary string   `json:"summary"`
	Grade   Grade    `json:"grade"`
	Source  Source   `json:"source"`
	Note    string   `json:"note,omitempty"`
	Values  []string `json:"values"`
	Default string   `json:"default"` // at this revision
	Value   string   `json:"value"`   // what was asked for, else the default

	// Documented is the value that the documentation has at this revision; empty where it has none, or several.
	Documented string `json:"documented,omitempty"`
	// Given says that the reference, or the selection, named the option.
	Given bool `json:"-"`
}

// selection is what of a document is wanted: a revision, and values of options.
type selection struct {
	revision string
	options  map[string]string
}

// parseSelection reads "2026-07,event_type=hook": a revision, options, both or nothing.
func parseSelection(s string) (selection, error) {
	out := selection{options: map[string]string{}}
	for i, part := range strings.Split(s, ",") {
		name, value, isOption := strings.Cut(part, "=")
		switch {
		case isOption:
			out.options[name] = value
		case i == 0:
			out.revision = part
		default:
			return out, &Error{Code: UnknownOption, Message: fmt.Sprintf("%q is not an option", part), Hint: "write it as name=value"}
		}
	}
	return out, nil
}

// selectRevision drops what is not in the revision and not in the options asked for, and puts variants in their place.
func (d *document) selectRevision(s selection) error {
	if s.revision == "" {
		s.revision = d.revisions[0]
	}
	if !slices.Contains(d.revisions, s.revision) {
		return Unknown(UnknownRevision, "revision of "+d.name, s.revision, d.revisions)
	}
	d.revision = s.revision
	// What the options are may differ by revision; the rest differs by the options' values.
	if options := d.root.Get("x-options"); options != nil {
		if err := d.prune(options, "/x-options"); err != nil {
			return err
		}
		if err := d.readOptions(options); err != nil {
			return err
		}
	}
	for name, value := range s.options {
		i := slices.IndexFunc(d.options, func(o Option) bool { return o.Name == name })
		if i < 0 {
			return d.unknownOption(name)
		}
		if !slices.Contains(d.options[i].Values, value) {
			return Unknown(UnknownOption, "value of the option "+name, value, d.options[i].Values)
		}
		d.options[i].Value, d.options[i].Given = value, true
	}
	return d.prune(d.root, "")
}

func (d *document) unknownOption(name string) error {
	if len(d.options) == 0 {
		return &Error{Code: UnknownOption, Message: fmt.Sprintf("unknown option %q", name), Hint: d.name + " has no options"}
	}
	var known []string
	for _, o := range d.options {
		known = append(known, o.Name)
	}
	return Unknown(UnknownOption, "option of "+d.name, name, known)
}

func (d *document) readOptions(options *yamltree.Node) error {
	for i, name := range options.Keys {
		node, pointer := options.Items[i], "/x-options/"+escape(name)
		o := Option{
			Name: name, Summary: text(node.Get("summary")), Note: text(node.Get("note")),
			Default: text(node.Get("default")), Documented: text(node.Get("documented")),
		}
		for _, value := range items(node.Get("values")) {
			o.Values = append(o.Values, text(value))
		}
		if !slices.Contains(o.Values, o.Default) {
			return d.fault(node.Get("default"), pointer+"/default", fmt.Sprintf("%q is not one of the option's values", o.Default))
		}
		if documented := node.Get("documented"); documented != nil && !slices.Contains(o.Values, o.Documented) {
			return d.fault(documented, pointer+"/documented", fmt.Sprintf("%q is not one of the option's values", o.Documented))
		}
		var err error
		if o.Grade, o.Source, err = d.provenance(node, "", pointer); err != nil {
			return err
		}
		o.Value = o.Default
		d.options = append(d.options, o)
	}
	return nil
}

// undocumented reports whether what an x-option has sent is on no page: the option's documented value does not have it
// sent.
func (d *document) undocumented(wanted string) bool {
	name, values, _ := strings.Cut(wanted, "=")
	i := slices.IndexFunc(d.options, func(o Option) bool { return o.Name == name })
	return i >= 0 && d.options[i].Documented != "" && !slices.Contains(strings.Split(values, "|"), d.options[i].Documented)
}

// prune removes every entry and item that does not hold, puts the variants that do into their mappings, and takes the
// names of removed properties out of the schema's list of required ones.
func (d *document) prune(n *yamltree.Node, pointer string) error {
	if err := d.mergeVariants(n, pointer); err != nil {
		return err
	}
	var keys []string
	var kept []*yamltree.Node
	for i, child := range n.Items {
		at := pointer + "/" + fmt.Sprint(i)
		if n.Kind == yamltree.Mapping {
			at = pointer + "/" + escape(n.Keys[i])
		}
		holds, err := d.holds(child, at)
		if err != nil {
			return err
		}
		if !holds {
			continue
		}
		before := child.Get("properties")
		var had []string
		if before != nil {
			had = before.Keys
		}
		if err := d.prune(child, at); err != nil {
			return err
		}
		dropRequired(child, had)
		kept = append(kept, child)
		if n.Kind == yamltree.Mapping {
			keys = append(keys, n.Keys[i])
		}
	}
	n.Keep(keys, kept)
	return nil
}

// With returns the same platform with another value of an option, which counts as not Given. It is of the same
// document, revision and other options, is proved by the same signature scheme, and lacks the events that p lacks. With
// the value that the option has already, it returns p. The error is an *Error with the code UnknownOption.
func (p *Platform) With(option, value string) (*Platform, error) {
	s := selection{revision: p.Revision, options: map[string]string{}}
	for _, o := range p.Options {
		if o.Name == option && o.Value == value {
			return p, nil
		}
		s.options[o.Name] = o.Value
	}
	s.options[option] = value
	root, err := parseTree(p.doc.file, p.doc.src)
	if err != nil {
		return nil, err
	}
	doc, err := newDocument(p.doc.file, p.doc.src, root, s)
	if err != nil {
		return nil, err
	}
	out, err := newPlatform(doc)
	if err != nil {
		return nil, err
	}
	for i, o := range p.Options {
		out.Options[i].Given = o.Given && o.Name != option
	}
	if own := p.Rules.Signature; p.resigned {
		out.Rules.Signature, out.resigned = own, true
	}
	return out.Without(p.without...), nil
}

// holds reports whether an entry is in the revision and meets the options: x-since, x-until and x-option.
func (d *document) holds(n *yamltree.Node, pointer string) (bool, error) {
	for _, bound := range []string{"x-since", "x-until"} {
		node := n.Get(bound)
		if node == nil {
			continue
		}
		before, err := d.isBefore(text(node))
		if err != nil {
			return false, d.fault(node, pointer+"/"+bound, bound+": "+err.Error())
		}
		if before == (bound == "x-since") {
			return false, nil
		}
	}
	wanted := text(n.Get("x-option"))
	if wanted == "" {
		return true, nil
	}
	name, values, _ := strings.Cut(wanted, "=")
	for _, o := range d.options {
		if o.Name != name {
			continue
		}
		alternatives := strings.Split(values, "|")
		for _, value := range alternatives {
			if !slices.Contains(o.Values, value) {
				return false, d.fault(n.Get("x-option"), pointer+"/x-option", Unknown(UnknownOption, "value of the option "+name, value, o.Values).Error())
			}
		}
		return slices.Contains(alternatives, o.Value), nil
	}
	return false, d.fault(n.Get("x-option"), pointer+"/x-option", d.unknownOption(name).Error())
}

// mergeVariants puts the entries of the x-variants that hold into their mapping, in place of entries of the same name.
func (d *document) mergeVariants(n *yamltree.Node, pointer string) error {
	variants := n.Get("x-variants")
	if variants == nil {
		return nil
	}
	if variants.Kind != yamltree.Sequence {
		return d.fault(variants, pointer+"/x-variants", "x-variants is a list of mappings")
	}
	n.Delete("x-variants")
	for i, variant := range variants.Items {
		holds, err := d.holds(variant, fmt.Sprintf("%s/x-variants/%d", pointer, i))
		if err != nil {
			return err
		}
		if !holds {
			continue
		}
		for j, key := range variant.Keys {
			if key != "x-since" && key != "x-until" && key != "x-option" {
				n.Set(key, variant.Items[j])
			}
		}
	}
	return nil
}

// dropRequired takes the properties that a schema had and no longer has out of its required list.
func dropRequired(schema *yamltree.Node, had []string) {
	required := schema.Get("required")
	if required == nil || len(had) == 0 {
		return
	}
	has := schema.Get("properties")
	required.Items = slices.DeleteFunc(required.Items, func(item *yamltree.Node) bool {
		return slices.Contains(had, text(item)) && has.Get(text(item)) == nil
	})
}
