package cause

import (
	"context"
	"net/http"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/features/judge/internal/exchange"
	"github.com/quintain-dev/quintain/features/judge/internal/rule"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// lab is a laboratory with a receiver that is a function of what a delivery is: its body, and whether it came alone.
type lab struct {
	accepts   func(body string, alone bool) bool
	strangers exchange.Answer
	sent      []string
}

func (l *lab) Accepts(_ context.Context, d exchange.Delivery) (bool, error) {
	l.sent = append(l.sent, string(d.Body))
	return l.accepts(string(d.Body), false), nil
}

func (l *lab) Alone(_ context.Context, fn func(func(exchange.Delivery) (exchange.Answer, bool))) {
	fn(func(d exchange.Delivery) (exchange.Answer, bool) {
		l.sent = append(l.sent, "alone "+string(d.Body))
		if l.accepts(string(d.Body), true) {
			return exchange.Answer{Status: 200}, true
		}
		return exchange.Answer{Status: 400}, false
	})
}

func (l *lab) Resigned(d exchange.Delivery) exchange.Delivery { return d }
func (l *lab) Renewed(d exchange.Delivery) exchange.Delivery {
	d.Body = append([]byte("new id "), d.Body...)
	return d
}
func (l *lab) Another(d exchange.Delivery) exchange.Delivery    { return d }
func (l *lab) Unmodified(d exchange.Delivery) exchange.Delivery { d.Body = d.Base; return d }
func (l *lab) Stranger(context.Context) (exchange.Exchange, error) {
	return exchange.Exchange{Answer: l.strangers}, nil
}

var (
	hangsUp     = exchange.Answer{Problem: "closed", Err: syscall.ECONNRESET, Reached: true}
	rejected    = exchange.Answer{Status: 400, Reached: true}
	strained503 = exchange.Answer{Status: 503, Reached: true}
)

func only(bodies ...string) func(string, bool) bool {
	return func(body string, _ bool) bool {
		for _, b := range bodies {
			if b == body {
				return true
			}
		}
		return false
	}
}

// TestExplain: each explanation is reached by the facts that call for it, and by no others.
func TestExplain(t *testing.T) {
	t.Parallel()
	about := rule.Rule{ID: "X-1"}
	proof := rule.Rule{ID: "X-2", Proof: true}
	sequence := rule.Rule{ID: "X-3", Sequence: true}
	plain := exchange.Delivery{Event: "e", Body: []byte("plain")}
	modified := exchange.Delivery{Event: "e", Body: []byte("modified"), Base: []byte("base"), Label: "modified"}
	for name, c := range map[string]struct {
		fact      Fact
		accepts   func(string, bool) bool
		proven    bool // a plain delivery was acknowledged before something bad was sent
		strangers exchange.Answer
		cause     string
		rule      string // the rule that is blamed; empty: nobody
		ruledOut  []report.RuledOut
	}{
		"a plain payload": {
			fact: Fact{Rule: about, Exchange: exchange.Exchange{Delivery: plain, Answer: rejected}}, accepts: only(),
			cause: "this payload", rule: rule.Owner(rule.OwnsPayload).ID,
		},
		"a modified payload that is rejected unmodified": {
			fact: Fact{Rule: about, Exchange: exchange.Exchange{Delivery: modified, Answer: rejected}}, accepts: only(),
			cause: "this payload", rule: rule.Owner(rule.OwnsPayload).ID,
		},
		"a modified payload that is rejected under its own id": {
			fact: Fact{Rule: about, Exchange: exchange.Exchange{Delivery: modified, Answer: rejected}}, accepts: only("new id base"),
			cause: "id seen before", rule: rule.Owner(rule.OwnsPayload).ID,
			ruledOut: []report.RuledOut{{Cause: "this payload", Saw: "unmodified: acknowledged"}},
		},
		"what was done to the payload": {
			fact: Fact{Rule: about, Exchange: exchange.Exchange{Delivery: modified, Answer: rejected}}, accepts: only("new id base", "base"),
			cause: "this rule", rule: "X-1",
			ruledOut: []report.RuledOut{
				{Cause: "this payload", Saw: "unmodified: acknowledged"},
				{Cause: "id seen before", Saw: "unmodified, under its own id: acknowledged"},
			},
		},
		"a plain payload that was fine before something bad, and so is nothing now": {
			fact: Fact{Rule: about, Exchange: exchange.Exchange{Delivery: plain, Answer: rejected}}, accepts: only(), proven: true,
			cause: "poisoned by something earlier", rule: rule.Owner(rule.OwnsSurvival).ID,
		},
		"a plain payload that alone is rejected, before something bad and after it": {
			fact: Fact{Rule: about, Exchange: exchange.Exchange{Delivery: plain, Answer: rejected}}, accepts: only("new id proven"), proven: true,
			cause: "this payload", rule: rule.Owner(rule.OwnsPayload).ID,
			ruledOut: []report.RuledOut{{Cause: "poisoned by something earlier", Saw: "a delivery from before is still acknowledged"}},
		},
		"a good delivery after something bad, each time": {
			fact: Fact{Kind: AfterBad, Rule: about, Exchange: exchange.Exchange{Delivery: plain, Answer: rejected}}, accepts: only(),
			cause: "poisoned by something earlier", rule: rule.Owner(rule.OwnsSurvival).ID,
		},
		"an event of a story": {
			fact:    Fact{Rule: sequence, Exchange: exchange.Exchange{Delivery: exchange.Delivery{Event: "e", Label: "in a story"}, Answer: rejected}},
			accepts: only(), cause: "the order of the events", rule: "X-3",
		},
		"a forged delivery that is accepted": {
			fact:  Fact{Kind: Disallowed, Rule: proof, Exchange: exchange.Exchange{Delivery: exchange.Delivery{Forged: true}, Answer: exchange.Answer{Status: 200}}},
			cause: "this rule", rule: "X-2",
		},
		"a connection that is closed on a forged delivery only": {
			fact:      Fact{Kind: Disallowed, Rule: proof, Exchange: exchange.Exchange{Delivery: exchange.Delivery{Forged: true}, Answer: hangsUp}},
			strangers: exchange.Answer{Status: 401}, cause: "this rule", rule: "X-2",
			ruledOut: []report.RuledOut{{Cause: "hangs up on strangers", Saw: "without a signature: answered 401"}},
		},
		"a connection that is closed on every stranger": {
			fact:      Fact{Kind: Disallowed, Rule: proof, Exchange: exchange.Exchange{Delivery: exchange.Delivery{Forged: true}, Answer: hangsUp}},
			strangers: hangsUp, cause: "hangs up on strangers",
		},
		"a connection that is closed on a malformed body": {
			fact:      Fact{Kind: Disallowed, Rule: about, Exchange: exchange.Exchange{Answer: hangsUp}},
			strangers: hangsUp, cause: "this rule", rule: "X-1",
		},
		"a challenge that is not answered": {
			fact:  Fact{Kind: Unanswered, Rule: about, Exchange: exchange.Exchange{Answer: rejected}},
			cause: "this rule", rule: rule.Owner(rule.OwnsHandshake).ID,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := &History{}
			if c.proven {
				h.Note("e", true, exchange.Answer{Status: 200})
				h.Prove(exchange.Delivery{Event: "e", Body: []byte("proven")})
				h.SendsBad()
			}
			v, err := Explain(t.Context(), &lab{accepts: c.accepts, strangers: c.strangers}, h, c.fact)
			require.NoError(t, err)
			require.Equal(t, c.cause, v.Cause)
			require.Equal(t, c.rule, v.Rule.ID)
			require.Equal(t, c.rule == "", v.Nobody)
			require.Equal(t, c.ruledOut, v.RuledOut)
		})
	}
}

