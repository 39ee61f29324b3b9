package mocksteps_test

import (
	"bytes"
	"context"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/cucumber/godog"
	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge"
	"github.com/quintain-dev/quintain/features/judge/reference"
	"github.com/quintain-dev/quintain/features/mocksteps"
	"github.com/quintain-dev/quintain/fixtures"
	"github.com/quintain-dev/quintain/mockserver"
)

const secret = "the-secret-of-the-tests"

// through is a transport that is a function.
type through func(*http.Request) (*http.Response, error)

func (f through) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// play runs a feature over the mock, several scenarios at once and in any order.
func play(
	t *testing.T, m mocksteps.Mock, feature string, more ...func(*godog.ScenarioContext),
) (code int, output string) {
	t.Helper()
	var out bytes.Buffer
	code = godog.TestSuite{
		ScenarioInitializer: func(sc *godog.ScenarioContext) {
			for _, add := range more {
				add(sc)
			}
			mocksteps.Register(sc, m)
		},
		Options: &godog.Options{
			Format: "pretty", Output: &out, NoColors: true, Strict: true, Concurrency: 4, Randomize: -1, DefaultContext: t.Context(),
			FeatureContents: []godog.Feature{{Name: "own.feature", Contents: []byte(feature)}},
		},
	}.Run()
	return code, out.String()
}

// TestSteps: the features in testdata, which show every step, pass.
func TestSteps(t *testing.T) {
	t.Parallel()
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }))
	t.Cleanup(receiver.Close)
	for file, passed := range map[string]string{
		"retries": "4 scenarios (4 passed)", "settings": "7 scenarios (7 passed)", "community": "7 scenarios (7 passed)",
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			feature, err := os.ReadFile("testdata/" + file + ".feature")
			require.NoError(t, err)
			code, out := play(t, mocksteps.Mock{Receivers: map[string]string{"the receiver": receiver.URL}}, string(feature))
			require.Zero(t, code, out)
			require.Contains(t, out, passed)
		})
	}
}

// TestEvents: the features that say what each event carries hold, and every event that has a fixture has a scenario.
func TestEvents(t *testing.T) {
	t.Parallel()
	for _, name := range contract.Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			feature, err := os.ReadFile("../events/" + name + ".feature")
			require.NoError(t, err)
			p, err := contract.Load(name)
			require.NoError(t, err)
			for _, e := range p.Events() {
				if _, err := fs.Stat(fixtures.FS, name+"/"+e.Name+".json"); err == nil {
					require.Contains(t, string(feature), "Scenario: "+e.Name+" carries ", "features/events/%s.feature", name)
				}
			}
			code, out := play(t, mocksteps.Mock{}, string(feature))
			require.Zero(t, code, out)
		})
	}
}

// TestCarriesFails: a value that is not as the table says is named with what is there, and so are words that say
// nothing.
func TestCarriesFails(t *testing.T) {
	t.Parallel()
	for row, want := range map[string]string{
		`| /data/name | "member.deleted" |`:               `/data/name is "member.created", want "member.deleted"`,
		`| /data/object/email | a number or null |`:       `want a number or null`,
		`| /data/object/nothing | null |`:                 `/data/object/nothing is absent, want null`,
		`| /data/object/verifiedAt | a time |`:            `/data/object/verifiedAt is null, want a time`,
		`| /networkId | the same as /data/object/id |`:    `want the same as /data/object/id`,
		`| /networkId | an identifier |`:                  `unknown expectation "an identifier"; want`,
		`| /networkId |`:                                  `row 1 of the table has 1 cell, want 2`,
		`| /data/object/email | seconds since 1970 |`:     `want seconds since 1970`,
		`| /data/object/name | an email address |`:        `want an email address`,
		`| /data/object/name | a link or true or false |`: `want a link or true or false`,
		`| /data | a list |`:                              `want a list`,
		`| /data/object/id | absent |`:                    `want absent`,
	} {
		t.Run(row, func(t *testing.T) {
			t.Parallel()
			code, out := play(t, mocksteps.Mock{}, `Feature: one
  Scenario: one
    Given a community of tribe
    And an inbox "data" that answers "200"
    And a webhook to the inbox "data"
    When member.created happens
    Then the request to the inbox "data" carries:
      `+row+"\n")
			require.NotZero(t, code, out)
			require.Contains(t, out, want)
		})
	}
}

