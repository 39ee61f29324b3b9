package signing_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/contract/signing"
	"github.com/quintain-dev/quintain/fixtures"
)

var (
	tribe = signing.HMAC{Header: "X-Tribe-Signature", TimestampHeader: "X-Tribe-Request-Timestamp", Tolerance: 15 * time.Minute}
	tryno = signing.HMAC{Header: "X-Tryno-Signature"}
	now   = time.UnixMilli(1_700_000_000_123)
)

type vector struct {
	Fixture, Scheme, Secret, Public, Timestamp, Body, Command string
	Headers                                                   map[string]string
}

// The vectors come from the openssl command: our own code is not its own oracle.
func TestVectorsOfOpenSSL(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(fixtures.FS, "signatures/*.json")
	require.NoError(t, err)
	require.Len(t, files, 12)
	for _, file := range files {
		src, err := fixtures.FS.ReadFile(file)
		require.NoError(t, err)
		decoder := json.NewDecoder(strings.NewReader(string(src)))
		decoder.DisallowUnknownFields()
		var v vector
		require.NoError(t, decoder.Decode(&v), file)

		var scheme signing.Scheme
		at, h := now, http.Header{}
		switch name := strings.TrimSuffix(path.Base(file), ".json"); {
		case v.Scheme == "tribe":
			ms, err := strconv.ParseInt(v.Timestamp, 10, 64)
			require.NoError(t, err, file)
			scheme, at = tribe, time.UnixMilli(ms)
		case name == "tryno-hex-prefixed":
			scheme = signing.HMAC{Header: "X-Tryno-Signature", Prefix: "sha256="}
		case name == "tryno-base64":
			scheme = signing.HMAC{Header: "X-Tryno-Signature", Encoding: signing.Base64}
		case v.Scheme == "tryno":
			scheme = tryno
		case v.Scheme == "mighty":
			scheme = signing.Bearer{}
		case v.Scheme == "standard-webhooks":
			seconds, err := strconv.ParseInt(v.Timestamp, 10, 64)
			require.NoError(t, err, file)
			scheme, at = signing.StandardWebhooks{}, time.Unix(seconds, 0)
			h.Set(signing.HeaderWebhookID, v.Headers[signing.HeaderWebhookID])
		}
		require.NotNil(t, scheme, file)

		scheme.Sign(h, v.Secret, []byte(v.Body), at)
		got := map[string]string{}
		for name := range h {
			got[name] = h.Get(name)
		}
		require.Equal(t, v.Headers, got, file)
		require.NoError(t, scheme.Verify(h, v.Secret, []byte(v.Body), at), file)
		require.Len(t, scheme.Headers(), len(v.Headers), file)
		if v.Public != "" {
			require.NoError(t, scheme.Verify(h, v.Public, []byte(v.Body), at), file)
		}
	}
}

func TestVerifyRefuses(t *testing.T) {
	t.Parallel()
	body := []byte(`{"a":1}`)
	signed := func(scheme signing.Scheme, change func(h http.Header)) http.Header {
		h := http.Header{}
		scheme.Sign(h, "secret", body, now)
		change(h)
		return h
	}
	set := func(name, value string) func(http.Header) { return func(h http.Header) { h.Set(name, value) } }
	sig, stamp := "X-Tribe-Signature", "X-Tribe-Request-Timestamp"
	right := signed(tribe, func(http.Header) {}).Get(sig)
	cases := map[string]struct {
		scheme signing.Scheme
		change func(http.Header)
		want   error
	}{
		"no signature":           {tribe, func(h http.Header) { h.Del(sig) }, signing.ErrMissing},
		"no timestamp":           {tribe, func(h http.Header) { h.Del(stamp) }, signing.ErrMissing},
		"timestamp not a number": {tribe, set(stamp, "soon"), signing.ErrMalformed},
		"timestamp altered":      {tribe, set(stamp, strconv.FormatInt(now.UnixMilli()+1, 10)), signing.ErrMismatch},
		"not hex":                {tribe, set(sig, strings.Repeat("z", 64)), signing.ErrMalformed},
		"cut":                    {tribe, set(sig, right[:62]), signing.ErrMalformed},
		"doubled":                {tribe, set(sig, right+right), signing.ErrMalformed},
		"other bytes":            {tribe, set(sig, strings.Repeat("0", 64)), signing.ErrMismatch},
		"no prefix":              {signing.HMAC{Header: "S", Prefix: "sha256="}, set("S", right), signing.ErrMalformed},
		"hex for base64":         {signing.HMAC{Header: "S", Encoding: signing.Base64}, set("S", right), signing.ErrMalformed},
		"no key":                 {signing.Bearer{}, func(h http.Header) { h.Del("Authorization") }, signing.ErrMissing},
		"empty key":              {signing.Bearer{}, set("Authorization", "Bearer "), signing.ErrMismatch},
		"no word":                {signing.Bearer{}, set("Authorization", "secret"), signing.ErrMalformed},
		"other word":             {signing.Bearer{}, set("Authorization", "Basic secret"), signing.ErrMalformed},
		"other key":              {signing.Bearer{}, set("Authorization", "Bearer Secret"), signing.ErrMismatch},
		"longer key":             {signing.Bearer{}, set("Authorization", "Bearer secrets"), signing.ErrMismatch},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.NoError(t, c.scheme.Verify(signed(c.scheme, func(http.Header) {}), "secret", body, now))
			require.ErrorIs(t, c.scheme.Verify(signed(c.scheme, c.change), "secret", body, now), c.want)
		})
	}
	require.ErrorIs(t, tribe.Verify(signed(tribe, func(http.Header) {}), "other", body, now), signing.ErrMismatch)
	empty := http.Header{}
	tryno.Sign(empty, "", body, now)
	require.ErrorIs(t, tryno.Verify(empty, "", body, now), signing.ErrNoSecret, "a receiver whose secret is not set lets no one in")
	require.ErrorIs(t, tryno.Verify(signed(tryno, func(http.Header) {}), "secret", append(body, ' '), now), signing.ErrMismatch)
}

