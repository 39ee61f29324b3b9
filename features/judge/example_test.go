package judge_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge"
)

// A receiver that answers 200 to whatever comes lets everybody in.
func ExampleVerify() {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
	}))
	defer srv.Close()

	tribe, err := contract.Load("tribe")
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := judge.Verify(context.Background(), judge.Receiver{
		URL:      srv.URL,
		Platform: tribe,
		Secret:   "the signing secret",
		Rules:    []string{"ACK-1", "SIG-1", "SIG-3", "LIVE-1"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, rule := range report.Rules {
		if rule.Verdict != judge.NotRun {
			fmt.Println(rule.ID, rule.Level, rule.Verdict)
		}
	}
	fmt.Println("failed:", report.Failed())
	// Output:
	// ACK-1 must pass
	// ACK-1 should pass
	// SIG-1 must fail
	// SIG-3 must fail
	// LIVE-1 must pass
	// failed: true
}
