package inbox_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver/internal/inbox"
)

func player(t *testing.T, text string) *inbox.Player {
	t.Helper()
	parsed, err := inbox.Parse(text)
	require.NoError(t, err)
	return parsed.Player()
}

func never() float64 { panic("there is nothing to draw for") }

func TestPlayer(t *testing.T) {
	t.Parallel()
	play := func() (out []string) {
		p := player(t, "500x2,reset,200")
		for range 6 {
			out = append(out, p.Next("", 1, never).String())
		}
		return out
	}
	require.Equal(t, []string{"500", "500", "reset", "200", "200", "200"}, play())
	require.Equal(t, play(), play(), "each player begins at the start")
}

// Each rule has its own place; the first that is for a delivery answers; where none is, it is 200.
func TestPlayerWithRules(t *testing.T) {
	t.Parallel()
	p := player(t, "when event member.* attempt 1-2: 501,502; when event member.created: 503; when event post.*: 410,411")
	for i, want := range []struct {
		event   string
		attempt int
		answer  string
	}{
		{"member.created", 1, "501"},
		{"post.created", 1, "410"},
		{"member.created", 2, "502"},
		{"member.created", 3, "503"},
		{"member.updated", 1, "502"},
		{"member.updated", 3, "200"},
		{"post.created", 9, "411"},
		{"", 1, "200"},
	} {
		require.Equal(t, want.answer, p.Next(want.event, want.attempt, never).String(), i)
	}
}

func TestPlayerWithShares(t *testing.T) {
	t.Parallel()
	p := player(t, "30% 503 | 10% timeout | 410 x3, 20% 501")
	at := func(draw float64) string { return p.Next("", 1, func() float64 { return draw }).String() }
	require.Equal(t, []string{"503", "timeout", "410"}, []string{at(0.2999), at(0.3), at(0.4)})
	require.Equal(t, []string{"501", "200", "200"}, []string{at(0), at(0.2), at(0.999)}, "the rest is 200")
}

func TestArrivals(t *testing.T) {
	t.Parallel()
	var a inbox.Arrivals
	require.Equal(t, 1, a.Add("", []byte("x")).Attempt)
	require.Equal(t, 2, a.Add("", []byte("x")).Attempt)
	require.Equal(t, 1, a.Add("", []byte("y")).Attempt)
	require.Equal(t, 1, a.Add("id", []byte("x")).Attempt, "its id tells a delivery from another one with its bytes")
	require.Equal(t, 2, a.Add("id", []byte("z")).Attempt)
	for i := range 100_000 {
		a.Add("", []byte(fmt.Sprint(i)))
	}
	require.Equal(t, 4, a.Add("", []byte("x")).Attempt, "what came lately is remembered")
	for i := range 200_001 {
		a.Add("", []byte(fmt.Sprint(i)))
	}
	require.Equal(t, 1, a.Add("", []byte("x")).Attempt, "what came long ago is forgotten")
}

// A draw is that of the bytes and how often they came, in whichever order.
func TestRoll(t *testing.T) {
	t.Parallel()
	draws := func(bodies ...string) map[string]float64 {
		var a inbox.Arrivals
		out := map[string]float64{}
		for _, body := range bodies {
			arrival := a.Add("", []byte(body))
			out[fmt.Sprint(body, arrival.Attempt)] = arrival.Roll(42, "in")
		}
		return out
	}
	one := draws("a", "a", "b", "c")
	require.Equal(t, one, draws("c", "a", "b", "a"))
	distinct := map[float64]bool{}
	for _, draw := range one {
		distinct[draw] = true
	}
	require.Len(t, distinct, 4)
	var a inbox.Arrivals
	arrival := a.Add("", []byte("a"))
	require.NotEqual(t, arrival.Roll(42, "in"), arrival.Roll(43, "in"))
	require.NotEqual(t, arrival.Roll(42, "in"), arrival.Roll(42, "out"))
}
