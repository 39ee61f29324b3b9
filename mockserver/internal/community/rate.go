package community

import "time"

// Rate is where a community stands with its rate limit.
type Rate struct {
	Limit     int       // requests in a window
	Remaining int       // left in this one
	Reset     time.Time // when the next one begins, at the latest
	Exceeded  bool      // this request is one too many
}

// CountRequest counts a request to the platform's admin API, in windows of this length of real time. A community with a
// rate limit of 0 counts, and refuses nothing.
func (c *Community) CountRequest(length time.Duration) (Rate, error) {
	l, err := c.alive()
	if err != nil {
		return Rate{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if l.rate.reset.IsZero() || !now.Before(l.rate.reset) {
		l.rate.reset, l.rate.used = now.Add(length), 0
	}
	l.rate.used++
	limit := c.settings.RateLimit
	refuses := limit > 0
	if !refuses {
		limit = DefaultRateLimit
	}
	return Rate{
		Limit:     limit,
		Remaining: max(0, limit-l.rate.used),
		Reset:     l.rate.reset,
		Exceeded:  refuses && l.rate.used > limit,
	}, nil
}

// window counts the requests of one window.
type window struct {
	used  int
	reset time.Time // zero before the first request
}
