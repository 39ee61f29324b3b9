package fakes

import "time"

// An offer is what a plan asks for. Those at even places are paid once or free, those at odd ones are subscriptions, so
// that a purchase and a subscription each find a plan of their own sort.
type offer struct {
	name, interval, kind string
	amount               int64 // in cents
	trial                bool
}

const planSubscription = "subscription"

var offers = []offer{
	{"Community Pass", "one_time", "free", 0, false}, {"Monthly Circle", "month", planSubscription, 1_500, true},
	{"Founding Member", "one_time", "one-time-payment", 9_900, false}, {"Yearly Circle", "year", planSubscription, 15_000, true},
	{"Weekend Workshop", "one_time", "one-time-payment", 4_900, false}, {"Weekly Coaching", "week", planSubscription, 2_500, false},
	{"Lifetime Access", "one_time", "one-time-payment", 29_900, false}, {"Daily Practice", "day", planSubscription, 100, true},
}

func offerOf(i int64) *offer { return &offers[i%int64(len(offers))] }

// plans: all of a community ask in one currency.
func plans() kind {
	return kind{
		root:    oneOf(planKind),
		lasting: planKind,
		attributes: map[string]attribute{
			"id":           serial(planKind, 200_000, 1),
			"key":          key(planKind, 2, 21),
			"name":         text(func(_ *frame, i int64, b []byte) []byte { return appendTitle(b, offerOf(i).name, i, len(offers)) }),
			"amount":       number(func(_ *frame, i int64) int64 { return offerOf(i).amount }),
			"currency":     word(func(f *frame, _ int64) string { return pick(currencies, f.w.draw(planKind, -1, 2)) }),
			"interval":     word(func(_ *frame, i int64) string { return offerOf(i).interval }),
			"type":         word(func(_ *frame, i int64) string { return offerOf(i).kind }),
			"hasFreeTrial": flag(func(_ *frame, i int64) bool { return offerOf(i).trial }),
			"createdAt":    moment(func(f *frame, i int64) time.Time { return f.founded(planKind, i) }),
			"updatedAt":    moment(func(f *frame, i int64) time.Time { return f.settled(planKind, i) }),
		},
	}
}

var (
	currencies = []string{"USD", "EUR", "GBP", "CAD", "SEK"}
	payments   = []string{"stripe", "stripe", "stripe", "apple", "web3"}
	taxRates   = []int64{0, 19, 20, 21, 25}
)

// boughtPlan is one that is paid once, or free.
func (w *World) boughtPlan(i int64) int64 {
	return 2 * int64(w.draw(purchaseKind, i, 1)%uint64((w.config.Plans+1)/2))
}

// subscribedPlan is a subscription, or the plan that the subscription was related to.
func (f *frame) subscribedPlan(i int64) int64 {
	if f.changes != nil {
		if to, ok := f.changes.related("subscription", i, "plan"); ok {
			return to
		}
	}
	return f.w.ownPlan(i)
}

func (w *World) ownPlan(i int64) int64 {
	return 2*int64(w.draw(subscriptionKind, i, 1)%uint64(w.config.Plans/2)) + 1
}

// purchases: the newcomer buys something.
func purchases() kind {
	return kind{
		root:  numbered,
		comes: soonAfter(purchaseKind),
		relations: map[string]relation{
			"member": {kind: "person", of: story},
			"plan":   {kind: "plan", of: func(f *frame, i int64) int64 { return f.w.boughtPlan(i) }},
		},
		attributes: map[string]attribute{
			"id": contentID(purchaseID),
			"taxPercent": number(func(f *frame, i int64) int64 {
				if offerOf(f.w.boughtPlan(i)).amount == 0 {
					return 0
				}
				return taxRates[f.w.draw(purchaseKind, i, 2)%uint64(len(taxRates))]
			}),
			"platform":    word(func(f *frame, i int64) string { return pick(payments, f.w.draw(purchaseKind, i, 3)) }),
			"purchasedAt": moment(func(f *frame, i int64) time.Time { return f.soon(purchaseKind, "purchase", i) }),
			"createdAt":   moment(func(f *frame, i int64) time.Time { return f.soon(purchaseKind, "purchase", i) }),
			"updatedAt":   moment(func(f *frame, i int64) time.Time { return f.soon(purchaseKind, "purchase", i) }),
		},
	}
}

// subscriptions: the newcomer subscribes to something. Those that were canceled are the same ones, later.
func subscriptions() kind {
	return subscriptionsWhere(func(f *frame, i int64) bool {
		// Not as soon as it is bought, nor where it goes on.
		return f.event.ends && f.w.draw(subscriptionKind, i, 4)%20 == 0 && f.at.Sub(f.subscribed(i)) > time.Hour
	})
}

func cancellations() kind { return subscriptionsWhere(func(*frame, int64) bool { return true }) }

