package judge_test

import (
	"bytes"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge"
	"github.com/quintain-dev/quintain/features/judge/reference"
	"github.com/quintain-dev/quintain/features/judge/report/render"
)

const secret = "the-secret-of-the-tests"

// platforms are loaded once: they do not change.
var platforms = sync.OnceValues(func() (map[string]*contract.Platform, error) {
	all := map[string]*contract.Platform{}
	for _, name := range contract.Names() {
		p, err := contract.Load(name)
		if err != nil {
			return nil, err
		}
		all[name] = p
		for _, revision := range p.Revisions[1:] {
			if all[name+"@"+revision], err = contract.Load(name + "@" + revision); err != nil {
				return nil, err
			}
		}
	}
	var err error
	for _, spelling := range []string{"off", "name", "upper"} {
		reference := "mighty@2026-07,event_type=" + spelling
		if all[reference], err = contract.Load(reference); err != nil {
			return nil, err
		}
	}
	return all, nil
})

func load(t testing.TB, name string) *contract.Platform {
	t.Helper()
	all, err := platforms()
	require.NoError(t, err)
	require.NotNil(t, all[name], "there is no platform %s", name)
	return all[name]
}

// judged verifies a handler on loopback.
func judged(t testing.TB, platform string, handler http.Handler, change ...func(*judge.Receiver)) *judge.Report {
	t.Helper()
	srv := httptest.NewServer(handler)
	defer srv.Close()
	r := judge.Receiver{URL: srv.URL, Platform: load(t, platform), Secret: secret, Seed: 42}
	if testing.Short() {
		r.Seeds, r.Events = 5, enough[platform]
	}
	for _, c := range change {
		c(&r)
	}
	report, err := verify(t.Context(), t, r)
	require.NoError(t, err)
	for _, rule := range report.Rules {
		require.Equal(t, rule.Verdict == judge.Fail, len(rule.Failures) > 0, "%s is %s, and has %d failures", rule.ID, rule.Verdict, len(rule.Failures))
	}
	return report
}

func text(t testing.TB, r *judge.Report) string {
	var out bytes.Buffer
	require.NoError(t, render.Text(&out, r, false))
	return out.String()
}

// TestTheReferencePasses: the right receiver breaks no rule of any platform at any revision, and none is left out
// without a reason.
func TestTheReferencePasses(t *testing.T) {
	t.Parallel()
	all, err := platforms()
	require.NoError(t, err)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if testing.Short() && !slices.Contains(contract.Names(), name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := judged(t, name, reference.New(load(t, name), secret), func(r *judge.Receiver) {
				if strings.Contains(name, ",") { // an option of payloads changes nothing about signatures
					r.Rules = []string{"ACK-1", "ACK-2", "ACK-3", "ACK-4", "ACK-7", "TXT-1", "FWD-1", "DUP-1", "RTY-1"}
				}
			})
			require.False(t, report.Failed(), text(t, report))
			for _, rule := range report.Rules {
				require.NotEqual(t, judge.Fail, rule.Verdict, "%s: %v", rule.ID, rule.Failures)
			}
			t.Log("\n" + text(t, report))
		})
	}
}

// some are all cases of a table, or with -short, as make test runs the tests, every sixth.
func some[T any](cases []T) []T {
	if !testing.Short() {
		return cases
	}
	var out []T
	for i := 0; i < len(cases); i += 6 {
		out = append(out, cases[i])
	}
	return out
}

// oneOfEach are all cases of a table, or with -short the first for each key.
func oneOfEach[T any](cases []T, key func(T) string) []T {
	if !testing.Short() {
		return cases
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(cases), func(c T) bool {
		was := seen[key(c)]
		seen[key(c)] = true
		return was
	})
}

// rulesOf are the rules about a side.
func rulesOf(side judge.Side) []judge.Rule {
	return slices.DeleteFunc(judge.Rules(), func(r judge.Rule) bool { return r.Side != side })
}

// built are those of them that something judges.
func built(side judge.Side) []judge.Rule {
	return slices.DeleteFunc(rulesOf(side), func(r judge.Rule) bool { return r.Unbuilt })
}
