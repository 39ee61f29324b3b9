package contract_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/quintain-dev/quintain/contract"
)

var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// play runs a delivery to its end on a clock that jumps to each due time. status gives the answer to attempt n.
func play(
	t require.TestingT, rule contract.SuccessRule, schedule contract.RetrySchedule, status func(n int) int,
) (contract.Delivery, []time.Duration) {
	d := contract.NewDelivery(noon)
	var at []time.Duration
	for !d.State.Settled() {
		require.Less(t, len(at), 100, "the delivery never settles")
		d = contract.Begin(d)
		require.Equal(t, contract.Sending, d.State)
		at = append(at, d.Due.Sub(noon))
		d = contract.Next(d, contract.Result{Started: d.Due, Status: status(d.Attempts)}, contract.Policy{Success: rule, Schedule: schedule})
	}
	return d, at
}

// The table gives a feeling for what the schedules look like.
func TestSchedulesOfThePlatforms(t *testing.T) {
	t.Parallel()
	want := map[string][]string{
		"mighty":    {"0s", "5s", "5m5s", "35m5s", "2h35m5s", "7h35m5s"},
		"tryno":     {"0s", "0s", "1m0s", "6m0s", "36m0s"},
		"ambassify": {"0s", "5s", "5m5s", "35m5s", "2h35m5s", "7h35m5s"},
		"tribe":     {"0s", "5s", "30s", "2m35s", "13m0s"},
	}
	for name, want := range want {
		p, err := contract.Load(name)
		require.NoError(t, err)
		d, at := play(t, p.Rules.Success.Value, p.Rules.Schedule.Value, func(int) int { return 500 })
		var got []string
		for _, after := range at {
			got = append(got, after.String())
		}
		require.Equal(t, want, got, name)
		require.Equal(t, contract.Exhausted, d.State)
		require.Equal(t, p.Rules.Schedule.Value.Total(), at[len(at)-1])
	}
}

func TestDeliverySettles(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var schedule contract.RetrySchedule
		for range rapid.IntRange(0, 8).Draw(t, "retries") {
			schedule = append(schedule, time.Duration(rapid.IntRange(0, 10_000).Draw(t, "delay"))*time.Second)
		}
		failures := rapid.IntRange(0, 10).Draw(t, "failures")
		d, at := play(t, contract.Any2xx, schedule, func(n int) int {
			if n <= failures {
				return 503
			}
			return 200
		})
		if failures <= len(schedule) {
			require.Equal(t, contract.Acknowledged, d.State)
			require.Equal(t, failures+1, d.Attempts)
		} else {
			require.Equal(t, contract.Exhausted, d.State)
			require.Equal(t, len(schedule)+1, d.Attempts)
		}
		require.IsNonDecreasing(t, append([]time.Duration{0}, at...))
	})
}

func TestDelayCountsFromTheStartOfTheAttemptBefore(t *testing.T) {
	t.Parallel()
	d := contract.Begin(contract.NewDelivery(noon))
	late := contract.Result{Started: noon.Add(3 * time.Second), Failure: contract.Timeout}
	d = contract.Next(d, late, contract.Policy{Success: contract.Any2xx, Schedule: contract.RetrySchedule{time.Minute}})
	require.Equal(t, contract.Waiting, d.State)
	require.Equal(t, noon.Add(63*time.Second), d.Due)
}

func TestSuccessRules(t *testing.T) {
	t.Parallel()
	// Which of these statuses acknowledge a delivery, under each rule.
	statuses := []int{0, 100, 199, 200, 201, 202, 204, 299, 300, 302, 399, 400, 404, 410, 429, 500, 503}
	want := map[contract.SuccessRule][]int{
		contract.Exactly200: {200},
		contract.Any2xx:     {200, 201, 202, 204, 299},
		contract.Below400:   {200, 201, 202, 204, 299, 300, 302, 399},
	}
	for rule, acknowledged := range want {
		var got []int
		for _, status := range statuses {
			if (contract.Policy{Success: rule}).Judge(contract.Result{Status: status}) == contract.Accepted {
				got = append(got, status)
			}
		}
		require.Equal(t, acknowledged, got, rule)
		require.Equal(t, contract.Failed, contract.Policy{Success: rule}.Judge(contract.Result{Status: 200, Failure: contract.Reset}))
	}
}

