package fakes

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
)

// Our way to write times agrees with the library's, in every spelling, over ten thousand years and all the zones.
func TestTimesAreWrittenAsTheLibraryDoes(t *testing.T) {
	t.Parallel()
	layouts := map[string]string{
		"offset-seconds": `"2006-01-02T15:04:05-07:00"`,
		"utc-seconds":    `"2006-01-02T15:04:05Z"`,
		"utc-millis":     `"2006-01-02T15:04:05.000Z"`,
	}
	r := rand.New(rand.NewPCG(1, 2))
	from, to := time.Date(-20, 1, 1, 0, 0, 0, 0, time.UTC).Unix(), time.Date(10_020, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	moments := []time.Time{
		time.Date(2024, 2, 29, 23, 59, 59, 999e6, time.UTC), time.Date(2000, 2, 29, 0, 0, 0, 0, time.UTC), time.Date(1900, 3, 1, 0, 0, 0, 0, time.UTC),
		time.Date(1969, 12, 31, 23, 59, 59, 1e6, time.UTC), time.Unix(0, 0).UTC(),
	}
	for range 20_000 {
		moments = append(moments, time.Unix(from+r.Int64N(to-from), int64(r.IntN(1000))*1e6).UTC())
	}
	zones := []string{"America/St_Johns", "Asia/Kolkata", "Europe/Brussels", "Pacific/Auckland", "America/Los_Angeles"}
	for i, at := range moments {
		for spelling, layout := range layouts {
			require.Equal(t, at.Format(layout), string(spellings[spelling](nil, at)), spelling)
		}
		if year := at.Year(); year < 1900 || year > 2100 { // offsets had seconds then
			continue
		}
		zone, err := time.LoadLocation(zones[i%len(zones)])
		require.NoError(t, err)
		write, err := timeWriter(&contract.Schema{Time: "zone-seconds"}, attribute{
			moment: func(*frame, int64) time.Time { return at }, zone: func(*frame, int64) *time.Location { return zone },
		})
		require.NoError(t, err)
		if _, offset := at.In(zone).Zone(); offset%60 == 0 {
			require.Equal(t, at.In(zone).Format(`"2006-01-02T15:04:05-07:00"`), string(write(nil, 0, nil)))
		}
	}
}
