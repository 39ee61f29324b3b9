package fakes

import "time"

// invitations: a resident invites the newcomer, who accepts. One that was not answered expires.
func invitations() kind {
	return kind{
		root:  numbered,
		comes: atOnce,
		turns: map[string]since{
			"accepted": atOnce,
			"rejected": func(w *World, n uint64) time.Duration { return invitationLasts - w.invitedAhead(int64(n)) },
		},
		relations: map[string]relation{
			"inviter": {kind: "person", of: func(f *frame, i int64) int64 { return f.w.resident(invitationKind, i, 1) }},
			"invitee": {kind: "person", of: story},
		},
		attributes: map[string]attribute{
			"key":       key(invitationKind, 2, 21),
			"token":     key(invitationKind, 3, 21),
			"createdAt": moment((*frame).invited),
			"updatedAt": moment(func(f *frame, _ int64) time.Time { return f.at }),
			"joinedAt":  moment(func(f *frame, i int64) time.Time { return f.joined(f.w.newcomer(uint64(i))) }),
			// 30 days, as in the one documented sample.
			"expiresAt": moment(func(f *frame, i int64) time.Time {
				return f.created("invitation", i, f.invited(i)).Add(invitationLasts)
			}),
			// Of one that has expired: it was made long enough ago.
			"expiredCreatedAt": moment((*frame).expiredCreated),
			"expiredAt":        moment(func(f *frame, i int64) time.Time { return notAfter(f.expiredCreated(i).Add(invitationLasts), f.at) }),
			// Observed empty: an invitation knows an address, and the name only if the inviter typed one.
			"inviteeName": word(func(f *frame, i int64) string {
				if f.w.draw(invitationKind, i, 4)%2 == 0 {
					return ""
				}
				return f.w.firstName(f.w.newcomer(uint64(i))).text
			}),
		},
	}
}

const invitationLasts = 30 * 24 * time.Hour

func (f *frame) expiredCreated(i int64) time.Time {
	return f.created("invitation", i, f.at.Add(-invitationLasts))
}

// invited is some minutes before the invitee comes.
func (f *frame) invited(i int64) time.Time {
	return f.made(i).Add(-f.w.invitedAhead(i))
}

func (w *World) invitedAhead(i int64) time.Duration {
	return time.Duration(between(w.draw(invitationKind, i, 5), 60, 3_600)) * time.Second
}
