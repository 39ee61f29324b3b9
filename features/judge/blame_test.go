package judge_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge"
	"github.com/quintain-dev/quintain/features/judge/reference"
)

// few makes a run short where the receiver is slow, or the point is made by one event.
func few(events ...string) func(*judge.Receiver) {
	return func(r *judge.Receiver) { r.Events, r.Seeds, r.Concurrency = events, 2, 16 }
}

// relay hands everything on, and does something to the request first.
func relay(to http.Handler, change func(*http.Request)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		change(r)
		to.ServeHTTP(w, r)
	})
}

// answering replaces the status of every refusal of a receiver.
func answering(to http.Handler, refusal func(w http.ResponseWriter)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		to.ServeHTTP(rec, r)
		if rec.Code >= 400 {
			refusal(w)
			return
		}
		for name, values := range rec.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(rec.Code)
		io.Copy(w, rec.Body)
	})
}

func status(code int) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { w.WriteHeader(code) }
}

// TestNoFalseBlame: receivers that are right in another way than the reference are not blamed for anything.
func TestNoFalseBlame(t *testing.T) {
	t.Parallel()
	tribe := load(t, "tribe")
	byStatus := func(code int) http.Handler {
		return byHand(secret, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) })
	}
	rights := map[string]http.Handler{}
	for _, name := range contract.Names() {
		rights[name] = reference.New(load(t, name), secret)
	}
	right := func(name string) http.Handler { return rights[name] }
	cases := []struct {
		name     string
		platform string
		receiver http.Handler
		may      []string // should rules that it may break
		change   func(*judge.Receiver)
	}{
		{name: "a Tribe receiver written by hand, that refuses with 401", platform: "tribe", receiver: byStatus(401), may: []string{"BAD-1 should"}},
		{name: "that refuses with 403", platform: "tribe", receiver: byStatus(403), may: []string{"BAD-1 should"}},
		{name: "that refuses with 400", platform: "tribe", receiver: byStatus(400), may: []string{"BAD-1 should"}},
		{name: "that refuses with 404", platform: "tribe", receiver: byStatus(404), may: []string{"BAD-1 should"}},
		{name: "that redirects what is not signed to a login page", platform: "tribe", receiver: byHand(secret, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/login", http.StatusFound)
		}), may: []string{"BAD-1 should"}},
		{name: "that refuses with 200 and FAILED in the body, as the vendor's apps do", platform: "tribe", receiver: byHand(secret, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, `{"type":"SUBSCRIPTION","status":"FAILED","errorCode":112}`)
		}), may: []string{"BAD-1 should"}},
		{name: "that answers a challenge with Succeeded", platform: "tribe", receiver: answered(right("tribe"), func(b string) string {
			return strings.ReplaceAll(b, "SUCCEEDED", "Succeeded")
		})},
		{name: "that answers nothing but a status", platform: "tribe", receiver: answered(right("tribe"), func(b string) string {
			if strings.Contains(b, "challenge") {
				return b
			}
			return ""
		})},
		{name: "that answers 204 to events", platform: "tribe", receiver: noContent(right("tribe"))},
		{name: "that answers 202", platform: "ambassify", receiver: noContent(right("ambassify")), change: few("person.created", "campaign.created")},
		{name: "a Tryno receiver that acknowledges with a redirect, as the guide allows", platform: "tryno", receiver: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			rec := httptest.NewRecorder()
			right("tryno").ServeHTTP(rec, r)
			if rec.Code == http.StatusOK {
				http.Redirect(w, r, "/done", http.StatusSeeOther)
				return
			}
			w.WriteHeader(rec.Code)
		}), change: few("member.joined", "payment.refunded")},
		{name: "that reads a signature after sha256= only", platform: "tryno", receiver: readingOnly(t, contract.Reading{Encoding: "hex", Prefix: "sha256="})},
		{name: "that reads a signature in base64 only", platform: "tryno", receiver: readingOnly(t, contract.Reading{Encoding: "base64"})},
		{name: "that breaks with 500 on whatever is not signed", platform: "tribe", receiver: answering(right("tribe"), status(500)), may: []string{"SIG-4 must", "BAD-1 must", "BAD-2 must"}},
		{name: "that stores first and reads later", platform: "tribe", receiver: storesFirst(tribe), may: []string{"BAD-1 should"}},
		{name: "a Mighty receiver without a key", platform: "mighty", receiver: reference.New(load(t, "mighty"), ""), change: func(r *judge.Receiver) { r.Secret = "" }},
		{name: "a Mighty receiver without a key, that is sent one", platform: "mighty", receiver: reference.New(load(t, "mighty"), ""), may: []string{"SIG-1 must", "SIG-8 must", "SIG-8 should"}},
		{name: "that breaks with 500 where there is no signature at all", platform: "tryno", receiver: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if len(r.Header.Values("X-Tryno-Signature")) == 0 {
				w.WriteHeader(http.StatusInternalServerError)
				return
			}
			right("tryno").ServeHTTP(w, r)
		})},
		{name: "that does not look at what stands before the signature", platform: "tryno", receiver: relay(right("tryno"), func(r *http.Request) {
			if _, digits, ok := strings.Cut(r.Header.Get("X-Tryno-Signature"), "="); ok && len(digits) == 64 {
				r.Header.Set("X-Tryno-Signature", digits)
			}
		})},
		{name: "that answers 415 before it looks at the signature", platform: "tribe", receiver: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Content-Type") != "application/json" {
				w.WriteHeader(http.StatusUnsupportedMediaType)
				return
			}
			right("tribe").ServeHTTP(w, r)
		})},
		{name: "that takes the first word after Bearer for the key", platform: "mighty", receiver: relay(right("mighty"), func(r *http.Request) {
			if words := strings.Fields(r.Header.Get("Authorization")); len(words) > 1 {
				r.Header.Set("Authorization", words[0]+" "+words[1])
			}
		})},
		{name: "that takes 150 ms", platform: "mighty", receiver: relay(right("mighty"), func(r *http.Request) {
			select {
			case <-time.After(150 * time.Millisecond):
			case <-r.Context().Done():
			}
		}), change: func(r *judge.Receiver) {
			few("EventCreated")(r)
			r.Rules = []string{"ACK-1", "ACK-2", "ACK-6", "DUP-1", "DUP-2", "RTY-1", "SIG-1", "SIG-8", "BAD-2"}
		}},
		{name: "that closes the connection after each answer, and says so", platform: "tribe", receiver: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Connection", "close")
			right("tribe").ServeHTTP(w, r)
		})},
		{name: "that takes each delivery once, and says so with 200", platform: "tribe", receiver: once(tribe)},
		{name: "that declares dots", platform: "ambassify", receiver: right("ambassify"), change: func(r *judge.Receiver) {
			few("person.created")(r)
			r.FormStyle = contract.Dots
		}},
	}
	for _, c := range some(cases) {
		t.Run(c.platform+" "+c.name, func(t *testing.T) {
			t.Parallel()
			report := judged(t, c.platform, c.receiver, func(r *judge.Receiver) {
				r.Seeds, r.Events = 5, enough[c.platform]
				if c.change != nil {
					c.change(r)
				}
			})
			for _, failed := range failures(report) {
				require.Contains(t, c.may, failed, text(t, report))
			}
			for _, may := range c.may {
				require.Contains(t, failures(report), may, "the case is about nothing:\n%s", text(t, report))
			}
		})
	}
}

