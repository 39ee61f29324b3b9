package judge_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge"
)

// signatureOf is a Tryno receiver that also lets in what a comparison of its own finds right.
func signatureOf(right func(given, want string, raw []byte) bool) func(*contract.Platform) http.Handler {
	return func(p *contract.Platform) http.Handler {
		return wrong(p, func(_ http.ResponseWriter, r *http.Request, raw []byte) bool {
			if given := r.Header.Get("X-Tryno-Signature"); given != "" && right(given, sum(secret, string(raw)), raw) {
				resign(r, p, raw)
			}
			return false
		})
	}
}

// signatureAfter is one that wants a prefix before the signature.
func signatureAfter(
	prefix string, right func(given, want string, raw []byte) bool,
) func(*contract.Platform) http.Handler {
	return func(p *contract.Platform) http.Handler {
		return signatureOf(right)(reads(p, contract.Reading{Encoding: "hex", Prefix: prefix}))
	}
}

// reads is a platform whose signature is written in one way only.
func reads(p *contract.Platform, reading contract.Reading) *contract.Platform {
	out := *p
	out.Rules.Signature.Value = p.Rules.Signature.Value.Read(reading)
	out.Rules.Signature.Value.Readings = nil
	return &out
}

// breaksAt is a Tryno receiver that answers 500 to some signatures.
func breaksAt(found func(given string) bool) func(*contract.Platform) http.Handler {
	return func(p *contract.Platform) http.Handler {
		return wrong(p, func(w http.ResponseWriter, r *http.Request, _ []byte) bool {
			given, there := r.Header["X-Tryno-Signature"]
			return there && found(given[0]) && refuse(w, http.StatusInternalServerError)
		})
	}
}

// cleans is a Tryno receiver that checks the signature of a body that it has cleaned.
func cleans(clean func(string) string) func(*contract.Platform) http.Handler {
	return func(p *contract.Platform) http.Handler {
		return wrong(p, func(w http.ResponseWriter, r *http.Request, raw []byte) bool {
			body := clean(string(raw))
			return body != string(raw) && r.Header.Get("X-Tryno-Signature") == sum(secret, body) && succeed(w)
		})
	}
}

// keyOf is a Mighty receiver that also lets in keys that a comparison of its own finds right.
func keyOf(right func(key string) bool) func(*contract.Platform) http.Handler {
	return func(p *contract.Platform) http.Handler {
		return wrong(p, func(_ http.ResponseWriter, r *http.Request, raw []byte) bool {
			if key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok && key != "" && right(key) {
				resign(r, p, raw)
			}
			return false
		})
	}
}

// onlyIfJSON is a receiver whose parser of JSON checks the proof, and which acknowledges whatever else comes.
func onlyIfJSON(p *contract.Platform) http.Handler {
	return wrong(p, func(w http.ResponseWriter, r *http.Request, _ []byte) bool {
		return r.Header.Get("Content-Type") != "application/json" && succeed(w)
	})
}

func hmacOf(algorithm func() hash.Hash, raw []byte) string {
	mac := hmac.New(algorithm, []byte(secret))
	mac.Write(raw)
	return hex.EncodeToString(mac.Sum(nil))
}

