package contracttest_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/contracttest"
	"github.com/quintain-dev/quintain/contract/contracttest/reference"
)

// few makes a run short where the receiver is slow, or the point is made by one event.
func few(events ...string) func(*contracttest.Receiver) {
	return func(r *contracttest.Receiver) { r.Events, r.Seeds, r.Concurrency = events, 2, 16 }
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
		change   func(*contracttest.Receiver)
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
		{name: "a Mighty receiver without a key", platform: "mighty", receiver: reference.New(load(t, "mighty"), ""), change: func(r *contracttest.Receiver) { r.Secret = "" }},
		{name: "a Mighty receiver without a key, that is sent one", platform: "mighty", receiver: reference.New(load(t, "mighty"), ""), may: []string{"SIG-1 must", "SIG-8 must", "SIG-8 should"}},
		{name: "that takes 150 ms", platform: "mighty", receiver: relay(right("mighty"), func(r *http.Request) {
			select {
			case <-time.After(150 * time.Millisecond):
			case <-r.Context().Done():
			}
		}), change: func(r *contracttest.Receiver) {
			few("EventCreated")(r)
			r.Rules = []string{"ACK-1", "ACK-2", "ACK-6", "DUP-1", "DUP-2", "RTY-1", "SIG-1", "SIG-8", "BAD-2"}
		}},
		{name: "that closes the connection after each answer, and says so", platform: "tribe", receiver: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Connection", "close")
			right("tribe").ServeHTTP(w, r)
		})},
		{name: "that takes each delivery once, and says so with 200", platform: "tribe", receiver: once(tribe)},
		{name: "that declares dots", platform: "ambassify", receiver: right("ambassify"), change: func(r *contracttest.Receiver) {
			few("person.created")(r)
			r.FormStyle = contract.Dots
		}},
	}
	for _, c := range cases {
		t.Run(c.platform+" "+c.name, func(t *testing.T) {
			t.Parallel()
			report := judge(t, c.platform, c.receiver, func(r *contracttest.Receiver) {
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
	p := *load(t, "tryno")
	p.Rules.Signature.Value = p.Rules.Signature.Value.Read(reading)
	p.Rules.Signature.Value.Readings = nil
	return reference.New(&p, secret)
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

// TestRawConnections: receivers that are not made with net/http, and treat their connections in other ways.
func TestRawConnections(t *testing.T) {
	t.Parallel()
	for name, style := range map[string]string{
		"HTTP/1.0":                            "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n",
		"HTTP/1.1 that closes without a word": "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 22\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := raw(t, func(conn net.Conn, r *http.Request) {
				io.Copy(io.Discard, r.Body)
				io.WriteString(conn, style+`{"status":"SUCCEEDED"}`)
			})
			report, err := contracttest.Verify(t.Context(), contracttest.Receiver{URL: url, Platform: load(t, "ambassify"), Rules: []string{"ACK-1", "ACK-2", "DUP-1", "DUP-2", "RTY-1"}, Seeds: 5})
			require.NoError(t, err)
			require.Empty(t, failures(report), text(t, report))
		})
	}
}

// TestOneAtATime: a server that serves one connection at a time, TLS handshake and all, takes ten at once one by one.
func TestOneAtATime(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"http", "https"} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			var one sync.Mutex
			srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				io.Copy(io.Discard, r.Body)
				w.Header().Set("Connection", "close")
			}))
			srv.Listener = &oneByOne{Listener: srv.Listener, one: &one}
			r := contracttest.Receiver{Platform: load(t, "ambassify"), Rules: []string{"DUP-2", "ACK-1"}, Events: []string{"person.created"}}
			if scheme == "https" {
				srv.StartTLS()
				transport := srv.Client().Transport.(*http.Transport).Clone()
				transport.MaxIdleConnsPerHost = -1
				r.Transport = transport
			} else {
				srv.Start()
			}
			defer srv.Close()
			r.URL = srv.URL
			report, err := contracttest.Verify(t.Context(), r)
			require.NoError(t, err)
			require.Empty(t, failures(report), text(t, report))
		})
	}
}