// answered rewrites the body of every answer.
func answered(to http.Handler, rewrite func(string) string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		to.ServeHTTP(rec, r)
		w.Header().Set("Content-Type", rec.Header().Get("Content-Type"))
		w.WriteHeader(rec.Code)
		io.WriteString(w, rewrite(rec.Body.String()))
	})
}

// noContent answers 204 where it would answer 200 without a challenge.
func noContent(to http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		to.ServeHTTP(rec, r)
		if rec.Code == http.StatusOK && !strings.Contains(rec.Body.String(), "challenge") {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("Content-Type", rec.Header().Get("Content-Type"))
		w.WriteHeader(rec.Code)
		io.Copy(w, rec.Body)
	})
}

// readingOnly is a Tryno receiver that understood the documentation in one way.
func readingOnly(t *testing.T, reading contract.Reading) http.Handler {
	return reference.New(reads(load(t, "tryno"), reading), secret)
}

// storesFirst acknowledges whatever is signed, before it reads it.
func storesFirst(p *contract.Platform) http.Handler {
	return wrong(p, func(w http.ResponseWriter, r *http.Request, raw []byte) bool {
		err := p.Rules.Signature.Value.SigningScheme().Verify(r.Header, secret, raw, time.Now())
		return err == nil && at(raw, "/type") != "TEST" && succeed(w)
	})
}

// once processes each event once and acknowledges its repetitions without looking at them.
func once(p *contract.Platform) http.Handler {
	seen := newIDs()
	return wrong(p, func(w http.ResponseWriter, r *http.Request, raw []byte) bool {
		err := p.Rules.Signature.Value.SigningScheme().Verify(r.Header, secret, raw, time.Now())
		return err == nil && idOf(p, raw) != "" && seen.add(p, raw) > 1 && succeed(w)
	})
}

// judgeKey judges the reference receiver with a bearer key.
func judgeKey(t *testing.T, key string) *judge.Report {
	return judged(t, "mighty", reference.New(load(t, "mighty"), key), func(r *judge.Receiver) {
		r.Secret, r.Events, r.Rules = key, []string{"EventCreated"}, []string{"SIG-1", "SIG-8"}
	})
}

// TestATransportThatIsPicky: a header that the caller's transport does not send is not the receiver's fault.
func TestATransportThatIsPicky(t *testing.T) {
	t.Parallel()
	report := judged(t, "tribe", reference.New(load(t, "tribe"), secret), func(r *judge.Receiver) {
		r.Events, r.Rules, r.Transport = []string{"member.created"}, []string{"SIG-4"}, picky{}
	})
	require.Empty(t, failures(report), text(t, report))
	require.Contains(t, text(t, report), "the transport does not send it")
}

// picky sends no header with letters beyond ASCII.
type picky struct{}

func (picky) RoundTrip(r *http.Request) (*http.Response, error) {
	for _, c := range []byte(r.Header.Get("X-Tribe-Signature")) {
		if c >= 0x80 {
			return nil, errors.New("a letter beyond ASCII")
		}
	}
	return http.DefaultTransport.RoundTrip(r)
}
