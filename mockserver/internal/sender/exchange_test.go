package sender

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract"
)

func TestExchangeOverAMockTransport(t *testing.T) {
	t.Parallel()
	transport := httpmock.NewMockTransport()
	transport.RegisterNoResponder(httpmock.NewNotFoundResponder(t.Error))
	transport.RegisterMatcherResponder("POST", "http://receiver/", httpmock.BodyContainsString("hello").And(httpmock.HeaderIs("X-A", "1")),
		httpmock.NewStringResponder(202, "thanks"))
	transport.RegisterResponder("POST", "http://slow/", httpmock.NewStringResponder(200, "").Delay(time.Minute))
	answer, err := Exchange(t.Context(), transport, time.Minute, "http://receiver/", http.Header{"X-A": {"1"}}, []byte("hello"))
	require.NoError(t, err)
	require.Equal(t, 202, answer.Status())
	require.Equal(t, "thanks", string(answer.Response.Body))
	require.Empty(t, answer.Failure)

	answer, err = Exchange(t.Context(), transport, time.Millisecond, "http://slow/", nil, nil)
	require.NoError(t, err)
	require.Equal(t, contract.Timeout, answer.Failure)
	require.Equal(t, "no complete answer within 1ms", answer.Error)
	require.Zero(t, answer.Status())

	transport.RegisterResponder("POST", "http://odd/", httpmock.NewStringResponder(42, ""))
	answer, err = Exchange(t.Context(), transport, time.Minute, "http://odd/", nil, nil)
	require.NoError(t, err)
	require.Equal(t, contract.Malformed, answer.Failure)
	require.Equal(t, "what came back is not HTTP: the status is 042, which no answer has", answer.Error)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = Exchange(ctx, transport, time.Minute, "http://slow/", nil, nil)
	require.ErrorIs(t, err, context.Canceled)
}

func TestFailures(t *testing.T) {
	t.Parallel()
	op := func(err error) error { return &net.OpError{Op: "read", Net: "tcp", Err: err} }
	for _, test := range []struct {
		err       error
		answering bool
		want      contract.Failure
	}{
		{context.DeadlineExceeded, false, contract.Timeout},
		{context.DeadlineExceeded, true, contract.Timeout},
		{op(timeoutError{}), false, contract.Timeout},
		{op(syscall.ECONNREFUSED), false, contract.Refused},
		{op(syscall.ECONNRESET), true, contract.Reset},
		{op(syscall.EPIPE), false, contract.Reset},
		{io.EOF, false, contract.Reset},
		{fmt.Errorf("transport: %w", io.ErrUnexpectedEOF), true, contract.Reset},
		{&net.DNSError{Err: "no such host", Name: "x", IsNotFound: true}, false, contract.Unresolvable},
		{op(&net.DNSError{Err: "timeout", Name: "x", IsTimeout: true}), false, contract.Unresolvable},
		{op(&HostError{Host: "x"}), false, contract.OtherFailure},
		{op(syscall.ENETUNREACH), false, contract.OtherFailure},
		{x509.UnknownAuthorityError{}, false, contract.OtherFailure},
		{errors.New("anything"), false, contract.OtherFailure},
		{errors.New("malformed HTTP response"), true, contract.Malformed},
	} {
		require.Equal(t, test.want, failure(test.err, test.answering), "%v", test.err)
	}
}

type timeoutError struct{}

func (timeoutError) Error() string { return "i/o timeout" }
func (timeoutError) Timeout() bool { return true }

func TestLargeAnswersAreCut(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		size, kept int
		truncated  bool
	}{{10, 10, false}, {keepLimit, keepLimit, false}, {keepLimit + 1, keepLimit, true}, {readLimit + 100, keepLimit, true}} {
		transport := httpmock.NewMockTransport()
		transport.RegisterResponder("POST", "http://x/", httpmock.NewStringResponder(200, strings.Repeat("x", test.size)))
		answer, err := Exchange(t.Context(), transport, time.Minute, "http://x/", nil, nil)
		require.NoError(t, err)
		require.Len(t, answer.Response.Body, test.kept)
		require.Equal(t, test.truncated, answer.Response.Truncated)
	}
}

