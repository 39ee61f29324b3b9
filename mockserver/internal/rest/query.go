package rest

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/quintain-dev/quintain/mockserver/internal/problem"
)

// Query reads the query of a request. The first error sticks, so that a handler reads as a list and asks Err once.
type Query struct {
	values url.Values
	asked  []string
	err    error
}

// NewQuery begins to read the query of a request.
func NewQuery(r *http.Request) *Query {
	values, err := url.ParseQuery(r.URL.RawQuery)
	q := &Query{values: values}
	if err != nil {
		q.err = problem.New(problem.InvalidValue, "the query cannot be read: %v", err)
	}
	return q
}

// String returns a parameter, "" if it is not there.
func (q *Query) String(name string) string {
	q.asked = append(q.asked, name)
	return q.values.Get(name)
}

// Int returns a parameter from low to high, or the default if it is not there.
func (q *Query) Int(name string, low, high, otherwise int) int {
	text := q.String(name)
	if text == "" && !q.values.Has(name) {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if (err != nil || n < low || n > high) && q.err == nil {
		q.err = problem.Invalid(name, "is %q, want a whole number from %d to %d", text, low, high)
	}
	return n
}

// Duration returns a parameter from low to high, or the default if it is not there.
func (q *Query) Duration(name string, low, high, otherwise time.Duration) time.Duration {
	text := q.String(name)
	if text == "" && !q.values.Has(name) {
		return otherwise
	}
	d, err := time.ParseDuration(text)
	if (err != nil || d < low || d > high) && q.err == nil {
		q.err = problem.Invalid(name, "is %q, want a duration from %s to %s such as 5s", text, low, high)
	}
	return d
}

// Has reports whether a parameter is there.
func (q *Query) Has(name string) bool { return q.values.Has(name) }

// Bool returns a parameter that is true or false, false if it is not there.
func (q *Query) Bool(name string) bool {
	text := q.String(name)
	if text == "" && !q.values.Has(name) {
		return false
	}
	b, err := strconv.ParseBool(text)
	if err != nil && q.err == nil {
		q.err = problem.Invalid(name, "is %q, want true or false", text)
	}
	return b
}

// Invalid returns the first error of a value.
func (q *Query) Invalid() error { return q.err }

// Err returns the first error: of a value, or of a parameter that nobody asked for.
func (q *Query) Err() error {
	for _, name := range slices.Sorted(maps.Keys(q.values)) {
		if q.err == nil && !slices.Contains(q.asked, name) {
			q.err = problem.Unknown(problem.UnknownField, "query parameter", name, q.asked)
		}
	}
	return q.err
}
