package contract_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
)

// The manual has a row for every x- key that the reader knows, and names every delivery rule.
func TestTheManualExplainsTheDocumentLanguage(t *testing.T) {
	t.Parallel()
	manual, err := os.ReadFile("README.md")
	require.NoError(t, err)
	for _, key := range contract.Extensions {
		require.Contains(t, string(manual), "\n| `"+key+"` | ", "the manual does not explain %s", key)
	}
	for _, rule := range contract.RuleNames {
		require.Contains(t, string(manual), "`"+rule+"`", "the manual does not explain the rule %s of x-delivery", rule)
	}
}