// The transport looks at the address that it dials, not at the name.
func TestTransportDialsAllowedAddressesOnly(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/redirect" {
			http.Redirect(w, r, "http://192.0.2.1/", http.StatusFound)
		}
	}))
	defer server.Close()
	none, err := ParseHosts()
	require.NoError(t, err)
	transport := NewTransport(none, nil)
	defer transport.CloseIdleConnections()
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	require.NoError(t, err)
	for _, host := range []string{"127.0.0.1", "localhost"} {
		answer, err := Exchange(t.Context(), transport, 10*time.Second, "http://"+host+":"+port+"/redirect", nil, nil)
		require.NoError(t, err)
		require.Equal(t, 302, answer.Status(), "%s: %s", host, answer.Error)
	}
	answer, err := Exchange(t.Context(), transport, 10*time.Second, "http://192.0.2.1/", nil, nil)
	require.NoError(t, err)
	require.Equal(t, contract.OtherFailure, answer.Failure)
	require.Contains(t, answer.Error, "deliveries to 192.0.2.1 (192.0.2.1:80) are not allowed, only to loopback")

	require.Error(t, check(none, "evil.example", "169.254.169.254:80"), "a name that resolved to another address")
	require.NoError(t, check(none, "my.test", "127.0.0.1:80"))
	require.NoError(t, check(none, "my.test", "[::1]:80"))
	require.Error(t, check(none, "my.test", "[fe80::1%eth0]:80"))
	require.Error(t, check(none, "my.test", "not an address"))
}

func TestHosts(t *testing.T) {
	t.Parallel()
	h, err := ParseHosts("Hooks.Example.com.", "10.1.0.0/16", "192.0.2.7", "[2001:db8::1]")
	require.NoError(t, err)
	require.Equal(t, "loopback, hooks.example.com, 10.1.0.0/16, 192.0.2.7/32, 2001:db8::1/128", h.String())
	require.True(t, h.named("hooks.EXAMPLE.com."))
	require.False(t, h.named("localhost"), "allowed, but only as the loopback")
	for addr, want := range map[string]bool{
		"127.0.0.1": true, "127.255.0.1": true, "::1": true, "::ffff:127.0.0.1": true, "10.1.2.3": true, "::ffff:10.1.2.3": true, "10.2.0.0": false,
		"192.0.2.7": true, "192.0.2.8": false, "2001:db8::1": true, "2001:db8::2": false, "0.0.0.0": false, "::": false, "169.254.169.254": false,
	} {
		require.Equal(t, want, h.Addr(netip.MustParseAddr(addr)), addr)
	}
	all, err := ParseHosts("*")
	require.NoError(t, err)
	require.True(t, all.Name("anything.example") && all.Addr(netip.MustParseAddr("8.8.8.8")))
	require.False(t, all.Own("anything.example"), "every host may be sent to, and is not the user's own for that")
	require.True(t, all.Own("localhost"))
	require.Equal(t, "every host but metadata services", all.String())
}

// Where clouds tell a machine's credentials, nothing is sent unless that address was allowed by itself.
func TestMetadataServicesAreToBeNamed(t *testing.T) {
	t.Parallel()
	wide, err := ParseHosts("*", "metadata.example", "0.0.0.0/0", "::/0", "fd00::/8")
	require.NoError(t, err)
	named, err := ParseHosts("169.254.169.254", "fe80::/64", "fd00:ec2::254")
	require.NoError(t, err)
	for addr, isNamed := range map[string]bool{
		"169.254.169.254": true, "::ffff:169.254.169.254": true, "169.254.170.2": false, "64:ff9b::a9fe:a9fe": false,
		"fe80::1": true, "fe80::1%eth0": true, "febf::1": false, "fd00:ec2::254": true,
	} {
		require.False(t, wide.Name(addr), addr)
		require.Equal(t, isNamed, named.Name(addr), addr)
		for _, host := range []string{"metadata.example", "other.example", "2852039166", addr} {
			dialled := net.JoinHostPort(addr, "80")
			require.Error(t, check(wide, host, dialled), "%s led to %s", host, dialled)
			require.Equal(t, isNamed, check(named, host, dialled) == nil, "%s led to %s", host, dialled)
		}
	}
	for _, addr := range []string{"169.253.0.1", "192.0.2.1", "fd00:ec2::253", "fec0::1"} {
		require.True(t, wide.Name(addr), addr)
		require.NoError(t, check(wide, "metadata.example", net.JoinHostPort(addr, "80")))
	}
}

// A name is looked up when it is dialled, also where every host is allowed.
func TestNamesThatLeadToMetadataServices(t *testing.T) {
	t.Parallel()
	all, err := ParseHosts("*")
	require.NoError(t, err)
	transport := NewTransport(all, nil)
	defer transport.CloseIdleConnections()
	answer, err := Exchange(t.Context(), transport, 10*time.Second, "http://169.254.169.254/latest/meta-data/", nil, nil)
	require.NoError(t, err)
	require.Contains(t, answer.Error, "deliveries to 169.254.169.254 (169.254.169.254:80) are not allowed, ")
	require.Contains(t, answer.Error, "only to every host but metadata services")
}
