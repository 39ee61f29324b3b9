// Package reference is a right receiver for every platform: the one that judge must never blame. It checks the
// proof of each delivery over the raw body, reads JSON and forms, answers the handshake, and keeps deliveries apart
// from repetitions. Start with New:
//
//	http.Handle("/hooks", reference.New(tribe, secret, reference.OnEvent(func(e reference.Event) { … })))
//
// It is written to be read, and to show what comes in. It remembers ids in memory only, so it is not a receiver to run
// in production.
package reference
