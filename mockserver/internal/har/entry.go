package har

import (
	"cmp"
	"encoding/base64"
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// httpVersion is what the sender speaks.
const httpVersion = "HTTP/1.1"

// unknown is a size, or a timing, that is not known.
const unknown = -1

// notKept is the comment on a body that was cut.
const notKept = "there was more, which was not kept"

// Of makes the entry of an attempt.
func Of(e store.Entry) Entry {
	a := e.Attempt
	timings, total := timingsOf(a.Phases, a.Duration)
	out := Entry{
		StartedDateTime: began(a).UTC(),
		Time:            total,
		Request:         requestOf(a.Request),
		Response:        responseOf(a),
		Timings:         timings,
		ID:              a.ID,
		Attempt:         a.Number,
		Manual:          a.Manual,
		Delivery:        a.DeliveryID,
		Sequence:        e.Delivery.Sequence,
		Webhook:         a.WebhookID,
		Event:           a.EventType,
		EventID:         e.Delivery.EventID,
		Due:             a.Due,
		Sent:            a.Sent,
		Outcome:         string(a.Outcome),
		Faults:          a.Faults,
	}
	if remote, err := netip.ParseAddrPort(a.Phases.Remote); err == nil {
		out.ServerIPAddress = remote.Addr().Unmap().WithZone("").String()
	}
	return out
}

func requestOf(r store.Request) Request {
	out := Request{
		Method:      r.Method,
		URL:         r.URL,
		HTTPVersion: httpVersion,
		Cookies:     []Cookie{},
		Headers:     pairs(r.Header),
		QueryString: query(r.URL),
		PostData:    PostData{MimeType: r.Header.Get("Content-Type")},
		HeadersSize: unknown,
		BodySize:    len(r.Body),
	}
	out.PostData.Text, out.PostData.Encoding = text(r.Body)
	if r.Truncated {
		out.BodySize, out.PostData.Comment = unknown, notKept
	}
	return out
}

func responseOf(a store.Attempt) Response {
	r := a.Response
	if r == nil {
		return Response{
			Cookies: []Cookie{}, Headers: []Pair{}, Content: Content{MimeType: "x-unknown"}, HeadersSize: unknown, BodySize: unknown,
			Error: strings.TrimSuffix(string(a.Failure)+": "+a.Error, ": "),
		}
	}
	out := Response{
		Status:      r.Status,
		StatusText:  http.StatusText(r.Status),
		HTTPVersion: httpVersion,
		Cookies:     cookies(r.Header),
		Headers:     pairs(r.Header),
		Content:     Content{Size: len(r.Body), MimeType: cmp.Or(r.Header.Get("Content-Type"), "x-unknown")},
		RedirectURL: r.Header.Get("Location"),
		HeadersSize: unknown,
		BodySize:    len(r.Body),
	}
	out.Content.Text, out.Content.Encoding = text(r.Body)
	if r.Truncated {
		out.BodySize, out.Content.Comment = unknown, notKept
	}
	return out
}

// text returns a body as JSON can carry it.
func text(body []byte) (text, encoding string) {
	if utf8.Valid(body) {
		return string(body), ""
	}
	return base64.StdEncoding.EncodeToString(body), "base64"
}

// pairs lists headers by name.
func pairs(h http.Header) []Pair {
	out := []Pair{}
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			out = append(out, Pair{name, value})
		}
	}
	return out
}

// query lists the parameters of a URL in the order in which they stand.
func query(raw string) []Pair {
	out := []Pair{}
	u, err := url.Parse(raw)
	if err != nil {
		return out
	}
	for part := range strings.SplitSeq(u.RawQuery, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		out = append(out, Pair{unescape(name), unescape(value)})
	}
	return out
}

// unescape decodes a part of a query, and returns one that cannot be decoded as it is.
func unescape(s string) string {
	if decoded, err := url.QueryUnescape(s); err == nil {
		return decoded
	}
	return s
}

func cookies(h http.Header) []Cookie {
	out := []Cookie{}
	for _, c := range (&http.Response{Header: h}).Cookies() {
		cookie := Cookie{Name: c.Name, Value: c.Value, Path: c.Path, Domain: c.Domain, HTTPOnly: c.HttpOnly, Secure: c.Secure}
		if !c.Expires.IsZero() {
			cookie.Expires = &c.Expires
		}
		out = append(out, cookie)
	}
	return out
}

// began returns when an attempt began: in real time, or, where that was left out, on the schedule.
func began(a store.Attempt) time.Time {
	if a.Begun.IsZero() {
		return a.Sent
	}
	return a.Begun
}
