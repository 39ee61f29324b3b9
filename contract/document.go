package contract

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/quintain-dev/quintain/contract/internal/yamltree"
)

// document is a contract document at one revision.
type document struct {
	file       string
	src        []byte
	foreign    bool // somebody else's: what it does not say is assumed
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
		err = shared // our own documents say everything where it stands
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
	d.name = text(platform.Get("name"))
	for _, item := range items(platform.Get("revisions")) {
		d.revisions = append(d.revisions, text(item))
	}
	if aliases := platform.Get("aliases"); aliases != nil {
		for i, name := range aliases.Keys {
			d.aliases = append(d.aliases, alias{name, text(aliases.Items[i])})
		}
	}
	if d.name == "" || len(d.revisions) == 0 {
		return nil, d.fault(platform, "/x-platform", "x-platform needs a name and at least one revision")
	}
	if err := d.selectRevision(selected); err != nil {
		return nil, err
	}
	return d, nil
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

// rules reads x-delivery.
func (d *document) rules() (r Rules, err error) {
	const at = "/x-delivery"
	node := d.root.Get("x-delivery")
	if node == nil {
		return r, d.fault(nil, at, "there are no delivery rules")
	}
	known := []string{"encodings", "contentTypes", "success", "refusalStatus", "schedule", "disableAfter", "timeout", "signature", "handshake", "eventName", "dedupKey", "eventTime", "atLeastOnce", "unstable"}
	for i, key := range node.Keys {
		if !slices.Contains(known, key) {
			return r, d.fault(node.Items[i], at+"/"+escape(key), Unknown(BadDocument, "delivery rule", key, known).Error())
		}
	}
	read := factReader{d: d, node: node}
	r.Encodings = fact(&read, "encodings", func(v *yamltree.Node) ([]Encoding, error) {
		var out []Encoding
		for _, item := range items(v) {
			e, err := oneOf(text(item), JSON, Form)
			if err != nil {
				return nil, err
			}
			out = append(out, e)
		}
		if len(out) == 0 {
			return nil, errors.New("want at least one encoding")
		}
		return out, nil
	})
	r.ContentTypes = fact(&read, "contentTypes", func(v *yamltree.Node) (map[Encoding]string, error) {
		out := map[Encoding]string{}
		for i, key := range v.Keys {
			out[Encoding(key)] = text(v.Items[i])
		}
		for _, e := range r.Encodings.Value {
			if out[e] == "" {
				return nil, fmt.Errorf("there is no content type for the encoding %q", e)
			}
		}
		return out, nil
	})
	r.Success = fact(&read, "success", func(v *yamltree.Node) (SuccessRule, error) {
		return oneOf(text(v), Exactly200, Any2xx, Below400)
	})
	if node.Get("refusalStatus") != nil {
		f := fact(&read, "refusalStatus", func(v *yamltree.Node) (RefusalStatus, error) {
			return RefusalStatus{Pointer: text(v.Get("pointer")), Equals: text(v.Get("equals"))}, nil
		})
		r.RefusalStatus = &f
	}
	r.Schedule = fact(&read, "schedule", func(v *yamltree.Node) (out RetrySchedule, err error) {
		for _, item := range items(v) {
			delay, err := time.ParseDuration(text(item))
			if err != nil || delay < 0 {
				return nil, fmt.Errorf("%q is not a delay; write it as 5s, 30m or 2h", text(item))
			}
			out = append(out, delay)
		}
		return out, nil
	})
	r.DisableAfter = fact(&read, "disableAfter", func(v *yamltree.Node) (DisableAfter, error) {
		failures, err := number(v)
		if err != nil {
			return DisableAfter{}, err
		}
		counts, err := oneOf(text(node.Get("disableAfter").Get("counts")), CountRetries, CountAttempts)
		return DisableAfter{failures, counts}, err
	})
	r.Timeout = fact(&read, "timeout", func(v *yamltree.Node) (time.Duration, error) {
		timeout, err := time.ParseDuration(text(v))
		if err != nil || timeout <= 0 {
			return 0, fmt.Errorf("%q is not a time to wait; write it as 10s", text(v))
		}
		return timeout, nil
	})
	r.Signature = fact(&read, "signature", readSignature)
	r.Handshake = fact(&read, "handshake", func(v *yamltree.Node) (Handshake, error) {
		return oneOf(text(v), NoHandshake, ChallengeHandshake, PingHandshake)
	})
	str := func(v *yamltree.Node) (string, error) { return text(v), nil }
	r.EventName = fact(&read, "eventName", str)
	if spelling := node.Get("eventName").Get("spelling"); read.err == nil && spelling != nil {
		if r.Spelling, err = oneOf(text(spelling), AsNamed, WithHook, UpperSnake); err != nil {
			return r, d.fault(spelling, at+"/eventName/spelling", err.Error())
		}
	}
	r.DedupKey = fact(&read, "dedupKey", str)
	r.EventTime = fact(&read, "eventTime", str)
	flag := func(v *yamltree.Node) (bool, error) {
		b, ok := v.Value.(bool)
		if !ok {
			return false, fmt.Errorf("%q is neither true nor false", text(v))
		}
		return b, nil
	}
	r.AtLeastOnce = fact(&read, "atLeastOnce", flag)
	r.Unstable = fact(&read, "unstable", flag)
	return r, read.err
}

// factReader keeps the first error, so that the rules read as a list.
type factReader struct {
	d    *document
	node *yamltree.Node
	err  error
}

var datePattern = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)

func fact[T any](r *factReader, key string, read func(*yamltree.Node) (T, error)) (f Fact[T]) {
	if r.err != nil {
		return f
	}
	pointer := "/x-delivery/" + key
	node := r.node.Get(key)
	if node.Get("value") == nil {
		r.err = r.d.fault(node, pointer, "the delivery rule has no value")
		return f
	}
	var err error
	if f.Value, err = read(node.Get("value")); err != nil {
		r.err = r.d.fault(node.Get("value"), pointer+"/value", err.Error())
		return f
	}
	f.Note = text(node.Get("note"))
	if f.Grade, f.Source, err = r.d.provenance(node.Get("grade"), node.Get("source"), pointer); err != nil {
		r.err = err
	}
	return f
}

func (d *document) provenance(grade, source *yamltree.Node, pointer string) (Grade, Source, error) {
	g, err := oneOf(text(grade), Documented, Observed, Inferred, Chosen)
	if err != nil {
		return "", Source{}, d.fault(grade, pointer, "grade: "+err.Error())
	}
	s := Source{Page: text(source.Get("page")), Date: text(source.Get("date"))}
	dated := datePattern.MatchString(s.Date) || d.foreign && s.Date == ""
	if s.Page == "" || !dated {
		return "", Source{}, d.fault(source, pointer, "source needs a page, and a date as YYYY-MM-DD")
	}
	return g, s, nil
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
