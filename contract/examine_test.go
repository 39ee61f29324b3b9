package contract_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
)

const (
	asJSON = "application/json"
	asForm = "application/x-www-form-urlencoded; charset=utf-8"
)

// Every example is found valid, as JSON and as a form of either style.
func TestExamineExamples(t *testing.T) {
	t.Parallel()
	for _, name := range contract.Names() {
		p, err := contract.Load(name)
		require.NoError(t, err)
		tried := 0
		for _, event := range p.Events() {
			example, err := event.Example()
			require.NoError(t, err)
			if _, err := p.Identify(example.Body); err != nil {
				require.Empty(t, p.Rules.EventName.Value, event.Name)
				found := p.Examine(asJSON, example.Body)
				require.Equal(t, contract.Finding{ID: found.ID, Valid: true, Message: err.Error()}, found, "one of several of its shape")
				continue
			}
			found := p.Examine(asJSON, example.Body)
			require.Equal(t, contract.Finding{Event: event.Name, ID: found.ID, Valid: true}, found, "%s %s", p, event.Name)
			if key := p.Rules.DedupKey.Value; key != "" {
				require.Equal(t, contract.Lookup(example.Body, key), found.ID)
			}
			for _, style := range contract.FormStyles() {
				form, err := contract.EncodeForm(example.Body, style)
				require.NoError(t, err)
				require.Equal(t, found, p.Examine(asForm, form), "%s %s %s", p, event.Name, form)
			}
			tried++
		}
		require.NotZero(t, tried, name)
	}
}

func TestExamineSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	p, err := contract.Load("tribe")
	require.NoError(t, err)
	found := p.Examine(asJSON, []byte(`{"data":{"name":"member.created","id":"7"}}`))
	require.Equal(t, "member.created", found.Event)
	require.Equal(t, "7", found.ID)
	require.False(t, found.Valid)
	require.Empty(t, found.Message)
	require.Contains(t, found.Problems, contract.Problem{Pointer: "", Message: `lacks "networkId", "context", "entityId", "currentSettings", "type"`})

	unknown := p.Examine(asJSON, []byte(`{"data":{"name":"member.creatd"}}`))
	require.Equal(t, "member.creatd", unknown.Event, "as it says itself")
	require.False(t, unknown.Valid)
	require.Contains(t, unknown.Message, `did you mean "member.created"?`)
	require.Contains(t, p.Examine("", nil).Message, "the body is empty")
	require.Equal(t, contract.Finding{Message: "the form is empty"}, p.Examine(asForm, nil))
	require.Equal(t, contract.Finding{Message: "the form has two values in one place"}, p.Examine(asForm, []byte("a=1&a[b]=2")))
	require.Equal(t, contract.Finding{Message: "the form is not URL-encoded"}, p.Examine(asForm, []byte("a=%zz")))
	require.Equal(t, contract.Finding{Message: "the form has a name that is no path"}, p.Examine(asForm, []byte("[]=1")))

	ambassify, err := contract.Load("ambassify")
	require.NoError(t, err)
	event := ambassify.Events()[0]
	example, err := event.Example()
	require.NoError(t, err)
	form, err := contract.EncodeForm(example.Body, contract.Dots)
	require.NoError(t, err)
	wrong := ambassify.Examine(asForm, append(form, "&event.name.x=1"...))
	require.False(t, wrong.Valid)
}

func TestCheck(t *testing.T) {
	t.Parallel()
	tribe, err := contract.Load("tribe")
	require.NoError(t, err)
	s, now, body := tribe.Rules.Signature.Value, time.Unix(1e9, 0), []byte("body")
	h := http.Header{}
	require.Equal(t, "none", s.Check(h, body, now, "one"))
	s.SigningScheme().Sign(h, "two", body, now)
	require.Equal(t, "valid", s.Check(h, body, now, "two"))
	require.Equal(t, "valid", s.Check(h, body, now, "", "one", "two"), "any of the secrets will do")
	require.Equal(t, "signature does not match: header X-Tribe-Signature", s.Check(h, body, now, "one", "three"))
	require.Contains(t, s.Check(h, body, now.Add(time.Hour), "two"), "timestamp too old")
	require.Empty(t, s.Check(h, body, now), "there is no secret to check with")
	require.Empty(t, s.Check(h, body, now, ""))
	require.Empty(t, contract.Signature{Scheme: "none"}.Check(h, body, now, "two"))
}
