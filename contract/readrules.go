package contract

import (
	"errors"
	"fmt"
	"mime"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/quintain-dev/quintain/contract/internal/yamltree"
)

// rules reads x-delivery. Who settles what a document does not say does so before, except for the name and the key of
// an event, which follow from the bodies.
func (d *document) rules() (r Rules, err error) {
	const at = "/x-delivery"
	node := d.root.Get("x-delivery")
	if n, key, err := unknownKey(node, "delivery rule", ruleNames); err != nil {
		return r, d.fault(n, at+"/"+escape(key), err.Error())
	}
	read := factReader{d: d, node: node}
	r.Encodings = fact(&read, "encodings", readEncodings)
	r.ContentTypes = fact(&read, "contentTypes", func(v *yamltree.Node) (map[Encoding]string, error) {
		return readContentTypes(v, r.Encodings.Value)
	})
	r.Success = fact(&read, "success", func(v *yamltree.Node) (SuccessRule, error) {
		return oneOf(text(v), Exactly200, Any2xx, Below400)
	})
	if node.Get("refusalStatus") != nil {
		f := fact(&read, "refusalStatus", readRefusalStatus)
		r.RefusalStatus = &f
	}
	r.Schedule = fact(&read, "schedule", readSchedule)
	r.DisableAfter = fact(&read, "disableAfter", func(v *yamltree.Node) (out DisableAfter, err error) {
		out.Failures, err = number(v)
		return out, err
	}, "counts")
	if counts := node.Get("disableAfter").Get("counts"); read.err == nil {
		if r.DisableAfter.Value.Counts, err = oneOf(text(counts), CountRetries, CountAttempts); err != nil {
			return r, d.fault(counts, at+"/disableAfter/counts", err.Error())
		}
	}
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
	if node.Get("eventName") != nil {
		r.EventName = fact(&read, "eventName", readTemplate, "spelling")
	}
	if spelling := node.Get("eventName").Get("spelling"); read.err == nil && spelling != nil {
		if r.Spelling, err = oneOf(text(spelling), AsNamed, WithHook, UpperSnake); err != nil {
			return r, d.fault(spelling, at+"/eventName/spelling", err.Error())
		}
	}
	if node.Get("dedupKey") != nil {
		r.DedupKey = fact(&read, "dedupKey", readPointer)
	}
	r.EventTime = fact(&read, "eventTime", readPointer)
	flag := func(v *yamltree.Node) (bool, error) {
		b, ok := v.Value.(bool)
		if !ok {
			return false, fmt.Errorf("%s is neither true nor false", said(v))
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

var datePattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)
})

// fact reads a rule, which has the keys of every rule and those given.
func fact[T any](r *factReader, rule string, read func(*yamltree.Node) (T, error), more ...string) (f Fact[T]) {
	if r.err != nil {
		return f
	}
	pointer := "/x-delivery/" + rule
	node := r.node.Get(rule)
	known := append([]string{"value", "grade", "source", "note"}, more...)
	n, key, err := unknownKey(node, "key of "+rule, append(known, "x-since", "x-until", "x-option", "x-variants"))
	if err != nil {
		r.err = r.d.fault(n, pointer+"/"+escape(key), err.Error())
		return f
	}
	value := node.Get("value")
	if value == nil {
		r.err = r.d.fault(node, pointer, "the delivery rule has no value")
		return f
	}
	if f.Value, err = read(value); err != nil {
		pointer += "/value"
		var inner *faultBelow
		if errors.As(err, &inner) {
			value, pointer = inner.node, pointer+inner.pointer
		}
		r.err = r.d.fault(value, pointer, err.Error())
		return f
	}
	if f.Note, err = field(node, "note"); err != nil {
		r.err = r.d.fault(node.Get("note"), pointer+"/note", err.Error())
		return f
	}
	if f.Grade, f.Source, err = r.d.provenance(node, "", pointer); err != nil {
		r.err = err
	}
	return f
}

// What an author writes who has forgotten where a fact comes from.
const (
	gradeWords  = "documented, observed, inferred or chosen"
	sourceWords = "{page: where you read it, date: YYYY-MM-DD}"
)