// forgedMutants are the receivers that a forgery gets into, or breaks.
func forgedMutants() []mutant {
	out := []mutant{
		{rule: "SIG-1 must", platform: "tryno", wrong: "checks the signature of JSON only", receiver: onlyIfJSON},
		{rule: "SIG-1 must", platform: "mighty", wrong: "wants the key for JSON only", receiver: onlyIfJSON},
		{rule: "BAD-2 must", platform: "tryno", wrong: "reads before it checks, and breaks", receiver: func(p *contract.Platform) http.Handler {
			return wrong(p, func(w http.ResponseWriter, r *http.Request, raw []byte) bool {
				return r.Header.Get("X-Tryno-Signature") == "" && !json.Valid(raw) && refuse(w, http.StatusInternalServerError)
			})
		}},
	}
	add := func(rule, platform string, receivers map[string]func(*contract.Platform) http.Handler) {
		for wrong, receiver := range receivers {
			out = append(out, mutant{rule: rule, platform: platform, wrong: wrong, receiver: receiver})
		}
	}
	add("SIG-2 must", "tryno", map[string]func(*contract.Platform) http.Handler{
		"signs the body without the line end":   cleans(func(s string) string { return strings.TrimRight(s, "\r\n") }),
		"signs the body without space in front": cleans(func(s string) string { return strings.TrimLeft(s, " ") }),
		"signs the body up to the first NUL":    cleans(func(s string) string { s, _, _ = strings.Cut(s, "\x00"); return s }),
		"signs the body that it could decode":   cleans(func(s string) string { return strings.ToValidUTF8(s, "") }),
	})
	add("SIG-3 must", "tryno", map[string]func(*contract.Platform) http.Handler{
		"compares the last half":          signatureOf(func(g, w string, _ []byte) bool { return len(g) == 64 && g[32:] == w[32:] }),
		"compares the first 33":           signatureOf(func(g, w string, _ []byte) bool { return len(g) == 64 && g[:33] == w[:33] }),
		"compares all but the last":       signatureOf(func(g, w string, _ []byte) bool { return len(g) == 64 && g[:63] == w[:63] }),
		"compares all but the first":      signatureOf(func(g, w string, _ []byte) bool { return len(g) == 64 && g[1:] == w[1:] }),
		"compares the first and the last": signatureOf(func(g, w string, _ []byte) bool { return len(g) == 64 && g[:16]+g[60:] == w[:16]+w[60:] }),
	})
	add("SIG-4 must", "tryno", map[string]func(*contract.Platform) http.Handler{
		"compares how it ends": signatureOf(func(g, w string, _ []byte) bool { return strings.HasSuffix(w, g) }),
		"compares how it ends, prefix included": signatureAfter("sha256=", func(g, w string, _ []byte) bool {
			return g != w && strings.HasSuffix("sha256="+w, g)
		}),
		"compares the length that is there": signatureOf(func(g, w string, _ []byte) bool {
			return len(g) >= 16 && len(g) < 64 && len(g) != 60 && strings.HasPrefix(w, g)
		}),
		"looks for it in what came":   signatureOf(func(g, w string, _ []byte) bool { return strings.Contains(w, g) }),
		"takes none for an algorithm": signatureAfter("sha256=", func(g, _ string, _ []byte) bool { return strings.HasPrefix(g, "none=") }),
		"takes SHA-1 if it is named":  signatureOf(func(g, _ string, raw []byte) bool { return g == "sha1="+hmacOf(sha1.New, raw) }),
		"takes MD5 if it is named":    signatureOf(func(g, _ string, raw []byte) bool { return g == "md5="+hmacOf(md5.New, raw) }),
		"takes MD5":                   signatureOf(func(g, _ string, raw []byte) bool { return g == hmacOf(md5.New, raw) }),
		"takes SHA-1 for what is named SHA-256": signatureOf(func(g, _ string, raw []byte) bool {
			return g == "sha256="+hmacOf(sha1.New, raw)
		}),
		"takes a checksum without a key": signatureOf(func(g, _ string, raw []byte) bool {
			plain := sha256.Sum256(raw)
			return g == hex.EncodeToString(plain[:])
		}),
		"takes a checksum without a key, behind its prefix": signatureOf(func(g, _ string, raw []byte) bool {
			plain := sha256.Sum256(raw)
			return g == "sha256="+hex.EncodeToString(plain[:])
		}),
		"breaks at half a byte":               breaksAt(func(g string) bool { return len(g)%2 == 1 && strings.Trim(g, "0123456789abcdef") == "" }),
		"breaks at letters beyond ASCII":      breaksAt(func(g string) bool { return strings.IndexFunc(g, func(r rune) bool { return r > 0x7f }) >= 0 }),
		"breaks at a long one":                breaksAt(func(g string) bool { return len(g) > 1000 }),
		"breaks at one character":             breaksAt(func(g string) bool { return len(g) == 1 }),
		"breaks at a prefix with nothing":     breaksAt(func(g string) bool { return g == "sha256=" }),
		"breaks at another algorithm's name":  breaksAt(func(g string) bool { return strings.HasPrefix(g, "md5=") }),
		"breaks at letters that are no digit": breaksAt(func(g string) bool { return strings.HasPrefix(g, "zzzz") }),
		"breaks where there is no prefix": func(p *contract.Platform) http.Handler {
			return breaksAt(func(g string) bool { return g != "" && !strings.Contains(g, "=") })(reads(p, contract.Reading{Encoding: "hex", Prefix: "sha256="}))
		},
	})
	add("SIG-8 must", "mighty", map[string]func(*contract.Platform) http.Handler{
		"compares as much as came":       keyOf(func(key string) bool { return strings.HasPrefix(secret, key) }),
		"looks for what came in the key": keyOf(func(key string) bool { return strings.Contains(secret, key) }),
		"looks for the key in what came": keyOf(func(key string) bool { return strings.Contains(key, secret) }),
		"compares the end only":          keyOf(func(key string) bool { return strings.HasSuffix(secret, key) && len(key) == 8 }),
		"compares all but the first":     keyOf(func(key string) bool { return len(key) == len(secret) && key[1:] == secret[1:] }),
		"compares the first and the last 8": keyOf(func(key string) bool {
			return len(key) == len(secret) && key[:8] == secret[:8] && key[15:] == secret[15:]
		}),
		"compares without regard to case":         keyOf(func(key string) bool { return strings.EqualFold(key, secret) }),
		"compares one character":                  keyOf(func(key string) bool { return key == secret[:1] }),
		"compares one character less":             keyOf(func(key string) bool { return key == secret[:len(secret)-1] }),
		"compares as much as it has of what came": keyOf(func(key string) bool { return strings.HasPrefix(key, secret) }),
	})
	for i := range out { // the rules of a group that is asked for nothing else
		out[i].change = func(r *judge.Receiver) {
			r.Rules = []string{"ACK-2", "SIG-1", "SIG-2", "SIG-3", "SIG-4", "SIG-8", "BAD-1", "BAD-2", "LIVE-1"}
			if r.Seeds, r.Events = 2, []string{"member.joined", "post.created"}; r.Platform.Name == "mighty" {
				r.Events = []string{"EventCreated", "PostCreated"}
				r.Rules = []string{"ACK-2", "SIG-1", "SIG-8", "BAD-1", "BAD-2", "LIVE-1"}
			}
		}
	}
	return out
}

