package house_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// ruleRoom is the only room that knows the rules by their ids.
const ruleRoom = "/features/judge/internal/rule/"

// TestRulesAreKnownInOneRoom: no other code mentions the id of a rule, nor has a name for one of them. Whoever needs to
// treat one rule differently adds a property to rule.Rule, and asks for that.
func TestRulesAreKnownInOneRoom(t *testing.T) {
	t.Parallel()
	id := regexp.MustCompile(`\b(ACK|ENC|TXT|TIME|UNIT|ID|FWD|REV|DUP|CON|RTY|ORD|SIG|HSK|BAD|LIVE|LOAD|SND|API)-[0-9]+\b`)
	name := regexp.MustCompile(`(?i)^(ack|enc|txt|fwd|rev|dup|con|rty|ord|sig|hsk|bad|live|load|snd|api)_?[0-9]+$|^(live|story|control|duplicate|flapping)Rule$`)
	found := 0
	sources(t, func(path string, src []byte) {
		if strings.HasPrefix(path, ruleRoom) {
			found += len(id.FindAll(src, -1))
			return
		}
		if strings.HasSuffix(path, "/doc.go") { // where documentation shows a report
			return
		}
		for n, line := range strings.Split(string(src), "\n") {
			if at := id.FindString(line); at != "" {
				require.Failf(t, "a rule is mentioned outside of its room", "%s:%d: %s", path, n+1, at)
			}
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, src, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(parsed, func(n ast.Node) bool {
			if ident, ok := n.(*ast.Ident); ok && name.MatchString(ident.Name) {
				require.Failf(t, "a name stands for one rule", "%s: %s", path, ident.Name)
			}
			return true
		})
	})
	require.Greater(t, found, 50, "where are the rules?")
}