// provenance reads the grade and the source of a fact. The prefix of their keys is "x-" where they stand among keys of
// OpenAPI.
func (d *document) provenance(fact *yamltree.Node, prefix, pointer string) (Grade, Source, error) {
	grade, source := fact.Get(prefix+"grade"), fact.Get(prefix+"source")
	atGrade, atSource := pointer+"/"+prefix+"grade", pointer+"/"+prefix+"source"
	if grade == nil {
		return "", Source{}, d.fault(fact, atGrade, "the fact has no "+prefix+"grade; write "+gradeWords)
	}
	g, err := oneOf(text(grade), Documented, Observed, Inferred, Chosen)
	if err != nil {
		return "", Source{}, d.fault(grade, atGrade, prefix+"grade: "+err.Error())
	}
	if source == nil && !d.foreign {
		return "", Source{}, d.fault(fact, atSource, "the fact has no "+prefix+"source; write "+sourceWords)
	}
	if n, key, err := unknownKey(source, "key", []string{"page", "date"}); err != nil {
		return "", Source{}, d.fault(n, atSource+"/"+escape(key), prefix+"source: "+err.Error())
	}
	s := Source{Page: text(source.Get("page")), Date: text(source.Get("date"))}
	dated := datePattern().MatchString(s.Date) || d.foreign && s.Date == ""
	if s.Page == "" || !dated {
		return "", Source{}, d.fault(source, atSource, prefix+"source needs a page, and a date as YYYY-MM-DD")
	}
	return g, s, nil
}

func readEncodings(v *yamltree.Node) ([]Encoding, error) {
	out, err := each(v, "[json]", func(item *yamltree.Node) (Encoding, error) { return oneOf(text(item), JSON, Form) })
	if err == nil && len(out) == 0 {
		err = errors.New("want at least one encoding")
	}
	return out, err
}

func readContentTypes(v *yamltree.Node, encodings []Encoding) (map[Encoding]string, error) {
	if err := onlyKeys(v, "encoding", string(JSON), string(Form)); err != nil {
		return nil, err
	}
	out := map[Encoding]string{}
	for i, key := range v.Keys {
		contentType := text(v.Items[i])
		if name, _, err := mime.ParseMediaType(contentType); err != nil || !strings.Contains(name, "/") || strings.ContainsFunc(contentType, outsideHeaders) {
			return nil, below(v.Items[i], key, fmt.Errorf("%s is not a content type; write it as application/json", said(v.Items[i])))
		}
		out[Encoding(key)] = contentType
	}
	for _, e := range encodings {
		if out[e] == "" {
			return nil, fmt.Errorf("there is no content type for the encoding %q", e)
		}
	}
	return out, nil
}

func readRefusalStatus(v *yamltree.Node) (out RefusalStatus, err error) {
	if err := onlyKeys(v, "key of a refusal", "pointer", "equals"); err != nil {
		return out, err
	}
	if out.Equals, err = field(v, "equals"); err != nil {
		return out, err
	}
	pointer := v.Get("pointer")
	if out.Equals == "" || pointer == nil {
		return out, errors.New("want the pointer to a place in an answer, and what the text there equals that refuses")
	}
	if out.Pointer, err = readPointer(pointer); err != nil {
		return out, below(pointer, "pointer", err)
	}
	return out, nil
}

func readSchedule(v *yamltree.Node) (RetrySchedule, error) {
	return each(v, "[5s, 30m, 2h], or [] if nothing is sent again", func(item *yamltree.Node) (time.Duration, error) {
		delay, err := time.ParseDuration(text(item))
		if err != nil || delay < 0 {
			return 0, fmt.Errorf("%s is not a delay; write it as 5s, 30m or 2h", said(item))
		}
		if delay > MaxDelay {
			return 0, fmt.Errorf("the delay %s is longer than %s", text(item), MaxDelay)
		}
		return delay, nil
	})
}

// wholePointer is a JSON pointer.
var wholePointer = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(/([^~]|~[01])*)?$`)
})

// readPointer reads a JSON pointer, or the empty text for a place that there is not.
func readPointer(v *yamltree.Node) (string, error) {
	pointer, err := plain(v)
	if err == nil && !wholePointer().MatchString(pointer) {
		err = fmt.Errorf("%q is not a JSON pointer; write it as /data/id", pointer)
	}
	return pointer, err
}

// readTemplate reads a template of JSON pointers, or the empty text.
func readTemplate(v *yamltree.Node) (string, error) {
	template, err := plain(v)
	if err != nil || template == "" {
		return template, err
	}
	places, ok := pointersOf(template)
	if !ok || len(places) == 0 {
		return template, fmt.Errorf("%q is not a template of JSON pointers; write it as {/event}, or {/event/resource}.{/event/name}", template)
	}
	return template, nil
}

// pointersOf returns the JSON pointers in a template, and whether it is one.
func pointersOf(template string) (pointers []string, ok bool) {
	for {
		before, rest, found := strings.Cut(template, "{")
		if strings.Contains(before, "}") || !found {
			return pointers, !strings.Contains(before, "}")
		}
		pointer, after, closed := strings.Cut(rest, "}")
		if !closed || pointer == "" || !wholePointer().MatchString(pointer) {
			return pointers, false
		}
		pointers, template = append(pointers, pointer), after
	}
}

// outsideHeaders reports whether a character cannot be sent in a header.
func outsideHeaders(r rune) bool { return r < ' ' || r > '~' }
