package api

import (
	"bufio"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/community"
	"github.com/quintain-dev/quintain/mockserver/internal/har"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/rest"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

func (a *API) listAttempts(w http.ResponseWriter, r *http.Request, c *community.Community) error {
	q := rest.NewQuery(r)
	page := readPage(q)
	filter := store.AttemptFilter{
		EventType: q.String("event"), WebhookID: q.String("webhook"),
		Outcome: contract.Outcome(q.String("outcome")), Failure: contract.Failure(q.String("failure")),
	}
	since, until, order := q.String("since"), q.String("until"), cmp.Or(q.String("order"), "desc")
	if err := q.Err(); err != nil {
		return err
	}
	platform := c.Settings().Platform
	if filter.EventType != "" && platform.Message(filter.EventType) == nil { // a test's message is in the journal too
		if _, err := platform.Event(filter.EventType); err != nil {
			return err
		}
	}
	err := cmp.Or(
		oneOf("outcome", string(filter.Outcome), []string{string(contract.Accepted), string(contract.Failed), string(contract.Gone)}),
		oneOf("failure", string(filter.Failure), contract.Failures()),
		oneOf("order", order, []string{"asc", "desc"}),
	)
	if err != nil {
		return err
	}
	if filter.Since, filter.Until, err = parseSpan(since, until); err != nil {
		return err
	}
	direction := store.NewestFirst
	if order == "asc" {
		direction = store.OldestFirst
	}
	all, total, err := c.History(filter, direction, page)
	if err != nil {
		return err
	}
	out := make([]entryJSON, len(all))
	for i, e := range all {
		out[i] = showEntry(e)
	}
	return rest.WriteJSON(w, http.StatusOK, struct {
		Attempts []entryJSON `json:"attempts"`
		pageJSON
	}{out, pageJSON{page.Number, page.Size, total}})
}

// A format is a way to write the journal.
type format struct {
	name, contentType string
	write             func(w io.Writer, c *community.Community, head exportHead, entries iter.Seq2[store.Entry, error]) error
}

var formats = []format{
	{"ndjson", "application/x-ndjson", writeNDJSON},
	{"har", "application/json", writeHAR},
}

// export streams the attempts that there are when it begins.
func (a *API) export(w http.ResponseWriter, r *http.Request, c *community.Community) error {
	q := rest.NewQuery(r)
	name, written := cmp.Or(q.String("format"), formats[0].name), queryFilter(q)
	if err := q.Err(); err != nil {
		return err
	}
	chosen := slices.IndexFunc(formats, func(f format) bool { return f.name == name })
	if chosen < 0 {
		return problem.Unknown(problem.InvalidValue, "format", name, []string{formats[0].name, formats[1].name})
	}
	filter, err := written.read(c)
	if err != nil {
		return err
	}
	head, err := newExportHead(c, written)
	if err != nil {
		return err
	}
	entries, err := c.Replay(r.Context(), filter)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", formats[chosen].contentType)
	h.Set("Content-Disposition", `attachment; filename="`+head.Community+"."+name+`"`)
	h.Set("X-Content-Type-Options", "nosniff")
	out := bufio.NewWriterSize(w, 64<<10)
	if cmp.Or(formats[chosen].write(out, c, head, entries), out.Flush()) != nil {
		panic(http.ErrAbortHandler) // the client sees that the answer is not whole, which no status can say any more
	}
	return nil
}

// exportHead is the first line of an NDJSON export: what follows it, and how to make that again.
type exportHead struct {
	Version   int             `json:"quintain_export"`
	Community string          `json:"community"`
	Platform  string          `json:"platform"`
	Seed      uint64          `json:"seed"`
	Clock     clockJSON       `json:"clock"`
	Filter    *deliveryFilter `json:"filter,omitempty"` // as it was asked; nil: none
}

func newExportHead(c *community.Community, filter deliveryFilter) (exportHead, error) {
	s := c.Settings()
	state, err := c.Clock()
	head := exportHead{Version: 1, Community: s.ID, Platform: s.Platform.String(), Seed: s.Seed, Clock: showClock(state)}
	if filter != (deliveryFilter{}) {
		head.Filter = &filter
	}
	return head, err
}

func writeNDJSON(w io.Writer, _ *community.Community, head exportHead, entries iter.Seq2[store.Entry, error]) error {
	if err := lines(w).Encode(head); err != nil {
		return err
	}
	_, err := writeLines(w, entries, omissions{})
	return err
}

func writeHAR(w io.Writer, c *community.Community, head exportHead, entries iter.Seq2[store.Entry, error]) error {
	name, version, _ := strings.Cut(c.UserAgent(), "/")
	return har.Write(w, har.Creator{Name: name, Version: version}, head.Platform+", community "+head.Community, entries)
}

// lines returns an encoder that writes one value on a line.
func lines(w io.Writer) *json.Encoder {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e
}

// writeLines writes one line for each entry, and returns how many it wrote.
func writeLines(w io.Writer, entries iter.Seq2[store.Entry, error], o omissions) (n int, err error) {
	encoder := lines(w)
	for e, err := range entries {
		if err != nil {
			return n, err
		}
		if err := encoder.Encode(o.show(e)); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// omissions say what an entry is shown without, because it differs between two runs of the same.
type omissions struct {
	// what was measured, and what the machine said: durations, phases, the words of an error, the receiver's Date
	measured bool
	stamped  bool     // stamps in real time, and headers made of them
	headers  []string // those headers
	address  bool     // where the receiver was: scheme, host and port
}

// show is showEntry without what is to be omitted.
func (o omissions) show(e store.Entry) entryJSON {
	out := showEntry(e)
	if o.measured {
		out.DurationMS, out.Phases, out.Error = nil, nil, ""
		if out.Response != nil {
			out.Response.Headers = without(out.Response.Headers, "Date")
		}
	}
	if o.stamped {
		out.Stamp = store.Attempt{}.Stamp
		out.Request.Headers = without(out.Request.Headers, o.headers...)
	}
	if o.address {
		if u, err := url.Parse(out.Request.URL); err == nil {
			out.Request.URL = u.RequestURI()
		}
	}
	if o.stamped || o.address {
		out.Request.Wire = nil // it has all of this in it
	}
	return out
}

func without(h http.Header, names ...string) http.Header {
	h = h.Clone()
	for _, name := range names {
		h.Del(name)
	}
	return h
}

// canonical is what the digest leaves out.
func canonical(s community.Settings) omissions {
	o := omissions{measured: true, stamped: s.Stamp != community.StampSchedule, address: true}
	if signature := s.Platform.Rules.Signature.Value; o.stamped && signature.TimestampHeader != "" {
		o.headers = signature.SigningScheme().Headers()
	}
	return o
}

func (a *API) digest(w http.ResponseWriter, r *http.Request, c *community.Community) error {
	if err := rest.NewQuery(r).Err(); err != nil {
		return err
	}
	digest, attempts, err := digestOf(r.Context(), c)
	if err != nil {
		return err
	}
	return rest.WriteJSON(w, http.StatusOK, map[string]any{"digest": digest, "attempts": attempts})
}

// digestOf returns the SHA-256 over the canonical lines of all attempts, and how many those are.
func digestOf(ctx context.Context, c *community.Community) (digest string, attempts int, err error) {
	entries, err := c.Replay(ctx, store.DeliveryFilter{})
	if err != nil {
		return "", 0, err
	}
	sum := sha256.New()
	attempts, err = writeLines(sum, entries, canonical(c.Settings()))
	return "sha256:" + hex.EncodeToString(sum.Sum(nil)), attempts, err
}