func TestCancelAndRedeliver(t *testing.T) {
	t.Parallel()
	policy := contract.Policy{Success: contract.Any2xx, Schedule: contract.RetrySchedule{time.Second, time.Second}}
	failed := contract.Result{Started: noon, Status: 500}

	d := contract.Next(contract.Begin(contract.NewDelivery(noon)), failed, policy)
	canceled := contract.Cancel(d)
	require.Equal(t, contract.Canceled, canceled.State)

	// Canceled while the attempt was under way: a failure changes nothing, an acknowledgement counts.
	underWay := contract.Cancel(contract.Begin(d))
	require.Equal(t, contract.Canceled, contract.Next(underWay, failed, policy).State)
	require.Equal(t, contract.Acknowledged, contract.Next(underWay, contract.Result{Status: 204}, policy).State)

	// By hand: one attempt, and no retries after it.
	again := contract.Redeliver(canceled, noon.Add(time.Hour))
	require.Equal(t, contract.Waiting, again.State)
	require.Equal(t, noon.Add(time.Hour), again.Due)
	again = contract.Next(contract.Begin(again), failed, policy)
	require.Equal(t, contract.Exhausted, again.State)
	require.False(t, again.Manual)

	require.Equal(t, d, contract.Redeliver(d, noon), "an attempt is coming anyway")
	acknowledged := contract.Delivery{State: contract.Acknowledged}
	require.Equal(t, acknowledged, contract.Cancel(acknowledged))
}

func TestStreakDisables(t *testing.T) {
	t.Parallel()
	count := func(rule contract.DisableAfter, outcomes ...contract.Outcome) (disabledAt int) {
		var streak contract.Streak
		for i, outcome := range outcomes {
			var disable bool
			if streak, disable = streak.After(contract.Delivery{Attempts: i + 1}, outcome, rule); disable {
				return i + 1
			}
		}
		return 0
	}
	f, a := contract.Failed, contract.Accepted
	require.Equal(t, 5, count(contract.DisableAfter{Failures: 4, Counts: "retries"}, f, f, f, f, f))
	require.Equal(t, 4, count(contract.DisableAfter{Failures: 4, Counts: "attempts"}, f, f, f, f, f))
	require.Equal(t, 0, count(contract.DisableAfter{Failures: 4, Counts: "attempts"}, f, f, f, a, f, f, f))
	require.Equal(t, 0, count(contract.DisableAfter{}, f, f, f, f, f, f))

	streak, disable := contract.Streak(3).After(contract.Delivery{Attempts: 9, Manual: true}, f, contract.DisableAfter{Failures: 4, Counts: "attempts"})
	require.Equal(t, contract.Streak(3), streak, "an attempt by hand does not count")
	require.False(t, disable)
}

func TestJitterLengthensWithinBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := contract.Policy{
			Schedule: contract.RetrySchedule{time.Duration(rapid.Int64Range(0, int64(time.Hour)).Draw(t, "delay"))},
			Jitter:   rapid.Float64Range(0, 1).Draw(t, "jitter"),
		}
		roll := rapid.Float64Range(0, 0.999999).Draw(t, "roll")
		low, high := p.Bounds(0)
		require.Equal(t, p.Schedule[0], low)
		d := contract.Next(contract.Begin(contract.NewDelivery(noon)), contract.Result{Started: noon, Status: 500, Roll: roll}, p)
		delay := d.Due.Sub(noon)
		require.GreaterOrEqual(t, delay, low)
		require.LessOrEqual(t, delay, high)
		if roll == 0 || p.Jitter == 0 {
			require.Equal(t, low, delay)
		}
	})
	p := contract.Policy{Schedule: contract.RetrySchedule{time.Minute}, Jitter: 0.1}
	low, high := p.Bounds(0)
	require.Equal(t, []time.Duration{time.Minute, 66 * time.Second}, []time.Duration{low, high})
}