// TestExcuse: a delivery that failed while others were in flight is excused only if it, and others of its kind, are
// acknowledged alone; what is known of a receiver is not tried again and again.
func TestExcuse(t *testing.T) {
	t.Parallel()
	fact := Fact{Concurrent: true, Exchange: exchange.Exchange{Delivery: exchange.Delivery{Event: "e", Body: []byte("b")}, Answer: strained503}}

	h, takesOne := &History{}, &lab{accepts: func(_ string, alone bool) bool { return alone }}
	v, err := Excuse(t.Context(), takesOne, h, fact)
	require.NoError(t, err)
	require.True(t, v.Nobody)
	require.Equal(t, http.StatusOK, v.Answer.Status)
	require.Contains(t, v.Remark, "answered 503; alone it was acknowledged")
	require.Len(t, takesOne.sent, 11, "the first time, it is tried often")
	_, err = Excuse(t.Context(), takesOne, h, fact)
	require.NoError(t, err)
	require.Len(t, takesOne.sent, 13)

	h, fails := &History{}, &lab{accepts: only()}
	v, err = Excuse(t.Context(), fails, h, fact)
	require.NoError(t, err)
	require.False(t, v.Nobody)
	require.Equal(t, strained503, v.Answer)
	require.Equal(t, []report.RuledOut{{Cause: "overloaded", Saw: "re-sent alone: answered 400"}}, v.RuledOut)
	_, err = Excuse(t.Context(), fails, h, fact)
	require.NoError(t, err)
	require.Len(t, fails.sent, 1, "that others failed alone is known")

	// What was done to a payload may be why, so that nothing is learned of the receiver from it.
	h, strict := &History{}, &lab{accepts: func(body string, alone bool) bool { return alone && body != "modified" }}
	modified := fact
	modified.Exchange.Delivery = exchange.Delivery{Event: "e", Body: []byte("modified"), Base: []byte("b")}
	v, err = Excuse(t.Context(), strict, h, modified)
	require.NoError(t, err)
	require.False(t, v.Nobody)
	v, err = Excuse(t.Context(), strict, h, fact)
	require.NoError(t, err)
	require.True(t, v.Nobody)

	fact.Concurrent = false
	v, err = Excuse(t.Context(), &lab{accepts: only()}, &History{}, fact)
	require.NoError(t, err)
	require.Empty(t, v.RuledOut)
	fact.Exchange.Answer = exchange.Answer{Hung: true, Reached: true, Problem: "no complete answer within 30s"}
	v, err = Excuse(t.Context(), &lab{accepts: only()}, &History{readings: 2, dated: true}, fact)
	require.NoError(t, err)
	require.Equal(t, []report.RuledOut{
		{Cause: "receiver gone", Saw: "it accepted the connection"},
		{Cause: "slow", Saw: "no complete answer within 30s"},
		{Cause: "another documented reading", Saw: "2 readings of the documentation were tried before the run"},
		{Cause: "stale time", Saw: "the event is dated now"},
	}, v.RuledOut)
}