// TestFewConnections: a server that throws away all connections but some is not blamed for duplicates; one that throws
// away the duplicates is.
func TestFewConnections(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var open int
	var bodies []string
	serve := func(tooMany func(body string) bool) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			mu.Lock()
			full := tooMany(string(body))
			open++
			bodies = append(bodies, string(body))
			mu.Unlock()
			defer func() {
				mu.Lock()
				defer mu.Unlock()
				open--
				bodies = slices.DeleteFunc(bodies, func(b string) bool { return b == string(body) })
			}()
			if full {
				panic(http.ErrAbortHandler)
			}
			select { // long enough for the others to come
			case <-time.After(20 * time.Millisecond):
			case <-r.Context().Done():
			}
		})
	}
	run := func(receiver http.Handler) *contracttest.Report {
		return judge(t, "ambassify", receiver, func(r *contracttest.Receiver) {
			r.Rules, r.Events, r.Concurrency = []string{"ACK-1", "DUP-2"}, []string{"person.created"}, 1
		})
	}
	few := run(serve(func(string) bool { return open >= 3 }))
	require.Empty(t, failures(few), text(t, few))
	require.Contains(t, text(t, few), "the receiver does not answer 10 deliveries at once, whichever they are")
	require.Contains(t, text(t, few), "the receiver does not answer 5 deliveries at once, whichever they are")
	once := run(serve(func(body string) bool { return slices.Contains(bodies, body) }))
	require.Equal(t, []string{"DUP-2 must"}, failures(once), text(t, once))
}

// oneByOne is a listener that has one connection open at a time.
type oneByOne struct {
	net.Listener
	one *sync.Mutex
}

func (l *oneByOne) Accept() (net.Conn, error) {
	l.one.Lock()
	conn, err := l.Listener.Accept()
	if err != nil {
		l.one.Unlock()
		return nil, err
	}
	return &oneConn{Conn: conn, done: sync.OnceFunc(l.one.Unlock)}, nil
}

type oneConn struct {
	net.Conn
	done func()
}

func (c *oneConn) Close() error {
	defer c.done()
	return c.Conn.Close()
}

// raw listens, reads one request from each connection, and closes it after the answer.
func raw(t *testing.T, answer func(net.Conn, *http.Request)) (url string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer conn.Close()
				if r, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
					answer(conn, r)
				}
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		wg.Wait()
	})
	return "http://" + listener.Addr().String()
}

