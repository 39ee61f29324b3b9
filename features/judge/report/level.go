package report

import "slices"

// Level says how much a rule weighs.
type Level string

// The levels, from the heaviest. Only a must rule decides whether a report has failed.
const (
	Must   Level = "must"
	Should Level = "should"
	May    Level = "may"
)

// Levels returns the levels, from the heaviest.
func Levels() []Level { return slices.Clone(levels) }

var levels = []Level{Must, Should, May}

// Grade says what a rule rests on for one platform.
type Grade string

// The grades, from the firmest. A must rule about receivers rests on one of the first three.
const (
	Documented Grade = "documented" // the platform's own documentation says so
	Stated     Grade = "stated"     // HTTP or Standard Webhooks says so, or anyone on the internet can do it
	Observed   Grade = "observed"   // real deliveries show it
	Inferred   Grade = "inferred"   // it follows from the others
	Chosen     Grade = "chosen"     // the platform is silent; we chose
)
