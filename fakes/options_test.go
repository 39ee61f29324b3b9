package fakes_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
)

// TestEveryValueOfEveryOptionIsSent: with each value, each event has an example, and what is generated and the example
// with its placeholders filled meet the contract.
func TestEveryValueOfEveryOptionIsSent(t *testing.T) {
	t.Parallel()
	tried := map[string]int{} // events, by the option's value
	for _, p := range all(t) {
		for _, o := range p.Options {
			for _, value := range o.Values {
				p, err := p.With(o.Name, value)
				require.NoError(t, err)
				world := fakes.NewWorld(5, fakes.Config{})
				for _, e := range p.Events() {
					full, err := world.Generator(e)
					require.NoError(t, err)
					minimal, err := world.Minimal(e)
					require.NoError(t, err)
					for n := range uint64(size(5, 1)) {
						require.NoError(t, e.Validate(full.Append(nil, n, full.At(n))), "%s %s", p, e.Name)
						require.NoError(t, e.Validate(minimal.Append(nil, n, full.At(n))), "%s %s", p, e.Name)
					}
					example, err := e.Example()
					require.NoError(t, err)
					filled, err := full.Fill(example, 3, full.At(3))
					require.NoError(t, err, "%s %s", p, e.Name)
					require.NoError(t, e.Validate(filled), "%s %s", p, e.Name)
					tried[p.Revision+" "+o.Name+"="+value]++
				}
			}
		}
	}
	require.Equal(t, 38, tried["2023 envelope=2023"])
	require.Equal(t, 38, tried["2023 envelope=2021"])
	require.Equal(t, 23, tried["2026-02-13 ids=string"])
	require.Equal(t, 14, tried["undated action=text"])
}

// all returns every platform at each of its revisions.
func all(t *testing.T) (out []*contract.Platform) {
	t.Helper()
	for _, name := range contract.Names() {
		first, err := contract.Load(name)
		require.NoError(t, err)
		for _, revision := range first.Revisions {
			p, err := contract.Load(name + "@" + revision)
			require.NoError(t, err)
			out = append(out, p)
		}
	}
	return out
}

// bodiesOf are the platforms of which a body was made, by reference.
var bodiesOf sync.Map

func body(t *testing.T, reference, event string, n uint64) []byte {
	t.Helper()
	p, loaded := bodiesOf.Load(reference)
	if !loaded {
		read, err := contract.Load(reference)
		require.NoError(t, err)
		p, _ = bodiesOf.LoadOrStore(reference, read)
	}
	e, err := p.(*contract.Platform).Event(event)
	require.NoError(t, err)
	g, err := fakes.NewWorld(1, fakes.Config{}).Generator(e)
	require.NoError(t, err)
	return g.Append(nil, n, g.At(n))
}

func TestIdsAreAsTheOptionSays(t *testing.T) {
	t.Parallel()
	const event = "RsvpDeleted"
	number, quoted := body(t, "mighty@2025-12-29", event, 1), body(t, "mighty@2025-12-29,ids=string", event, 1)
	for _, pointer := range []string{"/payload/id", "/payload/event/id", "/payload/event/space/id", "/payload/member/id"} {
		id, ok := contract.Lookup(quoted, pointer).(string)
		require.True(t, ok, pointer)
		require.NotEmpty(t, id)
		require.NotEqual(t, id, contract.Lookup(number, pointer), pointer)
	}
	require.Equal(t, contract.Lookup(number, "/payload/event/space_id"), contract.Lookup(quoted, "/payload/event/space_id"), "bare in both")
}

func TestTheEnvelopeIsAsTheOptionSays(t *testing.T) {
	t.Parallel()
	p, err := contract.Load("bettermode,envelope=2021")
	require.NoError(t, err)
	for _, e := range p.Events() {
		older := body(t, "bettermode,envelope=2021", e.Name, 1)
		require.Regexp(t, `^\{"networkId":"\w+","context":"NETWORK","entityId":"\w+","currentSettings":\[\],"type":"SUBSCRIPTION","data":`, string(older), e.Name)
		require.Equal(t, []any{nil}, contract.Lookup(older, "/data/actor/sessionInfo"), e.Name)
		require.NotContains(t, string(older), `"networkDomain"`, e.Name)
		require.NotContains(t, string(older), `"entities"`, e.Name)
		newer := body(t, "bettermode", e.Name, 1)
		require.Nil(t, contract.Lookup(newer, "/context"), e.Name)
		require.NotNil(t, contract.Lookup(newer, "/entities/network"), e.Name)
		require.NotNil(t, contract.Lookup(newer, "/data/target/networkDomain"), e.Name)
	}
}

func TestAnUpdateNamesASpaceOrNone(t *testing.T) {
	t.Parallel()
	nulls := 0
	const many = 60
	for n := range uint64(many) {
		space := contract.Lookup(body(t, "mighty@2026-07", "MemberUpdated", n), "/payload/space_id")
		if space == nil {
			nulls++
		}
	}
	require.Greater(t, nulls, 5)
	require.Less(t, nulls, many/2)
}
