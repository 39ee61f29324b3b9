// Package live writes what a mock server does as lines, while it does it. It stands alone to keep the commands small.
package live

import (
	"cmp"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/quintain-dev/quintain/cmd/internal/cli/term"
	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge/report/render"
	"github.com/quintain-dev/quintain/mockserver"
	"github.com/quintain-dev/quintain/mockserver/client"
)

// attemptLine is an attempt in the JSON lines of serve.
type attemptLine struct {
	Time       time.Time        `json:"time"`
	Kind       string           `json:"kind"` // attempt
	Community  string           `json:"community"`
	Event      string           `json:"event"`
	Delivery   string           `json:"delivery,omitempty"` // of a test there is none
	Attempt    int              `json:"attempt"`
	Copy       int              `json:"copy,omitempty"`
	Manual     bool             `json:"manual,omitempty"`
	URL        string           `json:"url"` // without user and query, which may hold secrets
	Status     int              `json:"status,omitempty"`
	DurationMS float64          `json:"duration_ms"`
	Outcome    contract.Outcome `json:"outcome"`
	Failure    contract.Failure `json:"failure,omitempty"`
	Reason     string           `json:"reason,omitempty"`
	Answer     string           `json:"answer,omitempty"` // the first line of the body, where the attempt failed
	State      contract.State   `json:"state,omitempty"`
	NextDue    *time.Time       `json:"next_due,omitempty"` // by the clock of the community
	Faults     []string         `json:"faults,omitempty"`
}

// requestLine is a request to an inbox in the JSON lines of serve.
type requestLine struct {
	Time      time.Time          `json:"time"`
	Kind      string             `json:"kind"` // request
	Community string             `json:"community"`
	Inbox     string             `json:"inbox"`
	Event     string             `json:"event,omitempty"`
	Attempt   int                `json:"attempt"`
	Method    string             `json:"method"`
	Bytes     int                `json:"bytes"`
	Valid     bool               `json:"valid"`
	Problems  []contract.Problem `json:"problems,omitempty"`
	Signature string             `json:"signature,omitempty"`
	Answered  string             `json:"answered,omitempty"`
}

// Observer prints a line for each attempt and each request to an inbox. A failed attempt has a second line for why.
func Observer(l *term.Lines) mockserver.Observer {
	return mockserver.Observer{
		Attempt: func(a mockserver.ObservedAttempt) {
			now := time.Now()
			l.Add(func() []byte {
				if l.AsJSON() {
					return term.JSONLine(newAttemptLine(now.UTC(), a))
				}
				return attemptText(now, a, term.Columns(l.To()))
			})
		},
		Request: func(r mockserver.ObservedRequest) {
			now := time.Now()
			l.Add(func() []byte {
				if l.AsJSON() {
					return term.JSONLine(requestLine{
						Time: now.UTC(), Kind: "request", Community: r.Community, Inbox: r.Inbox, Event: r.Event,
						Attempt: r.Attempt, Method: r.Method, Bytes: r.Bytes, Valid: r.Valid, Problems: r.Problems,
						Signature: r.Signature, Answered: r.Answered,
					})
				}
				return requestText(now, r, term.Columns(l.To()))
			})
		},
	}
}

func newAttemptLine(now time.Time, a mockserver.ObservedAttempt) attemptLine {
	out := attemptLine{
		Time: now, Kind: "attempt", Community: a.Community, Event: a.Event, Delivery: a.DeliveryID, Attempt: a.Number,
		Copy: a.Copy, Manual: a.Manual, URL: shownURL(a.URL).String(), Status: a.Status,
		DurationMS: float64(a.Duration.Microseconds()) / 1000, Outcome: a.Outcome, Failure: a.Failure, Reason: a.Reason,
		State: a.State, Faults: a.Faults,
	}
	if a.Outcome != contract.Accepted {
		out.Answer = term.FirstLine(a.Answer)
	}
	if !a.Due.IsZero() {
		out.NextDue = &a.Due
	}
	return out
}

// attemptText writes an attempt as 19:34:21 tribe member.created #1 → :3000/hooks 200 4.7ms 6700e1c0.
func attemptText(now time.Time, a mockserver.ObservedAttempt, columns int) []byte {
	var line strings.Builder
	fmt.Fprintf(&line, "%s %s %s", now.Format(time.TimeOnly), a.Community, a.Event)
	if a.DeliveryID != "" {
		fmt.Fprintf(&line, " #%d", a.Number)
	}
	fmt.Fprintf(&line, " → %s %s %s", shortURL(a.URL), answered(a), shortDuration(a.Duration))
	if a.DeliveryID != "" {
		line.WriteString(" " + a.DeliveryID[:min(len(a.DeliveryID), 8)])
	}
	if marks := marks(a); len(marks) > 0 {
		fmt.Fprintf(&line, " (%s)", strings.Join(marks, ", "))
	}
	line.WriteString(goesOn(a))
	text := render.Printable(line.String()) + "\n"
	if why := whyFailed(a); why != "" {
		text += term.Cut("         "+why, columns) + "\n"
	}
	return []byte(text)
}

