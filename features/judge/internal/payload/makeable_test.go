package payload

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
)

// Of a document of the user's own, what contradicts itself is left out with a note, and the rest is judged.
func TestWhatContradictsItselfIsLeftOut(t *testing.T) {
	t.Parallel()
	src := "openapi: 3.1.0\nx-platform: {name: own, revisions: ['1']}\nwebhooks:\n"
	for name, required := range map[string]string{"made": "[who]", "lost": "[who, foo]"} {
		src += "  " + name + ": {post: {x-grade: chosen, x-source: {page: p, date: 2026-01-01}, x-cast: {member: person}, requestBody: {content: " +
			"{application/json: {schema: {type: object, required: " + required + ", properties: {who: {type: string, x-fake: member.name}}}}}}}}\n"
	}
	p, err := contract.Parse("own.yaml", []byte(src), "")
	require.NoError(t, err)
	require.False(t, p.Foreign())
	kept, notes, err := Makeable(p, 0, nil)
	require.NoError(t, err)
	require.Equal(t, []string{"made"}, kept.EventNames())
	require.Len(t, notes, 1)
	require.Contains(t, notes[0], "lost is left out, since no payload of it can be made: ")
	require.Contains(t, notes[0], `"foo" is required, and no property says what it is`)
	_, _, err = Makeable(p, 0, []string{"lost"})
	require.ErrorContains(t, err, `"foo" is required`)
}