func TestTolerance(t *testing.T) {
	t.Parallel()
	h := http.Header{}
	tribe.Sign(h, "secret", nil, now)
	require.NoError(t, tribe.Verify(h, "secret", nil, now.Add(15*time.Minute)))
	require.ErrorIs(t, tribe.Verify(h, "secret", nil, now.Add(15*time.Minute+time.Millisecond)), signing.ErrStale)
	require.NoError(t, tribe.Verify(h, "secret", nil, now.Add(-24*time.Hour)), "the future is not limited")
	// A stale request with a wrong signature was never sent by the platform: that comes first.
	require.ErrorIs(t, tribe.Verify(h, "other", nil, now.Add(time.Hour)), signing.ErrMismatch)
	anyAge := signing.HMAC{Header: "X-Tribe-Signature", TimestampHeader: "X-Tribe-Request-Timestamp"}
	require.NoError(t, anyAge.Verify(h, "secret", nil, now.Add(1000*time.Hour)))
}

func TestBearerReadsTheWordInAnyCase(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"Bearer k", "bearer k", "BEARER k", "Bearer  k"} {
		require.NoError(t, signing.Bearer{}.Verify(http.Header{"Authorization": {value}}, "k", nil, now), value)
	}
	require.ErrorIs(t, signing.Bearer{}.Verify(http.Header{}, "", nil, now), signing.ErrNoSecret)
	require.ErrorIs(t, signing.Bearer{}.Verify(http.Header{"Authorization": {"Bearer "}}, "", nil, now), signing.ErrNoSecret)
	h := http.Header{}
	signing.Bearer{}.Sign(h, "", nil, now)
	require.Empty(t, h)
	require.NoError(t, signing.Unsigned{}.Verify(nil, "k", nil, now))
}

// Nobody gets in without the secret, whatever the headers, and nothing crashes.
func FuzzVerify(f *testing.F) {
	f.Add("0011", "1700000000123", []byte(`{}`))
	f.Add(strings.Repeat("a", 64), "", []byte(nil))
	f.Fuzz(func(t *testing.T, signature, stamp string, body []byte) {
		h := http.Header{"X-Tribe-Signature": {signature}, "X-Tribe-Request-Timestamp": {stamp}, "X-Tryno-Signature": {signature}, "Authorization": {signature}}
		for _, scheme := range []signing.Scheme{tribe, tryno, signing.HMAC{Header: "X-Tryno-Signature", Encoding: signing.Base64}, signing.Bearer{}} {
			if err := scheme.Verify(h, "a secret that the fuzzer does not guess", body, now); err == nil {
				t.Fatalf("%T let %q in", scheme, signature)
			}
		}
	})
}

func ExampleHMAC_Verify() {
	scheme := signing.HMAC{Header: "X-Tribe-Signature", TimestampHeader: "X-Tribe-Request-Timestamp", Tolerance: 15 * time.Minute}
	receive := func(h http.Header, body string, now time.Time) int {
		if err := scheme.Verify(h, "signing secret of the app", []byte(body), now); err != nil {
			fmt.Println(err)
			return http.StatusForbidden
		}
		return http.StatusOK
	}

	h, sent := http.Header{}, time.UnixMilli(1640000000000)
	scheme.Sign(h, "signing secret of the app", []byte(`{"type":"SUBSCRIPTION"}`), sent)
	fmt.Println(receive(h, `{"type":"SUBSCRIPTION"}`, sent.Add(time.Second)))
	fmt.Println(receive(h, `{"type":"TEST"}`, sent.Add(time.Second)))
	fmt.Println(receive(h, `{"type":"SUBSCRIPTION"}`, sent.Add(time.Hour)))
	// Output:
	// 200
	// signature does not match: header X-Tribe-Signature
	// 403
	// timestamp too old: header X-Tribe-Request-Timestamp is 1h0m0s old, want at most 15m0s
	// 403
}

