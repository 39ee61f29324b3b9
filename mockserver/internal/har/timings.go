package har

import (
	"time"

	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// Timings say how long each part of an exchange took, in milliseconds. The first three, and SSL, are -1 where there was
// no such part. SSL is a part of Connect too, as the specification wants; the others add up to the time of the entry.
type Timings struct {
	Blocked float64 `json:"blocked"`
	DNS     float64 `json:"dns"`
	Connect float64 `json:"connect"`
	Send    float64 `json:"send"`
	Wait    float64 `json:"wait"`
	Receive float64 `json:"receive"`
	SSL     float64 `json:"ssl"`
}

// timingsOf makes timings of phases, and returns their sum. Without phases, all the time is spent waiting.
//
// Phases are marks on one line of time, of which some may be missing, and the answer may begin before the request is
// written. Each part is what lies between its mark and the latest before it, in whole microseconds, so that nothing is
// counted twice and the sum is exact.
func timingsOf(p store.Phases, duration time.Duration) (t Timings, total float64) {
	t = Timings{Blocked: unknown, DNS: unknown, Connect: unknown, SSL: unknown}
	if p == (store.Phases{}) {
		t.Wait = ms(duration.Microseconds())
		return t, t.Wait
	}
	var at int64 // microseconds
	until := func(mark time.Duration) float64 {
		d := max(0, mark.Microseconds()-at)
		at += d
		return ms(d)
	}
	if p.Resolved > 0 {
		t.DNS = until(p.Resolved)
	}
	// nothing was written: it went into a vain attempt to connect
	if begun := at; p.Connected > 0 || p.Wrote == 0 && !p.Reused {
		if p.Connected > 0 {
			until(p.Connected)
		} else {
			until(p.Done)
		}
		if p.Secured > 0 {
			t.SSL = until(p.Secured)
		}
		t.Connect = ms(at - begun)
	}
	if p.Wrote > 0 {
		t.Send = until(p.Wrote)
	} else if p.FirstByte == 0 { // it was never written to its end
		t.Send = until(p.Done)
	}
	if p.FirstByte > 0 {
		t.Wait = until(p.FirstByte)
		t.Receive = until(p.Done)
	} else {
		t.Wait = until(p.Done)
	}
	return t, ms(at)
}

func ms(microseconds int64) float64 { return float64(microseconds) / 1000 }
