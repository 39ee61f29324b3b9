// Package fakes makes realistic webhook payloads: it keeps a generated community, the World, and fills the schemas of a
// contract document from it, so that a member has the same id, name and email in every event.
//
// Start with NewWorld and Generator:
//
//	world := fakes.NewWorld(42, fakes.Config{})
//	generator, err := world.Generator(event)      // a *contract.EventType; compiled once
//	body := generator.Append(nil, 0, generator.At(0))
//
// Everything is a function of (seed, n, time): the same three make the same bytes, in any order and from any number of
// goroutines. Payload n of every member event is about the same member, who came to the community as its n-th newcomer.
//
// It reads the contract documents only (x-fake, x-cast and the keywords beside them, see the files under
// contract/platforms): there is no platform in this package. It does not sign or send.
package fakes

import _ "embed"

// Manual is README.md, parts of which "quintain help" prints.
//
//go:embed README.md
var Manual string
