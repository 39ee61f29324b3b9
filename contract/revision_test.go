package contract_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
)

// dated is the small document with things that differ by revision and by option.
var dated = strings.NewReplacer(
	"  name: small\n", "  name: small\n  aliases: {smaller: '1'}\n",
	"x-delivery:\n", `x-options:
  kind:
    summary: whether a body names its event
    grade: observed
    source: {page: p, date: 2026-01-01}
    values: ['off', hook, upper]
    x-variants:
      - {x-until: '2', default: 'off'}
      - {x-since: '2', default: hook}
x-delivery:
`,
	"success: {value: 2xx, grade", "success: {x-variants: [{x-until: '2', value: exactly-200}, {x-since: '2', value: 2xx}], grade",
	"  eventName: {value: '',", "  eventName: {value: '', x-variants: [{x-option: kind=hook, value: '{/kind}', spelling: hook}, {x-option: kind=upper, value: '{/kind}', spelling: upper}],",
	"required: [name]", "required: [name, old, new, kind]",
	"                old: {", "                kind: {type: string, x-option: kind=hook|upper, x-value: x}\n                old: {",
	"  thing.made:", `  thing.lost:
    post: {x-name-only: true, x-note: seen in a list of names, x-grade: observed, x-source: {page: p, date: 2026-01-01}}
  thing.made:`,
	"Name: {type: string, x-fake: name}", "Name: {x-fake: name, x-variants: [{x-until: '2', type: integer, x-fake: id}, {x-since: '2', type: string}]}",
).Replace(small)

func parseDated(t *testing.T, selected string) *contract.Platform {
	t.Helper()
	p, err := contract.Parse("dated.yaml", []byte(dated), selected)
	require.NoError(t, err)
	return p
}

func TestVariantsFollowTheRevision(t *testing.T) {
	t.Parallel()
	older, newer := parseDated(t, "1"), parseDated(t, "2")
	require.Equal(t, contract.Exactly200, older.Rules.Success.Value)
	require.Equal(t, contract.Any2xx, newer.Rules.Success.Value)
	name := func(p *contract.Platform) *contract.Schema { return p.Events()[0].Schema.Properties[0].Schema.Target() }
	require.Equal(t, []string{"integer"}, name(older).Types)
	require.Equal(t, "id", name(older).Fake, "a variant's entry takes the place of the mapping's own")
	require.Equal(t, []string{"string"}, name(newer).Types)
	require.Equal(t, "name", name(newer).Fake)
	require.NotContains(t, string(newer.Document()), "x-variants")
}

func TestWhatIsNotInTheRevisionIsNotRequired(t *testing.T) {
	t.Parallel()
	for selected, want := range map[string][]string{
		"1": {"name", "old"}, "1,kind=hook": {"name", "kind", "old"}, "2,kind=off": {"name", "new"}, "2": {"name", "kind", "new"},
	} {
		var required []string
		for _, property := range parseDated(t, selected).Events()[0].Schema.Properties {
			require.True(t, property.Required, property.Name)
			required = append(required, property.Name)
		}
		require.Equal(t, want, required, selected)
	}
	err := parseDated(t, "1").Validate("thing.made", []byte(`{"name": 1, "old": 1}`))
	require.NoError(t, err)
	err = parseDated(t, "1").Validate("thing.made", []byte(`{"name": 1}`))
	require.ErrorContains(t, err, `lacks "old"`)
}

func TestOptions(t *testing.T) {
	t.Parallel()
	require.Equal(t, "small@1", parseDated(t, "1").String())
	require.Equal(t, "small@1,kind=upper", parseDated(t, "1,kind=upper").String())
	require.Equal(t, "small@2", parseDated(t, "2,kind=hook").String(), "the default of this revision")
	require.Equal(t, "small@2,kind=off", parseDated(t, "2,kind=off").String())
	require.Equal(t, []contract.Option{{
		Name: "kind", Summary: "whether a body names its event", Grade: contract.Observed, Source: contract.Source{Page: "p", Date: "2026-01-01"},
		Values: []string{"off", "hook", "upper"}, Default: "off", Value: "hook", Given: true,
	}}, parseDated(t, "1,kind=hook").Options)

	for selected, body := range map[string]string{"2": `{"kind": "thing.madeHook"}`, "2,kind=upper": `{"kind": "THING.MADE"}`} {
		p := parseDated(t, selected)
		found, err := p.Identify([]byte(body))
		require.NoError(t, err, selected)
		require.Equal(t, "thing.made", found.Name)
	}
	for name, want := range map[string]string{"MemberBadgeAdded": "MEMBER_BADGE_ADDED", "RSVPCreated": "RSVP_CREATED", "PostURL": "POST_URL", "a.B": "A.B", "": ""} {
		require.Equal(t, want, contract.UpperSnake.Of(name))
	}

	for selected, want := range map[string]string{
		"2,kind=hok":   `unknown value of the option kind "hok"; did you mean "hook"?`,
		"2,kinds=hook": `unknown option of small "kinds"; did you mean "kind"?`,
		"2,kind":       `"kind" is not an option; write it as name=value`,
		"3":            `unknown revision of small "3"; there is 1, 2`,
	} {
		_, err := contract.Parse("dated.yaml", []byte(dated), selected)
		require.EqualError(t, err, want)
	}
	_, err := contract.Parse("small.yaml", []byte(small), "2,kind=hook")
	require.EqualError(t, err, `unknown option "kind"; small has no options`)
}

