package story

import (
	"maps"
	"slices"

	"github.com/quintain-dev/quintain/contract"
)

// The codes of the errors of this package.
const (
	UnknownAction contract.Code = "unknown_action"
	UnknownStory  contract.Code = "unknown_story"
	// the platform documents no event for the action, or for none of a story's
	NotDocumented contract.Code = "not_documented"
	BadStory      contract.Code = "bad_story" // a file that is no story, with its place
)

// Error is the error of package contract: a code, a sentence and a hint.
type Error = contract.Error

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
