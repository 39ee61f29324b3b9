package contract_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
)

// A fact that does not say where it comes from is refused where it stands, with what to write.
func TestFactsNeedGradeAndSource(t *testing.T) {
	t.Parallel()
	const provenance = "grade: chosen, source: {page: p, date: 2026-01-01}"
	for _, c := range []struct{ from, to, want string }{
		{
			"timeout: {value: 10s, " + provenance, "timeout: {value: 10s, source: {page: p, date: 2026-01-01}",
			"small.yaml:12:12: /x-delivery/timeout/grade: the fact has no grade; write documented, observed, inferred or chosen",
		}, {
			"timeout: {value: 10s, " + provenance, "timeout: {value: 10s, grade: chosen",
			"small.yaml:12:12: /x-delivery/timeout/source: the fact has no source; write {page: where you read it, date: YYYY-MM-DD}",
		}, {
			"timeout: {value: 10s, grade: chosen", "timeout: {value: 10s, grade: certain",
			`small.yaml:12:32: /x-delivery/timeout/grade: grade: "certain" is not one of documented, observed, inferred, chosen`,
		}, {
			"timeout: {value: 10s, " + provenance, "timeout: {value: 10s, grade: chosen, source: {page: p, date: today}",
			"/x-delivery/timeout/source: source needs a page, and a date as YYYY-MM-DD",
		}, {
			"timeout: {value: 10s, " + provenance, "timeout: {value: 10s, grade: chosen, source: {page: p, dat: 2026-01-01}",
			`/x-delivery/timeout/source/dat: source: unknown key "dat"; did you mean "date"?`,
		}, {
			"      x-grade: chosen\n", "",
			"small.yaml:23:7: /webhooks/thing.made/post/x-grade: the fact has no x-grade; write documented, observed, inferred or chosen",
		}, {
			"      x-source: {page: p, date: 2026-01-01}\n", "",
			"small.yaml:23:7: /webhooks/thing.made/post/x-source: the fact has no x-source; write {page: where you read it, date: YYYY-MM-DD}",
		},
	} {
		require.Contains(t, small, c.from)
		_, err := contract.Parse("small.yaml", []byte(strings.Replace(small, c.from, c.to, 1)), "")
		var fault *contract.DocumentError
		require.ErrorAs(t, err, &fault, c.to)
		require.ErrorContains(t, err, c.want)
	}
}