func TestFaultsOfRevisionsNameTheirPlace(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, to, want string }{
		{"x-option: kind=hook|upper", "x-option: kind=hok", `/x-option: unknown value of the option kind "hok"; did you mean "hook"?`},
		{"x-option: kind=hook|upper", "x-option: knd=hook", `/x-option: unknown option of small "knd"; did you mean "kind"?`},
		{"default: hook", "default: on", `/x-options/kind/default: "on" is not one of the option's values`},
		{"x-since: '2', default", "x-since: '3', default", `/x-options/kind/x-variants/1/x-since: x-since: unknown revision "3"; there is 1, 2`},
		{"spelling: hook", "spelling: camel", `/x-delivery/eventName/spelling: "camel" is not one of name, hook, upper`},
		{"x-note: seen in a list of names, ", "", "/webhooks/thing.lost/post/x-note: an event that is known by its name only needs a note"},
	} {
		require.Contains(t, dated, c.from)
		_, err := contract.Parse("dated.yaml", []byte(strings.Replace(dated, c.from, c.to, 1)), "2")
		var fault *contract.DocumentError
		require.ErrorAs(t, err, &fault)
		require.ErrorContains(t, err, c.want)
	}
}

// An event whose payload nobody knows is listed, and is never sent.
func TestNameOnlyEvents(t *testing.T) {
	t.Parallel()
	p := parseDated(t, "")
	require.Equal(t, []string{"thing.made"}, p.EventNames())
	require.Len(t, p.NameOnly(), 1)
	require.Equal(t, "thing.lost", p.NameOnly()[0].Name)
	_, err := p.Event("thing.lost")
	require.EqualError(t, err, "thing.lost of small@1 is known by its name only, and cannot be sent; seen in a list of names")
	var coded *contract.Error
	require.ErrorAs(t, err, &coded)
	require.Equal(t, contract.NameOnly, coded.Code)
}

// Revisions are in the order of their list, and dates may lie between them.
func TestRevisionsAreOrdered(t *testing.T) {
	t.Parallel()
	parse := func(list, since, until, selected string) ([]string, error) {
		src := strings.NewReplacer("revisions: ['1', '2']", "revisions: "+list, "x-since: '2'", "x-since: '"+since+"'", "x-until: '2'", "x-until: '"+until+"'").Replace(small)
		p, err := contract.Parse("small.yaml", []byte(src), selected)
		if err != nil {
			return nil, err
		}
		var names []string
		for _, property := range p.Events()[0].Schema.Properties {
			names = append(names, property.Name)
		}
		return names, nil
	}
	older, newer := []string{"name", "old"}, []string{"name", "new"}
	for _, c := range []struct {
		list, at, revision string
		want               []string
	}{
		{"['9', '10']", "10", "9", older}, {"['9', '10']", "10", "10", newer},
		{"[spring, autumn]", "autumn", "spring", older}, {"[spring, autumn]", "autumn", "autumn", newer},
		{"['2025', '2025-06', '2026-01-02']", "2025-05", "2025", older}, {"['2025', '2025-06', '2026-01-02']", "2025-05", "2025-06", newer},
	} {
		names, err := parse(c.list, c.at, c.at, c.revision)
		require.NoError(t, err)
		require.Equal(t, c.want, names, "%s from %s", c.revision, c.at)
	}
	for list, want := range map[string]string{
		"['10', '9']":               "/x-platform/revisions/1: the revision 9 is before 10",
		"['2026-01', '2025-12-29']": "/x-platform/revisions/1: the revision 2025-12-29 is before 2026-01",
		"[a, b, a]":                 `/x-platform/revisions/2: the revision "a" is there twice`,
		"[a, b]":                    `x-until: unknown revision "2025"; there is a, b`,
	} {
		_, err := parse(list, "2025", "2025", "")
		require.ErrorContains(t, err, want)
	}
}
