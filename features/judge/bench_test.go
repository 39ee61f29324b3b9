package judge_test

import (
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge"
	"github.com/quintain-dev/quintain/features/judge/reference"
)

// BenchmarkVerify judges the reference receiver on loopback by all rules of a platform.
func BenchmarkVerify(b *testing.B) {
	for _, name := range contract.Names() {
		b.Run(name, func(b *testing.B) {
			platform := load(b, name)
			srv := httptest.NewServer(reference.New(platform, secret))
			defer srv.Close()
			for b.Loop() {
				report, err := judge.Verify(b.Context(), judge.Receiver{URL: srv.URL, Platform: platform, Secret: secret, Seed: 42})
				require.NoError(b, err)
				require.False(b, report.Failed())
			}
		})
	}
}
