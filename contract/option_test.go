package contract_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
)

// documented is the dated document with an option whose documented value differs by revision.
var documented = strings.NewReplacer(
	"      - {x-until: '2', default: 'off'}\n", "      - {x-until: '2', default: 'off', documented: 'off'}\n",
	"default: hook}", "default: hook, documented: upper}",
).Replace(dated)

func parseDocumented(t *testing.T, selected string) *contract.Platform {
	t.Helper()
	p, err := contract.Parse("documented.yaml", []byte(documented), selected)
	require.NoError(t, err)
	return p
}

func TestTheDocumentedValueFollowsTheRevision(t *testing.T) {
	t.Parallel()
	require.Equal(t, "off", parseDocumented(t, "1").Options[0].Documented)
	require.Equal(t, "upper", parseDocumented(t, "2").Options[0].Documented)
	require.Empty(t, parseDated(t, "2").Options[0].Documented, "nothing says it")

	wrong := strings.Replace(documented, "documented: upper", "documented: lower", 1)
	_, err := contract.Parse("wrong.yaml", []byte(wrong), "2")
	require.ErrorContains(t, err, `/x-options/kind/documented: "lower" is not one of the option's values`)
	p, err := contract.Parse("wrong.yaml", []byte(wrong), "1")
	require.NoError(t, err)
	found := contract.Lint(p)
	require.NotEmpty(t, found)
	require.ErrorContains(t, found[0], `"lower" is not one of the option's values`)
	p, err = contract.Parse("documented.yaml", []byte(documented), "1")
	require.NoError(t, err)
	require.Empty(t, contract.Lint(p))
}

func TestAnOptionIsGivenWhereTheReferenceNamesIt(t *testing.T) {
	t.Parallel()
	require.False(t, parseDocumented(t, "1").Options[0].Given)
	require.True(t, parseDocumented(t, "1,kind=hook").Options[0].Given)
	require.True(t, parseDocumented(t, "2,kind=hook").Options[0].Given, "also where it is the default")
	mighty, err := contract.Load("mighty,event_type=off")
	require.NoError(t, err)
	require.True(t, mighty.Options[0].Given)
}

// What an option has sent that is on no page is in every body; what a page has is as optional as it says.
func TestWhatIsOnNoPageIsSentInEveryBody(t *testing.T) {
	t.Parallel()
	kind := func(p *contract.Platform) string {
		for _, property := range p.Events()[0].Schema.Properties {
			if property.Name == "kind" {
				return property.Schema.Option
			}
		}
		return "none"
	}
	require.Equal(t, "kind=hook|upper", kind(parseDocumented(t, "1,kind=hook")))
	require.Empty(t, kind(parseDocumented(t, "2")), "the documented value has it sent")
	require.Equal(t, "none", kind(parseDocumented(t, "1")))
}

func TestWithChangesOneOption(t *testing.T) {
	t.Parallel()
	p := parseDocumented(t, "1,kind=hook").Without("thing.lost")
	p, err := p.WithSignature(contract.BearerKey)
	require.NoError(t, err)
	other, err := p.With("kind", "upper")
	require.NoError(t, err)
	require.Equal(t, "small@1,kind=upper", other.String())
	require.Equal(t, contract.UpperSnake, other.Rules.Spelling)
	require.False(t, other.Options[0].Given)
	require.Equal(t, contract.BearerKey, other.Rules.Signature.Value.Scheme, "the scheme that was asked for")
	require.Equal(t, p.EventNames(), other.EventNames())
	require.Empty(t, other.NameOnly(), "what was left out stays out")
	require.Same(t, other, other.Events()[0].Platform())
	require.Equal(t, "small@1,kind=hook", p.String(), "the platform itself stays as it is")
	require.True(t, p.Options[0].Given)

	same, err := p.With("kind", "hook")
	require.NoError(t, err)
	require.Same(t, p, same)
	back, err := other.With("kind", "hook")
	require.NoError(t, err)
	require.Equal(t, p.Document(), back.Document())

	_, err = p.With("kind", "hok")
	require.EqualError(t, err, `unknown value of the option kind "hok"; did you mean "hook"?`)
	_, err = p.With("kid", "hook")
	require.EqualError(t, err, `unknown option of small "kid"; did you mean "kind"?`)
	foreign, err := contract.Parse("acme.yaml", []byte(foreignSmall), "")
	require.NoError(t, err)
	_, err = foreign.With("kind", "hook")
	var coded *contract.Error
	require.ErrorAs(t, err, &coded)
	require.Equal(t, contract.UnknownOption, coded.Code)
}

// The other options stay as they were asked for.
func TestWithKeepsTheOtherOptions(t *testing.T) {
	t.Parallel()
	p, err := contract.Load("mighty@2025-12-29,event_type=upper")
	require.NoError(t, err)
	other, err := p.With("ids", "string")
	require.NoError(t, err)
	require.Equal(t, "mighty@2025-12-29,event_type=upper,ids=string", other.String())
	given := map[string]bool{}
	for _, o := range other.Options {
		given[o.Name] = o.Given
	}
	require.Equal(t, map[string]bool{"event_type": true, "ids": false}, given)
}