func TestRetryAfterAndGoneCountWhereAskedFor(t *testing.T) {
	t.Parallel()
	next := func(p contract.Policy, r contract.Result) contract.Delivery {
		p.Schedule, r.Started = contract.RetrySchedule{time.Minute}, noon
		return contract.Next(contract.Begin(contract.NewDelivery(noon)), r, p)
	}
	wait := contract.Result{Status: 429, RetryAfter: 2 * time.Minute}
	require.Equal(t, noon.Add(time.Minute), next(contract.Policy{}, wait).Due)
	require.Equal(t, noon.Add(2*time.Minute), next(contract.Policy{RetryAfter: true}, wait).Due)
	wait.RetryAfter = time.Second
	require.Equal(t, noon.Add(time.Minute), next(contract.Policy{RetryAfter: true}, wait).Due, "never shorter")

	gone := contract.Result{Status: 410}
	require.Equal(t, contract.Waiting, next(contract.Policy{}, gone).State)
	require.Equal(t, contract.Canceled, next(contract.Policy{Gone: true}, gone).State)
	require.Equal(t, contract.Gone, contract.Policy{Gone: true}.Judge(gone))
	_, disable := contract.Streak(0).After(contract.Delivery{Attempts: 1}, contract.Gone, contract.DisableAfter{})
	require.True(t, disable, "whatever the rule")
}

// The longest delay that a document may ask for, and what is longer than time.
func TestBoundsOfLongDelays(t *testing.T) {
	t.Parallel()
	low, high := contract.Policy{Schedule: contract.RetrySchedule{math.MaxInt64 / 3 * 2}, Jitter: 1}.Bounds(0)
	require.Equal(t, time.Duration(math.MaxInt64/3*2), low)
	require.Equal(t, time.Duration(math.MaxInt64), high)
	low, high = contract.Policy{Schedule: contract.RetrySchedule{contract.MaxDelay}, Jitter: 1}.Bounds(0)
	require.Equal(t, []time.Duration{contract.MaxDelay, 2 * contract.MaxDelay}, []time.Duration{low, high})

	document := func(delay string) error {
		_, err := contract.Parse("a.yaml", []byte(string(wrapped("{type: object}", ""))+"x-delivery: {schedule: {value: ["+delay+"]}}\n"), "")
		return err
	}
	require.NoError(t, document("8760h"))
	require.ErrorContains(t, document("8760h1ns"), "/x-delivery/schedule/value/0: the delay 8760h1ns is longer than 8760h0m0s")
}

// TestRetriesOfOne: the delays end where the state machine disables the webhook.
func TestRetriesOfOne(t *testing.T) {
	t.Parallel()
	schedule := contract.RetrySchedule{time.Second, time.Minute, time.Hour}
	for _, counts := range []string{contract.CountRetries, contract.CountAttempts} {
		for failures := range 6 {
			rule := contract.DisableAfter{Failures: failures, Counts: counts}
			rules := contract.Rules{
				Schedule:     contract.Fact[contract.RetrySchedule]{Value: schedule},
				DisableAfter: contract.Fact[contract.DisableAfter]{Value: rule},
			}
			policy := contract.Policy{Success: contract.Any2xx, Schedule: schedule}
			d, streak, disabled, retries := contract.Delivery{}, contract.Streak(0), false, -1
			for !d.State.Settled() && !disabled {
				d = contract.Begin(d)
				begun := d
				d = contract.Next(d, contract.Result{Status: 500}, policy)
				streak, disabled = streak.After(begun, contract.Failed, rule)
				retries++
			}
			require.Equal(t, schedule[:retries], rules.RetriesOfOne(), "%d %s", failures, counts)
		}
	}
}
