package judge_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/features/judge"
)

// verdictsFile is where the verdict of each rule over each receiver and sender of the tests is written, if it is set:
// one line for each run. Two of these files, from before and after a change of the judge, show whether a verdict
// changed:
//
//	QUINTAIN_VERDICTS=/tmp/before go test -count=1 ./... && sort -o /tmp/before /tmp/before
var verdictsFile = os.Getenv("QUINTAIN_VERDICTS")

// verify is Verify, and writes the verdicts down.
func verify(ctx context.Context, t testing.TB, r judge.Receiver) (*judge.Report, error) {
	t.Helper()
	report, err := judge.Verify(ctx, r)
	recordVerdicts(t, report, err)
	return report, err
}

// verifySender is VerifySender, and writes the verdicts down.
func verifySender(t testing.TB, s judge.Sender) (*judge.Report, error) {
	t.Helper()
	report, err := judge.VerifySender(t.Context(), s)
	recordVerdicts(t, report, err)
	return report, err
}

var verdicts struct {
	sync.Mutex
	runs map[string]int // by test: some make several runs
}

func recordVerdicts(t testing.TB, report *judge.Report, err error) {
	t.Helper()
	if verdictsFile == "" {
		return
	}
	verdicts.Lock()
	defer verdicts.Unlock()
	if verdicts.runs == nil {
		verdicts.runs = map[string]int{}
	}
	verdicts.runs[t.Name()]++
	line := fmt.Sprintf("%s #%d:", t.Name(), verdicts.runs[t.Name()])
	if err != nil {
		line += fmt.Sprintf(" error(%T)", err)
	}
	if report != nil {
		line += " " + report.Platform
		rules := []string{}
		for _, rule := range report.Rules {
			rules = append(rules, fmt.Sprintf("%s/%s=%s", rule.ID, rule.Level, rule.Verdict))
		}
		slices.Sort(rules)
		line += " " + strings.Join(rules, " ")
	}
	file, failed := os.OpenFile(verdictsFile, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	require.NoError(t, failed)
	defer file.Close()
	_, failed = fmt.Fprintln(file, line)
	require.NoError(t, failed)
}