// A Signer writes what Sign writes, one body after the other, and allocates nothing.
func TestSignerAgreesWithSign(t *testing.T) { // not in parallel, since it counts allocations
	at := time.UnixMilli(1640000000123)
	for _, scheme := range []signing.HMAC{
		{Header: "X-A"}, {Header: "X-A", Prefix: "sha256="}, {Header: "X-A", Encoding: signing.Base64},
		{Header: "X-A", TimestampHeader: "X-T"}, {Header: "X-A", TimestampHeader: "X-T", Prefix: "v1,", Encoding: signing.Base64},
	} {
		signer := scheme.Signer("s3cret")
		var buffer []byte
		for _, body := range []string{"", "{}", `{"a": "ü"}`, strings.Repeat("x", 5000)} {
			want := scheme.Signature("s3cret", "1640000000123", []byte(body))
			buffer = signer.Append(buffer[:0], []byte(body), at)
			require.Equal(t, want, string(buffer))
		}
		body := []byte(strings.Repeat("x", 1400))
		require.Zero(t, testing.AllocsPerRun(100, func() { buffer = signer.Append(buffer[:0], body, at) }))
	}
}

// A scheme that keeps its keys signs as the scheme does, whatever was signed before, and from several goroutines.
func TestKeepingSignsTheSame(t *testing.T) {
	t.Parallel()
	for _, scheme := range []signing.Scheme{tribe, tryno, signing.HMAC{Header: "S", Prefix: "sha256=", Encoding: signing.Base64}, signing.Bearer{}, signing.Unsigned{}} {
		kept := signing.Keeping(scheme)
		require.Equal(t, scheme.Headers(), kept.Headers())
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				for j := range 50 {
					secret, body, at := strconv.Itoa(i%3), []byte(strings.Repeat("x", j)), now.Add(time.Duration(i*j)*time.Millisecond)
					want, got := http.Header{}, http.Header{}
					scheme.Sign(want, secret, body, at)
					kept.Sign(got, secret, body, at)
					if !reflect.DeepEqual(want, got) {
						t.Errorf("%v, want %v", got, want)
					}
				}
			})
		}
		all.Wait()
	}
}

func TestTimestampsInSeconds(t *testing.T) {
	t.Parallel()
	scheme := signing.HMAC{Header: "X-Sig", TimestampHeader: "X-Time", TimestampUnit: signing.Seconds, Tolerance: time.Minute}
	body := []byte(`{"a":1}`)
	h := http.Header{}
	scheme.Sign(h, "secret", body, now)
	require.Equal(t, strconv.FormatInt(now.Unix(), 10), h.Get("X-Time"))
	require.NoError(t, scheme.Verify(h, "secret", body, now))
	require.ErrorIs(t, scheme.Verify(h, "secret", body, now.Add(2*time.Minute)), signing.ErrStale)

	kept := http.Header{}
	signing.Keeping(scheme).Sign(kept, "secret", body, now)
	require.Equal(t, h, kept)
	require.Equal(t, h.Get("X-Sig"), string(scheme.Signer("secret").Append(nil, body, now)))

	// Milliseconds would be a time that is never stale.
	millis := scheme
	millis.TimestampUnit = signing.Milliseconds
	millis.Sign(h, "secret", body, now)
	err := scheme.Verify(h, "secret", body, now)
	require.ErrorIs(t, err, signing.ErrMalformed)
	require.ErrorContains(t, err, "want Unix seconds")
	h.Set("X-Time", "soon")
	require.ErrorContains(t, millis.Verify(h, "secret", body, now), "want Unix milliseconds")
}

// One signature is written in one way.
func TestBase64IsStrict(t *testing.T) {
	t.Parallel()
	scheme := signing.HMAC{Header: "X-S", Encoding: signing.Base64}
	right := scheme.Signature("s3cret", "", []byte("{}"))
	require.NoError(t, scheme.Verify(http.Header{"X-S": {right}}, "s3cret", []byte("{}"), now))
	for name, wrong := range map[string]string{
		"other bits behind the end": otherPadding(right), "a line break": right[:20] + "\n" + right[20:], "a return": right + "\r", "no padding": right[:43],
	} {
		require.ErrorIs(t, scheme.Verify(http.Header{"X-S": {wrong}}, "s3cret", []byte("{}"), now), signing.ErrMalformed, name)
	}
}

// However many secrets, each signs with its own.
func TestKeepingManySecrets(t *testing.T) {
	t.Parallel()
	scheme := signing.HMAC{Header: "X-S"}
	kept := signing.Keeping(scheme)
	for range 2 {
		for i := range 200 {
			secret, h := fmt.Sprint(i), http.Header{}
			kept.Sign(h, secret, []byte("{}"), now)
			require.Equal(t, scheme.Signature(secret, "", []byte("{}")), h.Get("X-S"))
		}
	}
}
