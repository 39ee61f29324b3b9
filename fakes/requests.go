package fakes

import "time"

// requests: the newcomer asks to be let in, some seconds before coming.
func requests() kind {
	return kind{
		root:  numbered,
		comes: atOnce,
		relations: map[string]relation{
			"requester": {kind: "person", of: story},
			"space":     {kind: "space", of: func(f *frame, i int64) int64 { return f.w.spaceOf(requestKind, i) }},
			"plan": {kind: "plan", of: func(f *frame, i int64) int64 {
				return f.w.some(requestKind, i, planKind)
			}},
			// Every third comes because somebody sent them.
			"referrer": {
				kind:    "person",
				of:      func(f *frame, i int64) int64 { return f.w.resident(requestKind, i, 4) },
				present: func(f *frame, i int64) bool { return f.w.draw(requestKind, i, 5)%3 == 0 },
			},
		},
		attributes: map[string]attribute{
			"id":     contentID(requestID),
			"key":    key(requestKind, 3, 21),
			"status": word(func(*frame, int64) string { return "pending" }),
			"createdAt": moment(func(f *frame, i int64) time.Time {
				ahead := between(f.w.draw(requestKind, i, 6), 1, 30)
				return f.made(i).Add(-time.Duration(ahead) * time.Second)
			}),
			"updatedAt": moment(now),
			"decidedAt": moment(now),
		},
	}
}

// memberships: the newcomer joins a space.
func memberships() kind {
	return kind{
		root:  numbered,
		comes: soonAfter(membershipKind),
		relations: map[string]relation{
			"member": {kind: "person", of: story},
			"space":  {kind: "space", of: func(f *frame, i int64) int64 { return f.w.spaceOf(membershipKind, i) }},
			// Whose profile the member changes: every third time it is that of the whole network.
			"profileSpace": {
				kind:    "space",
				of:      func(f *frame, i int64) int64 { return f.w.spaceOf(membershipKind, i) },
				present: func(f *frame, i int64) bool { return f.w.draw(membershipKind, i, 6)%3 != 0 },
			},
		},
		attributes: map[string]attribute{
			"key":       key(membershipKind, 3, 21),
			"createdAt": moment(func(f *frame, i int64) time.Time { return f.soon(membershipKind, "membership", i) }),
			"updatedAt": moment(now),
		},
	}
}
