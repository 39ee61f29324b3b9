package fakes_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
)

// The properties that are primary are those that the profile repeats, a value is of any type, and only what has none
// has properties under it.
func TestPropertiesOfAPerson(t *testing.T) {
	t.Parallel()
	g := generator(t, "ambassify", "person.changed")
	types, nested := map[string]int{}, 0
	const people = 2_000
	for n := range uint64(people) {
		body := g.Append(nil, n, g.At(n))
		if n < 100 {
			require.NoError(t, g.Event().Validate(body))
		}
		profile := contract.Lookup(body, "/person/profile").(map[string]any)
		primary := map[string]any{}
		for _, p := range contract.Lookup(body, "/person/properties").([]any) {
			property := p.(map[string]any)
			if property["primary"] == "true" {
				primary[property["key"].(string)] = property["value"]
			} else {
				require.Equal(t, "false", property["primary"])
			}
			value, has := property["value"]
			under, ok := property["properties"].([]any)
			require.NotEqual(t, has, ok, "%s", body)
			if ok {
				nested++
				require.Len(t, under, 2)
				for _, u := range under {
					require.Equal(t, "false", u.(map[string]any)["primary"])
					require.NotEmpty(t, u.(map[string]any)["value"])
					require.NotContains(t, u, "properties")
				}
				continue
			}
			switch value.(type) {
			case string:
				types["text"]++
			case json.Number:
				types["number"]++
			case bool:
				types["flag"]++
			case []any:
				types["list"]++
			}
		}
		require.Equal(t, profile, primary)
	}
	require.Equal(t, people, nested, "everybody has some")
	for _, name := range []string{"number", "flag", "list"} {
		require.InDelta(t, people/2, types[name], people/2-300, name)
	}
}

// A property can be given another value, of any type.
func TestPropertiesChange(t *testing.T) {
	t.Parallel()
	g := generator(t, "ambassify", "person.changed")
	o := fakes.Occasion{N: 3, Subject: 3, At: g.At(3)}
	person := g.Cast(o)["person"]
	first, err := fakes.NewWorld(1, fakes.Config{}).Subject("property", 3)
	require.NoError(t, err)
	require.Zero(t, first.Index)
	var changes fakes.Changes
	require.NoError(t, changes.Set(person, "company", `"Us"`))
	o.Changes = &changes
	require.Equal(t, `"Us"`, contract.Lookup(g.AppendOccasion(nil, o), "/person/properties/3/value"))
	w := fakes.NewWorld(1, fakes.Config{})
	require.NoError(t, changes.Set(first, "value", 4))
	value, err := w.Value(first, "value", o.At, &changes)
	require.NoError(t, err)
	require.Equal(t, json.Number("4"), value)
	value, err = w.Value(first, "value", o.At, nil)
	require.NoError(t, err)
	require.IsType(t, "", value)
}

// A URL is absolute or relative where the page says so; both are of the same thing.
func TestRelativeURLs(t *testing.T) {
	t.Parallel()
	g := generator(t, "ambassify", "campaign.created")
	relative := map[string]int{}
	const campaigns = 500
	for n := range uint64(campaigns) {
		body := g.Append(nil, n, g.At(n))
		if n < 100 {
			require.NoError(t, g.Event().Validate(body))
		}
		for _, pointer := range []string{"/campaign/link", "/campaign/promote/image", "/campaign/image/location", "/campaign/shortLink"} {
			for language, url := range contract.Lookup(body, pointer).(map[string]any) {
				if strings.HasPrefix(url.(string), "/") {
					relative[pointer]++
				} else {
					require.True(t, strings.HasPrefix(url.(string), "https://"), url)
				}
				if pointer == "/campaign/promote/image" {
					location := contract.Lookup(body, "/campaign/image/location/"+language).(string)
					require.True(t, strings.HasSuffix(location, url.(string)), "%s is not %s", url, location)
				}
			}
		}
	}
	require.Len(t, relative, 2)
	for _, pointer := range []string{"/campaign/link", "/campaign/promote/image"} {
		require.Greater(t, relative[pointer], campaigns/5, pointer)
	}
}

// Some members are of the team when they are changed, where a document asks for it.
func TestTeammates(t *testing.T) {
	t.Parallel()
	p, err := contract.Load("tribe@2021-12")
	require.NoError(t, err)
	source := string(p.Document())
	begin := strings.Index(source, `"MemberUpdatedData":`)
	require.Positive(t, begin)
	for plain, asks := range map[string]string{
		`"teammate":{"type":"boolean","x-value":false}`:                                      `"teammate":{"type":"boolean","x-fake":"teammate"}`,
		`"roleType":{"allOf":[{"$ref":"#/components/schemas/RoleType"}],"x-value":"member"}`: `"roleType":{"allOf":[{"$ref":"#/components/schemas/RoleType"}],"x-fake":"member.teamRoleType"}`,
		`"roleId":{"type":"string","x-fake":"network.memberRoleKey"}`:                        `"roleId":{"type":"string","x-fake":"member.teamRoleKey"}`,
	} {
		source = source[:begin] + strings.ReplaceAll(source[begin:], plain, asks)
	}
	p, err = contract.Parse("asks.yaml", []byte(source), "2021-12")
	require.NoError(t, err)
	event, err := p.Event("member.updated")
	require.NoError(t, err)
	g, err := fakes.NewWorld(1, fakes.Config{}).Generator(event)
	require.NoError(t, err)
	team, network := 0, ""
	for n := range uint64(1_000) {
		body := g.Append(nil, n, g.At(n))
		require.NoError(t, event.Validate(body))
		if contract.Lookup(body, "/data/object/teammate") == false {
			require.Equal(t, "member", contract.Lookup(body, "/data/actor/roleType"))
			network = contract.Lookup(body, "/data/object/roleId").(string)
			continue
		}
		team++
		require.Equal(t, "admin", contract.Lookup(body, "/data/actor/roleType"))
		require.Equal(t, contract.Lookup(body, "/data/actor/roleId"), contract.Lookup(body, "/data/object/roleId"))
		require.NotEqual(t, network, contract.Lookup(body, "/data/object/roleId"))
	}
	require.InDelta(t, 100, team, 40)
}

// Some people have opted out, where a document asks for it.
func TestOptIn(t *testing.T) {
	t.Parallel()
	p, err := contract.Load("ambassify")
	require.NoError(t, err)
	const plain, asks = `"x-value":{"email":true}`, `"properties":{"email":{"type":"boolean","x-fake":"optIn"}}`
	source := string(p.Document())
	if strings.Contains(source, plain) {
		p, err = contract.Parse("asks.yaml", []byte(strings.Replace(source, plain, asks, 1)), "")
		require.NoError(t, err)
	}
	event, err := p.Event("person.created")
	require.NoError(t, err)
	g, err := fakes.NewWorld(1, fakes.Config{}).Generator(event)
	require.NoError(t, err)
	out := 0
	for n := range uint64(1_000) {
		if contract.Lookup(g.Append(nil, n, g.At(n)), "/person/optIn/email") == false {
			out++
		}
	}
	require.InDelta(t, 150, out, 50)
}
