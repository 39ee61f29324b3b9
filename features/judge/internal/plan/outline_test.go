package plan

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/features/judge/internal/rule"
)

// TestFeaturesThatCannotBeRead: each says where the fault is, and what to do.
func TestFeaturesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	const step = "    Given a receiver of tribe\n"
	for name, c := range map[string]struct{ feature, want string }{
		"no rule":      {"  Scenario: s\n" + step, "receiver/f.feature:2: the scenario has no tag with its rule, such as @ACK-1"},
		"unknown rule": {"  @ACK-99\n  Scenario: s\n" + step, "receiver/f.feature:3: @ACK-99 is no rule about receivers: add it to package rule"},
		"of a sender":  {"  @SND-1\n  Scenario: s\n" + step, "@SND-1 is no rule about receivers"},
		"not built":    {"  @BAD-7\n  Scenario: s\n" + step, "BAD-7 is marked as not built in package rule: delete Unbuilt there"},
		"a table":      {"  @ACK-1\n  Scenario: s\n" + step + "      | a |\n", "steps have no doc strings and no tables here"},
		"no level":     {"  @ACK-1\n  Scenario Outline: s\n" + step + "    Examples:\n      | platform |\n      | tribe    |\n", "the examples have no tag with their level"},
		"a comment":    {"  # note\n  @ACK-1\n  Scenario: s\n" + step, "receiver/f.feature:2: go generate would lose the comment"},
		"a background": {"  Background:\n" + step + "  @ACK-1\n  Scenario: s\n" + step, "only scenarios are read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := fstest.MapFS{"receiver/f.feature": {Data: []byte("Feature: f\n" + c.feature)}}
			_, err := readOutlines(files, rule.OfReceiver)
			require.ErrorContains(t, err, c.want)
		})
	}
}
