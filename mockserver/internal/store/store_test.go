package store_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver/internal/store"
	"github.com/quintain-dev/quintain/mockserver/internal/store/storetest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	storetest.Conformance(t, func(*testing.T) store.Store { return store.NewMemory() })
}

func TestSecretsDoNotShow(t *testing.T) {
	t.Parallel()
	w := store.Webhook{ID: "w", Secret: "hush"}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "secret", w.Secret, "webhook", w)
	encoded, err := json.Marshal(w)
	require.NoError(t, err)
	for _, text := range []string{
		log.String(), string(encoded), fmt.Sprint(w.Secret), fmt.Sprintf("%v %+v %#v %s %q", w, w, w, w.Secret, w.Secret), w.Secret.String(),
	} {
		require.NotContains(t, text, "hush")
		require.Contains(t, text, "[secret]")
	}
	require.Equal(t, "hush", w.Secret.Reveal())
}

func TestPageBounds(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		page             store.Page
		total, low, high int
	}{
		{store.Page{Number: 1, Size: 10}, 25, 0, 10},
		{store.Page{Number: 3, Size: 10}, 25, 20, 25},
		{store.Page{Number: 4, Size: 10}, 25, 25, 25},
		{store.Page{Number: 1, Size: 10}, 0, 0, 0},
		{store.Page{Number: 3, Size: 10}, 20, 20, 20},
		{store.Page{Number: 1 << 62, Size: 1 << 62}, 25, 25, 25}, // no overflow
		{store.Page{Number: 0, Size: 10}, 25, 25, 25},
		{store.Page{Number: 1, Size: 0}, 25, 25, 25},
	} {
		low, high := test.page.Bounds(test.total)
		require.Equal(t, []int{test.low, test.high}, []int{low, high}, "%+v of %d", test.page, test.total)
	}
}

// The bounds of time: from the first on, and before the second.
func TestFilters(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		since, until time.Time
		want         bool
	}{
		{time.Time{}, time.Time{}, true},
		{noon, time.Time{}, true},
		{noon.Add(1), time.Time{}, false},
		{time.Time{}, noon, false},
		{time.Time{}, noon.Add(1), true},
		{noon, noon, false},
	} {
		require.Equal(t, test.want, store.DeliveryFilter{Since: test.since, Until: test.until}.Matches(store.Delivery{CreatedAt: noon}), "%+v", test)
		require.Equal(t, test.want, store.AttemptFilter{Since: test.since, Until: test.until}.Matches(store.Attempt{Sent: noon}), "%+v", test)
	}
}
