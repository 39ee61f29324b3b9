package sender

import (
	"context"
	"errors"
	"io"
	"net"
	"syscall"

	"github.com/quintain-dev/quintain/contract"
)

// failure says what kind of failure an error of the transport is. It goes by the types of errors, never by their text.
// Answering says whether anything had come back when the error happened: what came and is neither cut off nor late is
// not HTTP.
func failure(err error, answering bool) contract.Failure {
	var timeout interface{ Timeout() bool }
	var dns *net.DNSError
	var host *HostError
	var network *net.OpError
	switch {
	case errors.As(err, &host):
		return contract.OtherFailure
	case errors.As(err, &dns):
		return contract.Unresolvable // a name server that is slow is no answer of the receiver's, so before timeout
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return contract.Timeout
	case errors.Is(err, syscall.ECONNREFUSED):
		return contract.Refused
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		return contract.Reset
	case errors.As(err, &network):
		return contract.OtherFailure
	case answering:
		return contract.Malformed
	default:
		return contract.OtherFailure
	}
}