const oneEvent = `Feature: one event
  Scenario: %NAME%
    Given a receiver of tribe that acknowledges member.created
    And a community of tribe
    And the secret "` + secret + `"
    And an inbox "shop" that answers "200"
    And a webhook to "our receiver"
    And a webhook to the inbox "shop"
    When the scenario is noted
    And member.created happens
    And member.created is delivered
    Then it is acknowledged
    And every delivery is acknowledged
`

// TestStepsOfBothSuites: the steps of both go together in one scenario, with steps of one's own that use the same
// community; what a scenario had is gone when it is over, however it ended.
func TestStepsOfBothSuites(t *testing.T) {
	t.Parallel()
	tribe, err := contract.Load("tribe")
	require.NoError(t, err)
	received := make(chan string, 10)
	srv := httptest.NewServer(reference.New(tribe, secret, reference.OnEvent(func(e reference.Event) { received <- e.Name })))
	t.Cleanup(srv.Close)
	inboxes := make(chan string, 10)
	own := func(sc *godog.ScenarioContext) {
		judge.Steps(sc, judge.Receiver{URL: srv.URL, Platform: tribe, Secret: secret})
		sc.When(`^the scenario is noted$`, func(ctx context.Context) error {
			api, community, err := mocksteps.Of(ctx)
			if err != nil {
				return err
			}
			in, err := api.Inbox(ctx, community.ID, "shop")
			if err != nil {
				return err
			}
			answer, err := http.Get(in.URL)
			if err != nil {
				return err
			}
			answer.Body.Close()
			inboxes <- in.URL
			return nil
		})
	}
	feature := strings.Replace(oneEvent, "%NAME%", "it goes well", 1)
	_, again, _ := strings.Cut(oneEvent, "\n")
	feature += strings.Replace(again, "%NAME%", "it does not", 1) + `    And the inbox "shop" got nothing`
	code, out := play(t, mocksteps.Mock{Receivers: map[string]string{"our receiver": srv.URL}}, feature, own)
	require.Equal(t, 1, code, out)
	require.Contains(t, out, "2 scenarios (1 passed, 1 failed)", out)
	require.Contains(t, out, `the inbox "shop" got 2 requests`)
	require.Len(t, received, 6, "in each scenario: the good delivery that comes first, that of the step, and the mock's")
	require.Len(t, inboxes, 2)
	for range 2 {
		_, err := http.Get(<-inboxes) //nolint:bodyclose // there is none
		require.ErrorIs(t, err, syscall.ECONNREFUSED)
	}
}

// TestOfNothing: a step of one's own is told that there is no community, or no steps.
func TestOfNothing(t *testing.T) {
	t.Parallel()
	_, _, err := mocksteps.Of(t.Context())
	require.ErrorContains(t, err, "register the steps with judge.Steps or mocksteps.Register")
	code, out := play(t, mocksteps.Mock{}, "Feature: f\n  Scenario: s\n    Given nothing\n", func(sc *godog.ScenarioContext) {
		sc.Given(`^nothing$`, func(ctx context.Context) error {
			_, _, err := mocksteps.Of(ctx)
			return err
		})
	})
	require.Equal(t, 1, code)
	require.Contains(t, out, "there is no community")
}

