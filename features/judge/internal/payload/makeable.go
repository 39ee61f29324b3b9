package payload

import (
	"fmt"
	"slices"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/fakes"
	"github.com/quintain-dev/quintain/features/judge/report"
)

// Makeable leaves out the events of a user's contract of which no payload can be made, and says why in a note for
// each: one of them is no reason to judge nothing. If that is all of them, or one that was asked for, it is the error.
func Makeable(p *contract.Platform, seed uint64, asked []string) (*contract.Platform, []string, error) {
	if p.BuiltIn() {
		return p, nil, nil
	}
	world := fakes.NewWorld(seed, fakes.Config{})
	var names, notes []string
	var last error
	for _, e := range p.Events() {
		_, err := world.Generator(e)
		if err == nil {
			_, err = world.Minimal(e)
		}
		if err == nil {
			continue
		}
		if slices.Contains(asked, e.Name) {
			return nil, nil, report.Misused("%s", err)
		}
		names, last = append(names, e.Name), err
		notes = append(notes, fmt.Sprintf("%s is left out, since no payload of it can be made: %s", e.Name, err))
	}
	if len(names) == len(p.Events()) {
		return nil, nil, report.Misused("%s", last)
	}
	return p.Without(names...), notes, nil
}
