package contract

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"sync"

	"github.com/quintain-dev/quintain/contract/internal/yamltree"
)

// revisionDate is how a revision is written that is a date: the year, its month or its day.
var revisionDate = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\d{4}(-\d\d(-\d\d)?)?$`)
})

// checkRevisions refuses a list of revisions that has one twice, or dates or numbers that do not ascend.
func (d *document) checkRevisions(list *yamltree.Node) error {
	for i, revision := range d.revisions {
		at := fmt.Sprintf("/x-platform/revisions/%d", i)
		if slices.Contains(d.revisions[:i], revision) {
			return d.fault(items(list)[i], at, fmt.Sprintf("the revision %q is there twice", revision))
		}
		if i > 0 && descends(d.revisions[i-1], revision) {
			return d.fault(items(list)[i], at, fmt.Sprintf("the revision %s is before %s; revisions are listed from the oldest", revision, d.revisions[i-1]))
		}
	}
	return nil
}

// descends reports whether b is before a, where both are dates or both are numbers: of other names the list is the
// order.
func descends(a, b string) bool {
	x, errX := strconv.ParseUint(a, 10, 64)
	y, errY := strconv.ParseUint(b, 10, 64)
	switch {
	case errX == nil && errY == nil:
		return y < x
	default:
		return revisionDate().MatchString(a) && revisionDate().MatchString(b) && b < a
	}
}

// isBefore reports whether the document's revision is before another one: one of the list, or a date if the list has
// dates.
func (d *document) isBefore(other string) (bool, error) {
	if i := slices.Index(d.revisions, other); i >= 0 {
		return slices.Index(d.revisions, d.revision) < i, nil
	}
	if !revisionDate().MatchString(other) || !revisionDate().MatchString(d.revision) {
		return false, Unknown(UnknownRevision, "revision", other, d.revisions)
	}
	return d.revision < other, nil
}