func subscriptionsWhere(canceled func(f *frame, i int64) bool) kind {
	bought := (*frame).subscribed
	return kind{
		root:  numbered,
		comes: soonAfter(subscriptionKind),
		turns: map[string]since{"renewed": renewed},
		relations: map[string]relation{
			"member": {kind: "person", of: story},
			"plan":   {kind: "plan", of: func(f *frame, i int64) int64 { return f.subscribedPlan(i) }},
		},
		attributes: map[string]attribute{
			"id":          contentID(subscriptionID),
			"platform":    word(func(f *frame, i int64) string { return pick(payments, f.w.draw(subscriptionKind, i, 3)) }),
			"purchasedAt": moment(bought),
			"createdAt":   moment(bought),
			"updatedAt":   moment(now),
			"canceledAt":  {present: canceled, moment: now},
			"periodStart": moment(func(f *frame, i int64) time.Time {
				start, _ := f.period(i)
				return start
			}),
			"periodEnd": moment(func(f *frame, i int64) time.Time {
				_, end := f.period(i)
				return end
			}),
			"trialLength": {present: tries, number: func(f *frame, i int64) int64 { return f.w.trialDays(i) }},
			"trialStart":  {present: tries, moment: bought},
			"trialEnd":    {present: tries, moment: (*frame).trialEnd},
		},
	}
}

// subscribed is minutes after coming, and where a change says when the newcomer asked for the plan, after that too.
func (f *frame) subscribed(i int64) time.Time {
	v, _ := f.changes.of("request", i, "createdAt")
	asked, ok := v.(time.Time)
	if !ok {
		return f.soon(subscriptionKind, "subscription", i)
	}
	if came := f.created("person", f.w.newcomer(uint64(i)), asked); came.After(asked) {
		asked = came
	}
	return f.created("subscription", i, f.later(asked, f.w.draw(subscriptionKind, i, 0x71), 120, 3_600))
}

// tries: of those who may, half try for some days before they pay.
func tries(f *frame, i int64) bool {
	if v, ok := f.changes.of("subscription", i, "trialLength"); ok && v == nil {
		return false
	}
	return f.w.tries(i, f.subscribedPlan(i))
}

func (w *World) tries(i, plan int64) bool {
	return offerOf(plan).trial && w.draw(subscriptionKind, i, 5)%2 == 0
}

func (w *World) trialDays(i int64) int64 {
	return [...]int64{7, 14, 30}[w.draw(subscriptionKind, i, 6)%3]
}

func (f *frame) trialEnd(i int64) time.Time {
	return f.subscribed(i).AddDate(0, 0, int(f.w.trialDays(i)))
}

// period is the one that the payload's time is in: the trial, or one of those that are paid for. After a cancellation
// there is no other.
func (f *frame) period(i int64) (start, end time.Time) {
	start = f.subscribed(i)
	at := f.at
	if v, ok := f.changes.of("subscription", i, "canceledAt"); ok {
		if canceled, ok := v.(time.Time); ok {
			at = notAfter(canceled, at)
		}
	}
	if tries(f, i) {
		if end = f.trialEnd(i); end.After(at) {
			return start, end
		}
		start = end
	}
	elapsed := at.Sub(start)
	switch offerOf(f.subscribedPlan(i)).interval { // as renewed has it
	case "day":
		start = start.AddDate(0, 0, int(elapsed/(24*time.Hour)))
		return start, start.AddDate(0, 0, 1)
	case "week":
		start = start.AddDate(0, 0, 7*int(elapsed/(7*24*time.Hour)))
		return start, start.AddDate(0, 0, 7)
	case "month":
		return civilPeriod(start, at, 1)
	default:
		return civilPeriod(start, at, 12)
	}
}

// renewed is when the second period begins, or after a trial the first one that is paid for.
func renewed(w *World, n uint64) time.Duration {
	i := int64(n)
	came := w.At(n)
	bought := came.Add(soonAfter(subscriptionKind)(w, n))
	plan := w.ownPlan(i)
	switch interval := offerOf(plan).interval; {
	case w.tries(i, plan):
		return bought.AddDate(0, 0, int(w.trialDays(i))).Sub(came)
	case interval == "day":
		return bought.AddDate(0, 0, 1).Sub(came)
	case interval == "week":
		return bought.AddDate(0, 0, 7).Sub(came)
	case interval == "month":
		return bought.AddDate(0, 1, 0).Sub(came)
	}
	return bought.AddDate(1, 0, 0).Sub(came)
}

func civilPeriod(first, at time.Time, months int) (start, end time.Time) {
	n := ((at.Year()-first.Year())*12 + int(at.Month()) - int(first.Month())) / months
	for n > 0 && first.AddDate(0, n*months, 0).After(at) {
		n--
	}
	return first.AddDate(0, n*months, 0), first.AddDate(0, (n+1)*months, 0)
}