// TestAttacks: receivers that are broken in the crudest ways get exactly the rules that they break.
func TestAttacks(t *testing.T) {
	t.Parallel()
	always := func(code int) func(*contract.Platform) http.Handler {
		return func(*contract.Platform) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(code)
			})
		}
	}
	all := []string{"ACK-1 must", "ACK-1 should", "ACK-2 must", "ACK-2 should", "ACK-3 should"}
	mighty := []string{"ACK-1 must", "ACK-2 must", "ACK-3 should"}
	cases := []struct {
		name     string
		platform string
		receiver func(*contract.Platform) http.Handler
		want     []string
		note     string
	}{
		{name: "answers 200 to everything", platform: "tribe", receiver: always(200),
			want: []string{"BAD-1 should", "HSK-1 must", "SIG-1 must", "SIG-2 must", "SIG-3 must", "SIG-4 must", "SIG-5 should", "SIG-6 must"}},
		{name: "answers 200 to everything", platform: "tryno", receiver: always(200), want: []string{"BAD-1 should", "SIG-1 must", "SIG-2 must", "SIG-3 must", "SIG-4 must"}},
		{name: "redirects everyone, which this platform takes for an acknowledgement", platform: "tryno",
			receiver: func(*contract.Platform) http.Handler { return http.RedirectHandler("/login", http.StatusFound) }, want: []string{"SIG-1 must", "SIG-2 must", "SIG-3 must", "SIG-4 must"}},
		{name: "answers 200 to everything", platform: "mighty", receiver: always(200), want: []string{"BAD-1 should", "SIG-1 must", "SIG-8 must", "SIG-8 should"}},
		{name: "answers 200 to everything", platform: "ambassify", receiver: always(200), want: []string{"BAD-1 should"}},
		{name: "answers 404 to everything", platform: "tribe", receiver: always(404), want: append(all, "HSK-1 must"), note: "every good delivery was answered 404"},
		{name: "answers 401 to everything", platform: "tryno", receiver: always(401), want: append(all, "HSK-3 must"), note: "is the secret that was given the receiver's?"},
		{name: "answers 500 to everything", platform: "mighty", receiver: always(500), want: mighty, note: "every good delivery was answered 500"},
		{name: "answers 204 to everything", platform: "mighty", receiver: always(204), want: append(mighty, "ACK-6 must"), note: "every good delivery was answered 204: the platform wants 200 exactly"},
		{name: "answers 302 to everything", platform: "ambassify", receiver: always(302), want: all, note: "every good delivery was answered 302"},
		{name: "answers 302 to everything", platform: "mighty", receiver: always(302), want: mighty, note: "every good delivery was answered 302"},
		{name: "closes every connection", platform: "ambassify", receiver: func(*contract.Platform) http.Handler {
			return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
		}, want: all, note: "every good delivery was left without a complete answer"},
		{name: "is wrong for one event only", platform: "tribe", receiver: refuses(func(raw []byte) bool { return at(raw, "/data/name") == "member.updated" }),
			want: []string{"ACK-1 must", "ACK-2 must", "ACK-3 should"}},
		{name: "is wrong for an inferred event only", platform: "tribe", receiver: refuses(func(raw []byte) bool { return at(raw, "/data/name") == "member.deleted" }),
			want: []string{"ACK-1 should", "ACK-2 should", "ACK-3 should"}},
		{name: "is wrong at the second delivery of anything", platform: "ambassify", receiver: refusesFrom(2),
			want: []string{"DUP-1 must", "DUP-1 should", "DUP-2 must", "DUP-2 should", "RTY-1 must", "RTY-1 should"}},
		{name: "does not check signatures for one event", platform: "tribe", receiver: func(p *contract.Platform) http.Handler {
			return wrong(p, func(w http.ResponseWriter, _ *http.Request, raw []byte) bool {
				return at(raw, "/data/name") == "member_invitation.accepted" && succeed(w)
			})
		}, want: []string{"SIG-1 must", "SIG-2 must", "SIG-3 must", "SIG-4 must", "SIG-5 should", "SIG-6 must"}},
	}
	for _, c := range cases {
		t.Run(c.platform+" "+c.name, func(t *testing.T) {
			t.Parallel()
			report := judge(t, c.platform, c.receiver(load(t, c.platform)), func(r *contracttest.Receiver) {
				r.Seeds, r.Events = 5, enough[c.platform]
			})
			require.ElementsMatch(t, c.want, failures(report), text(t, report))
			if c.note != "" {
				require.Contains(t, strings.Join(report.Notes, "\n"), c.note)
			}
		})
	}
}

// TestAReceiverThatTripsOverPayloads: what some payloads do to a receiver is ACK-1's and ACK-2's, whatever else was done to
// them in the scenarios that came upon it.
func TestAReceiverThatTripsOverPayloads(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{1, 2, 3} {
		report := judge(t, "tribe", wrong(load(t, "tribe"), func(w http.ResponseWriter, _ *http.Request, raw []byte) bool {
			id := at(raw, "/data/id")
			return id != "" && (id[0] == '7' || id[1] == '7') && refuse(w, http.StatusInternalServerError)
		}), func(r *contracttest.Receiver) {
			r.Seed, r.Events = seed, []string{"member.created", "member_invitation.accepted"}
		})
		require.Contains(t, failures(report), "ACK-2 must")
		require.Subset(t, []string{"ACK-1 must", "ACK-2 must"}, failures(report), text(t, report))
	}
}

// TestNotes: the report says what one should know before one reads the failures.
func TestNotes(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	taken := 0
	limited := judge(t, "mighty", wrong(load(t, "mighty"), func(w http.ResponseWriter, _ *http.Request, _ []byte) bool {
		mu.Lock()
		defer mu.Unlock()
		taken++
		return taken > 20 && refuse(w, http.StatusTooManyRequests)
	}))
	require.Contains(t, strings.Join(limited.Notes, "\n"), "good deliveries were answered 429 (")

	deaf := judge(t, "tribe", wrong(load(t, "tribe"), func(w http.ResponseWriter, _ *http.Request, raw []byte) bool {
		return at(raw, "/type") != "TEST" && refuse(w, http.StatusNotFound)
	}), func(r *contracttest.Receiver) { r.Rules = []string{"HSK-1", "HSK-2"} })
	require.Equal(t, []string{"ACK-2 must", "ACK-2 should"}, failures(deaf), "that it takes no event says nothing about HSK-2, or LIVE-1")
	require.Equal(t, []string{"every good delivery was answered 404: the platform wants a 2xx status"}, deaf.Notes)
}

