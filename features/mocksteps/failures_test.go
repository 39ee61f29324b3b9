package mocksteps_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/features/mocksteps"
)

// down is a community with one inbox that always fails, and a webhook to it.
const down = `
Given a community of tribe
Given an inbox "shop" that answers "500"
Given a webhook to the inbox "shop"
`

// wrongFeatures are scenarios that fail, with what they say.
var wrongFeatures = []struct{ name, steps, want string }{
	{"an acknowledgement that never comes", down + `
When member.created happens
Then the delivery is acknowledged`,
		"the delivery of member.created is waiting after 1 attempt, want acknowledged: attempt 1 at 0s was answered 500, the next is due at 5s"},
	{"too few attempts", down + `
When member.created happens
And everything settles
Then the delivery is exhausted after 6 attempts`,
		"the delivery of member.created is exhausted after 5 attempts, want exhausted after 6 attempts: attempt 1 at 0s was answered 500, attempt 2 at 5s"},
	{"one delivery of many", down + `
When member.created happens 3 times
Then every delivery is waiting
Then every delivery is canceled`,
		"number 1 of 3: the delivery of member.created is waiting after 1 attempt, want canceled"},
	{"requests that are still to come", down + `
When member.created happens
Then the inbox "shop" got 5 requests`,
		`the inbox "shop" got 1 request (1 of member.created), want 5; 1 attempt still to come, the next in 5s: move the clock`},
	{"requests of another event", down + `
When member.created happens
Then the inbox "shop" got 1 request of member.deleted`,
		`the inbox "shop" got 1 request (1 of member.created), want 1 of member.deleted`},
	{"requests of an event that is not there", down + `
Then the inbox "shop" got 0 requests of member.vanished`,
		`unknown event of tribe@2021-12 "member.vanished"`},
	{"something instead of nothing", down + `
When member.created happens
Then the inbox "shop" got nothing`,
		`the inbox "shop" got 1 request (1 of member.created), want 0`},
	{"more than was to come", down + `
When member.created happens 2 times
Then the inbox "shop" got 1 request`,
		`the inbox "shop" got 2 requests (2 of member.created), want 1` + "\n"},
	{"an inbox that is not there", down + `
Then the inbox "shock" got nothing`,
		`there is no inbox "shock"; did you mean shop?`},
	{"another schedule", down + `
When member.created happens
And everything settles
Then the attempts came at "0s, 5s, 5m5s"`,
		`the attempts came at "0s, 5s, 30s, 2m35s, 13m0s", want "0s, 5s, 5m5s"`},
	{"different bodies", down + `
When member.created happens 2 times
Then the requests have the same body, byte for byte`,
		`request 2 has another body than request 1, from byte `},
	{"one body", down + `
When member.created happens
Then the requests have the same body, byte for byte`,
		`there is 1 request, and nothing to compare it with; 1 attempt still to come`},
	{"a wrong signature", down + `
And the webhook has the faults "wrong-signature"
When member.created happens
Then the requests are correctly signed`,
		`request 1 is not correctly signed: signature does not match`},
	{"no signature", down + `
And the webhook has the faults "no-signature"
When member.created happens
Then the requests are correctly signed`,
		`request 1 has no signature`},
	{"no request", down + `
Then the requests to the inbox "shop" are correctly signed`,
		`there is no request`},
	{"another failure", down + `
When member.created happens
Then attempt 1 failed with timeout`,
		`attempt 1 was answered 500, want a failure with timeout`},
	{"a failure that is none", down + `
When member.created happens
Then attempt 1 failed with timout`,
		`an attempt does not fail with "timout"; did you mean timeout?`},
	{"another answer", down + `
When member.created happens
Then attempt 1 was answered 503`,
		`attempt 1 was answered 500, want an answer 503`},
	{"an attempt that was not made", down + `
When member.created happens
Then attempt 2 was answered 500`,
		`there was no attempt 2: attempt 1 at 0s was answered 500, the next is due at 5s`},
	{"which delivery", down + `
When member.created happens 2 times
Then the delivery is waiting`,
		`there are 2 deliveries; say which, as in: the delivery of member.created to the inbox "…", or every delivery`},
	{"no delivery", down + `
When member.created happens
Then the delivery of member.deleted is waiting`,
		`there is no delivery of member.deleted: nothing happened that a webhook wants`},
	{"which webhook", down + `
And a webhook to "http://127.0.0.1:1"
Then the webhook is switched off`,
		`there are 2 webhooks; say which, as in: the webhook to the inbox "shop"`},
	{"no webhook", `
Given a community of tribe
Then the webhook is still on`,
		`there is no webhook`},
	{"a webhook to elsewhere", down + `
Then the webhook to the inbox "ship" is still on`,
		`there is no webhook to the inbox "ship"; did you mean the inbox "shop"?`},
	{"still on", down + `
Then the webhook is switched off`,
		`the webhook to the inbox "shop" is still on, after 0 failures in a row`},
	{"switched off by hand", down + `
When the webhook is turned off
Then the webhook is still on`,
		`the webhook to the inbox "shop" is switched off`},
	{"switched off by failures", strings.Replace(down, "tribe", "tryno", 1) + `
When member.joined happens
And everything settles
Then the webhook is still on`,
		`the webhook to the inbox "shop" is switched off by failures, 4 in a row`},
	{"no community", `
When member.created happens`,
		`there is no community; begin with "Given a community of tribe", or of another platform`},
	{"no community to set", `
Given jitter of 5%`,
		`there is no community`},
	{"two communities", down + `
Given a community of mighty`,
		`there is a community of tribe; a scenario has one`},
	{"no such platform", `
Given a community of tribee`,
		`unknown platform "tribee"; did you mean "tribe"?`},
	{"no such time", `
Given a community of tribe from "yesterday"`,
		`"yesterday" is no time; write it as 2025-11-07T12:00:00Z`},
	{"no such seed", `
Given a community of tribe with the seed 99999999999999999999`,
		`99999999999999999999 is no seed`},
	{"a setting that comes too late", down + `
Given the retry schedule "5s"`,
		`the retry schedule is a setting of the community, and must come before the first webhook`},
	{"a setting after something happened", `
Given a community of tribe
When the clock moves by 1h
Given the secret "late"`,
		`the secret is a setting of the community, and must come before the first webhook, and before anything happens`},
	{"a schedule that is none", `
Given a community of tribe
Given the retry schedule "5s, soon"`,
		`"soon"`},
	{"more jitter than there is", `
Given a community of tribe
Given jitter of 300%`,
		`jitter`},
	{"a time limit that is none", `
Given a community of tribe
Given a time limit of ever`,
		`"ever" is no duration; write it as 500ms, 5s, 5m or 1h30m`},
	{"a time limit that is too short", `
Given a community of tribe
Given a time limit of 5us`,
		`a time limit of 5us is too short; want 1ms or more`},
	{"a script that is none", `
Given a community of tribe
Given an inbox "shop" that answers "500, tmeout"`,
		`did you mean "timeout"?`},
	{"faults that are none", down + `
And the faults "30% lots"`,
		`did you mean "lost"?`},
	{"an address that is none", down + `
And a webhook to "the shap"`,
		`"the shap" is no URL, and no receiver of the suite; did you mean the shop?`},
	{"an address beyond the loopback", down + `
And a webhook to "http://192.0.2.1/hooks"`,
		`192.0.2.1`},
	{"two webhooks to one inbox", down + `
And a webhook to the inbox "shop" for member.created`,
		`there is a webhook to the inbox "shop" already; name all its events in one step`},
	{"nothing is next", down + `
When the clock moves to the next attempt`,
		`there is no next attempt`},
	{"a virtual clock stands anyway", down + `
When the clock is paused`,
		`clock`},
	{"it is not settled", down + `
When member.created happens
When the delivery is redelivered`,
		`is waiting and has an attempt under way, or coming by itself`},
	{"never", down + `
When member.created happens 0 times`,
		`0 times is not how often an event can happen`},
	{"no payload", down + `
When member.created happens with the payload:
"""
{"data":
"""`,
		`the payload is not JSON: unexpected end of JSON input`},
}

// TestStepsFail: features that are wrong fail, and say why in the words of the feature.
func TestStepsFail(t *testing.T) {
	t.Parallel()
	var feature strings.Builder
	feature.WriteString("Feature: wrong\n")
	for _, w := range wrongFeatures {
		fmt.Fprintf(&feature, "  Scenario: %s\n%s\n", w.name, w.steps)
	}
	code, out := play(t, mocksteps.Mock{Receivers: map[string]string{"the shop": "http://127.0.0.1:1"}}, feature.String())
	require.Equal(t, 1, code, out)
	require.Contains(t, out, fmt.Sprintf("%d scenarios (%d failed)", len(wrongFeatures), len(wrongFeatures)), out)
	_, failed, found := strings.Cut(out, "--- Failed steps:")
	require.True(t, found, out)
	for _, w := range wrongFeatures {
		_, after, found := strings.Cut(failed, "Scenario: "+w.name+" #")
		require.True(t, found, "%s did not fail", w.name)
		said, _, _ := strings.Cut(after, "Scenario:")
		require.Contains(t, said, w.want, w.name)
	}
}