// atForms is an Ambassify receiver that answers 500 to some forms.
func atForms(found func(raw []byte) bool) func(*contract.Platform) http.Handler {
	return func(p *contract.Platform) http.Handler {
		return wrong(p, func(w http.ResponseWriter, r *http.Request, raw []byte) bool {
			return strings.Contains(r.Header.Get("Content-Type"), "form") && found(raw) && refuse(w, http.StatusInternalServerError)
		})
	}
}

// formMutants are receivers that take every form but one.
var formMutants = []mutant{
	{rule: "TXT-1 must", platform: "ambassify", wrong: "breaks at emoji in a form", receiver: atForms(func(raw []byte) bool { return bytes.Contains(raw, []byte("%F0%9F")) })},
	{rule: "TXT-1 must", platform: "ambassify", wrong: "breaks at a newline in a form", receiver: atForms(func(raw []byte) bool { return bytes.Contains(raw, []byte("%0A")) })},
	{rule: "TXT-1 must", platform: "ambassify", wrong: "breaks at a long form", receiver: atForms(func(raw []byte) bool { return len(raw) > 8192 && bytes.Contains(raw, []byte("event")) })},
	{rule: "BAD-1 must", platform: "ambassify", wrong: "breaks at a form that it cannot decode", receiver: atForms(func(raw []byte) bool {
		_, err := url.ParseQuery(string(raw))
		return err != nil
	})},
	{rule: "BAD-1 must", platform: "ambassify", wrong: "breaks at a form of many names", receiver: atForms(func(raw []byte) bool { return bytes.Count(raw, []byte("&")) > 1000 })},
	{rule: "BAD-1 must", platform: "ambassify", wrong: "breaks at names that do not end", receiver: atForms(func(raw []byte) bool { return string(raw) == "a[=1" })},
	{rule: "DUP-1 must", platform: "ambassify", wrong: "breaks at a form that it has seen", receiver: func(p *contract.Platform) http.Handler {
		seen := newIDs()
		return wrong(p, func(w http.ResponseWriter, r *http.Request, raw []byte) bool {
			form := strings.Contains(r.Header.Get("Content-Type"), "form") && bytes.Contains(raw, []byte("resource"))
			return form && seen.add(p, raw) > 1 && refuse(w, http.StatusInternalServerError)
		})
	}},
}

// TestShortKeys: no part of a short key, and no other writing of one, is taken for a wrong key that is the right one.
func TestShortKeys(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"k", "xy", "42", "a-longer-key"} {
		report := judgeKey(t, key)
		if got := failures(report); len(got) > 0 {
			t.Errorf("the key %q: %s", key, text(t, report))
		}
	}
}