// TestRemarksAreFew: what is remarked upon in many scenarios is said once for each rule.
func TestRemarksAreFew(t *testing.T) {
	t.Parallel()
	report := judge(t, "tribe", answering(reference.New(load(t, "tribe"), secret), status(http.StatusFound)))
	require.Empty(t, failures(report), text(t, report))
	require.Less(t, strings.Count(text(t, report), "remark "), 12, text(t, report))
}

// TestAReceiverThatDiesOfRubbish: what rubbish brought down is found at the rubbish, and at no other rule.
func TestAReceiverThatDiesOfRubbish(t *testing.T) {
	t.Parallel()
	tribe := load(t, "tribe")
	var mu sync.Mutex
	dead := false
	report := judge(t, "tribe", wrong(tribe, func(_ http.ResponseWriter, _ *http.Request, raw []byte) bool {
		mu.Lock()
		defer mu.Unlock()
		if dead = dead || len(raw) > 0 && !json.Valid(raw) && raw[0] == '{' && len(raw) > 20 && raw[len(raw)-1] != ']' && !strings.HasPrefix(string(raw), "{ "); dead {
			panic(http.ErrAbortHandler)
		}
		return false
	}))
	require.Equal(t, []string{"BAD-1 must", "LIVE-1 must"}, failures(report), text(t, report))
}

// TestAReceiverThatHangs: one that never answers cannot be judged; one that hangs now and then is.
func TestAReceiverThatHangs(t *testing.T) {
	t.Parallel()
	hang := func(_ http.ResponseWriter, r *http.Request, _ []byte) bool {
		<-r.Context().Done()
		return true
	}
	short := func(r *contracttest.Receiver) { r.Timeout, r.Concurrency = 2*time.Second, 16 }
	tribe := load(t, "tribe")
	t.Run("on everything", func(t *testing.T) {
		t.Parallel()
		srv := httptest.NewServer(wrong(tribe, hang))
		defer srv.Close()
		_, err := contracttest.Verify(t.Context(), contracttest.Receiver{URL: srv.URL, Platform: tribe, Secret: secret, Timeout: time.Second})
		var e *contracttest.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, contracttest.Unreachable, e.Kind)
		require.Contains(t, e.Error(), "accepts connections but does not answer within 1s")
	})
	t.Run("on the first event", func(t *testing.T) {
		t.Parallel()
		report := judge(t, "tribe", wrong(tribe, func(w http.ResponseWriter, r *http.Request, raw []byte) bool {
			return at(raw, "/data/name") == "member.created" && hang(w, r, raw)
		}), short)
		require.Equal(t, []string{"ACK-1 must", "ACK-2 must", "ACK-3 should"}, failures(report), text(t, report))
	})
	t.Run("on rubbish", func(t *testing.T) {
		t.Parallel()
		report := judge(t, "tribe", wrong(tribe, func(w http.ResponseWriter, r *http.Request, raw []byte) bool {
			return string(raw) == "[]" && hang(w, r, raw)
		}), short)
		require.Equal(t, []string{"BAD-2 must"}, failures(report), text(t, report))
	})
	t.Run("on what is not signed", func(t *testing.T) {
		t.Parallel()
		report := judge(t, "tribe", answering(reference.New(tribe, secret), func(http.ResponseWriter) { panic(http.ErrAbortHandler) }), short)
		require.Equal(t, []string{"BAD-1 must", "BAD-2 must", "SIG-4 must"}, failures(report), text(t, report))
	})
	t.Run("after the first deliveries", func(t *testing.T) {
		t.Parallel()
		var mu sync.Mutex
		got := 0
		report := judge(t, "mighty", wrong(load(t, "mighty"), func(w http.ResponseWriter, r *http.Request, raw []byte) bool {
			mu.Lock()
			got++
			n := got
			mu.Unlock()
			return n > 1 && hang(w, r, raw)
		}), short)
		require.True(t, report.Failed(), text(t, report))
		require.NotZero(t, report.Scenarios.NotRun)
	})
}
