package sender

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// RetryAfter returns how long an answer asks to wait, by the header of RFC 9110 section 10.2.3, and at most so long.
// The header has seconds, or a date, which is compared with the answer's own Date, or with now if it has none. What
// cannot be read asks for nothing.
func RetryAfter(a store.Attempt, now time.Time, most time.Duration) time.Duration {
	if a.Response == nil {
		return 0
	}
	value := a.Response.Header.Get("Retry-After")
	if value == "" {
		return 0
	}
	if date, err := http.ParseTime(a.Response.Header.Get("Date")); err == nil {
		now = date
	}
	if strings.Trim(value, "0123456789") == "" {
		seconds, err := strconv.ParseUint(value, 10, 32)
		if err != nil { // more than the longest delay, however much
			return most
		}
		return min(time.Duration(seconds)*time.Second, most)
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, min(at.Sub(now), most)).Round(time.Second)
	}
	return 0
}