// TestOptions: they are those of the scenario's server.
func TestOptions(t *testing.T) {
	t.Parallel()
	asked := make(chan string, 10)
	line := through(func(r *http.Request) (*http.Response, error) {
		asked <- r.URL.String()
		return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Header: http.Header{}, Request: r}, nil
	})
	const feature = `Feature: f
  Scenario: s
    Given a community of tribe
    And a webhook to "https://shop.example/hooks"
    When member.created happens
    Then the delivery is acknowledged
`
	code, out := play(t, mocksteps.Mock{Options: []mockserver.Option{mockserver.WithAllowedHosts("shop.example"), mockserver.WithTransport(line)}}, feature)
	require.Zero(t, code, out)
	require.Equal(t, "https://shop.example/hooks", <-asked)

	code, out = play(t, mocksteps.Mock{Options: []mockserver.Option{mockserver.WithBaseURL("nonsense")}}, feature)
	require.Equal(t, 1, code)
	require.Contains(t, out, `the base URL is "nonsense"`)
}

// besideAll runs a scenario in strict mode next to the steps of all packages and some of a suite's own, and returns
// what was logged in it.
func besideAll(t *testing.T, scenario string) (code int, output string, logged []string) {
	t.Helper()
	src, err := os.ReadFile("../../contract/testdata/foreign/stated.yaml")
	require.NoError(t, err)
	stated, err := contract.Parse("stated.yaml", src, "")
	require.NoError(t, err)
	require.Equal(t, []string{"joined", "left"}, stated.EventNames(), "plain words")
	ambassify, err := contract.Load("ambassify")
	require.NoError(t, err)
	m := mocksteps.Mock{Options: []mockserver.Option{mockserver.WithPlatform(stated)}}
	code, output = play(t, m, "Feature: f\n  Scenario: s\n"+scenario, func(sc *godog.ScenarioContext) {
		judge.Steps(sc, judge.Receiver{URL: "http://127.0.0.1:1", Platform: ambassify})
		judge.SenderSteps(sc, judge.Sender{URL: "http://127.0.0.1:1", Platform: ambassify})
		sc.When(`^checkout (?:happens|happens 2 times|is delivered|is called)$`, func() error { return nil })
		sc.After(func(ctx context.Context, _ *godog.Scenario, _ error) (context.Context, error) {
			logged = append(logged, godog.LoggedMessages(ctx)...)
			return ctx, nil
		})
	})
	return code, output, logged
}

// TestStepsOfOthers: a suite's own steps are not ambiguous next to ours, though they read like ours with a plain word
// in place of an event. An event of the suite's own platform may be such a word, and one with a typing error is an
// unknown event.
func TestStepsOfOthers(t *testing.T) {
	t.Parallel()
	code, out, _ := besideAll(t, `    Given a community of stated
    And an inbox "shop" that answers "200"
    And a webhook to the inbox "shop"
    When checkout happens
    And checkout happens 2 times
    And checkout is delivered
    And checkout is called
    And joined happens
    Then the inbox "shop" got 1 request of joined
`)
	require.Zero(t, code, out)
	for scenario, want := range map[string]string{
		"    Given a community of tribe\n    When member.create happens\n":   `did you mean "member.created"?`,
		"    Given a community of mighty\n    When MemberBadgeAdd happens\n": `did you mean "MemberBadgeAdded"?`,
		"    When campaign.creatd is delivered\n":                            `did you mean "campaign.created"?`,
	} {
		code, out, _ := besideAll(t, scenario)
		require.Equal(t, 1, code, out)
		require.Contains(t, out, want)
	}
}

// TestUndefinedSteps: one that is near a step of ours is logged with that one, and a foreign one is not.
func TestUndefinedSteps(t *testing.T) {
	t.Parallel()
	for step, want := range map[string][]string{
		"When everything has settled": {`undefined step "everything has settled"; did you mean: When everything settles?`},
		"When member.created is delivered 3 times": {
			`undefined step "member.created is delivered 3 times"; did you mean: When member.created is delivered 3 times at once?`,
		},
		"When jioned happens":        {`undefined step "jioned happens"; did you mean: When joined happens?`},
		"When the post is published": nil,
	} {
		code, out, logged := besideAll(t, "    "+step+"\n")
		require.Equal(t, 1, code, out)
		require.Contains(t, out, "1 undefined")
		require.Equal(t, want, logged, step)
	}
}
