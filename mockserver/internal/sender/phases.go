package sender

import (
	"crypto/tls"
	"net/http/httptrace"
	"sync"
	"time"

	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// phases takes the times of one exchange. A transport may call its hooks from other goroutines, and after the exchange
// is over: those come too late and change nothing.
type phases struct {
	start time.Time

	mu   sync.Mutex
	over bool
	at   store.Phases
}

// trace returns the hooks that a transport calls.
func (p *phases) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		DNSDone:          func(httptrace.DNSDoneInfo) { p.note(&p.at.Resolved) },
		ConnectDone:      func(string, string, error) { p.note(&p.at.Connected) },
		TLSHandshakeDone: func(tls.ConnectionState, error) { p.note(&p.at.Secured) },
		WroteRequest: func(info httptrace.WroteRequestInfo) {
			if info.Err == nil {
				p.note(&p.at.Wrote)
			}
		},
		GotFirstResponseByte: func() { p.note(&p.at.FirstByte) },
		GotConn: func(info httptrace.GotConnInfo) {
			p.mu.Lock()
			defer p.mu.Unlock()
			if !p.over && info.Conn != nil {
				p.at.Reused, p.at.Remote = info.Reused, info.Conn.RemoteAddr().String()
			}
		},
	}
}

func (p *phases) note(phase *time.Duration) {
	passed := time.Since(p.start)
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.over {
		*phase = passed
	}
}

// done ends the exchange, and returns when its parts were done.
func (p *phases) done() store.Phases {
	p.note(&p.at.Done)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.over = true
	return p.at
}
