package cli

import (
	"context"
	"net"
	"net/http"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge"
	"github.com/quintain-dev/quintain/features/judge/reference"
	"github.com/quintain-dev/quintain/mockserver"
)

// judgeReference judges the built-in receiver of a platform, over a real socket.
func judgeReference(ctx context.Context, p *contract.Platform, r judge.Receiver) (*judge.Report, error) {
	if r.Secret == "" && p.Rules.Signature.Value.Scheme != "none" {
		r.Secret = "whsec_c2VjcmV0LW9mLXRoZS1yZWZlcmVuY2UtcmVjZWl2ZXI=" // which Standard Webhooks can read, too
	}
	address, stop, err := listenAndServe("127.0.0.1:0", reference.New(p, r.Secret))
	if err != nil {
		return nil, err
	}
	defer stop()
	r.URL, r.Platform = "http://"+address+"/hooks", p
	return judge.Verify(ctx, r)
}

// listenAndServe serves a handler until stop is called.
func listenAndServe(address string, handler http.Handler) (listening string, stop func(), err error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener) // ends with ErrServerClosed, by stop
	}()
	return listener.Addr().String(), func() {
		// Answers that are being written are let out; what takes longer is cut off.
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if server.Shutdown(ctx) != nil {
			_ = server.Close()
		}
		<-done
	}, nil
}

// judgeSender judges the mock server at the URL, or one of its own.
func judgeSender(ctx context.Context, target string, p *contract.Platform, o verifyOptions) (*judge.Report, error) {
	s := judge.Sender{URL: target, Platform: p, Rules: o.receiver.Rules, Skip: o.receiver.Skip, Concurrency: o.receiver.Concurrency}
	if target == "" {
		mock, err := mockserver.New(mockserver.WithPlatform(p))
		if err != nil {
			return nil, err
		}
		defer mock.Close()
		address, stop, err := listenAndServe("127.0.0.1:0", mock)
		if err != nil {
			return nil, err
		}
		defer stop()
		s.URL, s.BuiltIn = "http://"+address, true
	}
	return judge.VerifySender(ctx, s)
}