// answered is the status, or what kept an answer away.
func answered(a mockserver.ObservedAttempt) string {
	if a.Status > 0 {
		return fmt.Sprint(a.Status)
	}
	return strings.ReplaceAll(string(a.Failure), "_", " ")
}

// marks are what is special about an attempt.
func marks(a mockserver.ObservedAttempt) (out []string) {
	if a.Copy > 0 {
		out = append(out, fmt.Sprintf("copy %d", a.Copy))
	}
	if a.Manual && a.DeliveryID != "" {
		out = append(out, "manual")
	}
	return append(out, a.Faults...)
}

// goesOn says how a delivery goes on that is not acknowledged.
func goesOn(a mockserver.ObservedAttempt) string {
	switch {
	case a.Due.IsZero() && (a.State == contract.Exhausted || a.State == contract.Canceled):
		return ", " + string(a.State)
	case a.Due.IsZero():
		return ""
	case a.In < time.Millisecond:
		return ", retry at once"
	case string(a.Clock) == client.ClockReal:
		return ", retry in " + shortDuration(a.In)
	}
	return fmt.Sprintf(", retry in %s of its %s clock", shortDuration(a.In), a.Clock)
}

// whyFailed is the reason of a failure and what the receiver said of it, fit for a terminal.
func whyFailed(a mockserver.ObservedAttempt) string {
	if a.Outcome == contract.Accepted {
		return ""
	}
	reason, answer := render.Printable(a.Reason), term.FirstLine(a.Answer)
	if a.Failure == contract.Refused {
		reason = "the connection was refused: nobody listens"
	}
	if reason == "" || answer == "" {
		return cmp.Or(reason, answer)
	}
	return reason + ": " + answer
}

// requestText writes a request to an inbox as 19:34:21 tribe member.created #1 → inbox shop 503 valid.
func requestText(now time.Time, r mockserver.ObservedRequest, columns int) []byte {
	valid := "valid"
	if !r.Valid {
		valid = "breaks its contract"
	}
	if r.Signature != "" {
		valid += ", signature " + strings.TrimPrefix(r.Signature, "signature ")
	}
	text := render.Printable(fmt.Sprintf("%s %s %s #%d → inbox %s %s, %s", now.Format(time.TimeOnly), r.Community,
		cmp.Or(r.Event, "unknown event"), r.Attempt, r.Inbox, cmp.Or(r.Answered, "broken off"), valid)) + "\n"
	if len(r.Problems) > 0 {
		first := r.Problems[0]
		why := strings.TrimPrefix(first.Pointer+": "+first.Message, ": ")
		if more := len(r.Problems) - 1; more > 0 {
			why += fmt.Sprintf(" (and %d more)", more)
		}
		text += term.Cut("         "+render.Printable(why), columns) + "\n"
	}
	return []byte(text)
}

// shownURL is a URL without what may be secret in it: the user, and the query.
func shownURL(raw string) *url.URL {
	u, err := url.Parse(raw)
	if err != nil { // a webhook was made of it
		return &url.URL{}
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}
}

// shortURL is where a request goes, in short: :3000/hooks on this machine, example.com/hooks elsewhere.
func shortURL(raw string) string {
	u := shownURL(raw)
	host := u.Host
	ip := net.ParseIP(u.Hostname())
	if port := u.Port(); port != "" && (u.Hostname() == "localhost" || ip.IsLoopback()) {
		host = net.JoinHostPort("", port)
	}
	return host + u.EscapedPath()
}

// shortDuration writes a duration as 4.7ms, 5s, 5m or 1h30m.
func shortDuration(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%.1fms", float64(d.Microseconds())/1000)
	case d < 10*time.Second:
		d = d.Round(100 * time.Millisecond)
	default:
		d = d.Round(time.Second)
	}
	text := d.String()
	for _, whole := range []string{"m0s", "h0m"} { // of which the zero says nothing
		if strings.HasSuffix(text, whole) {
			text = text[:len(text)-2]
		}
	}
	return text
}
