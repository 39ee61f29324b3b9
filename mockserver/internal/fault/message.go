package fault

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/quintain-dev/quintain/contract/signing"
	"github.com/quintain-dev/quintain/mockserver/internal/wire"
)

// A Message is the request of an attempt on its way, as faults change it.
type Message struct {
	Header http.Header
	Body   []byte // is replaced, and never changed in place
	Form   bool   // the body is a form, and else JSON
	Stamp  time.Time
	Secret string
	Scheme signing.Scheme
	Roll   float64 // from 0 up to, and without, 1: where a fault strikes

	Wire    wire.Plan
	Dropped bool // it is not sent
	Lost    bool // the answer is not seen
	Copies  int  // so many more are sent
	AtOnce  bool // together with it
}

// Apply signs a message, with the faults before and after it, and returns those that changed something. A request that
// is dropped is not sent, and nothing else matters.
func Apply(m *Message, faults []Fault) (struck []Fault) {
	for _, f := range faults {
		if f.Kind.before != nil && m.changed(func() { f.Kind.before(m, f) }) {
			struck = append(struck, f)
		}
	}
	m.Scheme.Sign(m.Header, m.Secret, m.Body, m.Stamp)
	for _, f := range faults {
		if f.Kind.after != nil && m.changed(func() { f.Kind.after(m, f) }) {
			struck = append(struck, f)
		}
	}
	if m.Dropped {
		return slices.DeleteFunc(struck, func(f Fault) bool { return f.Kind.Name != "drop" })
	}
	return struck
}

// changed reports whether a function changes the message.
func (m *Message) changed(by func()) bool {
	before, header := *m, m.Header.Clone()
	by()
	return !bytes.Equal(before.Body, m.Body) || !before.Stamp.Equal(m.Stamp) || before.Secret != m.Secret || before.Wire != m.Wire ||
		before.Dropped != m.Dropped || before.Lost != m.Lost || before.Copies != m.Copies || !maps.EqualFunc(header, m.Header, slices.Equal)
}

func tamper(m *Message, _ Fault) {
	if len(m.Body) == 0 {
		m.Body = []byte{'x'}
		return
	}
	m.Body = bytes.Clone(m.Body)
	m.Body[int(m.Roll*float64(len(m.Body)))] ^= 1
}

func reserialise(m *Message, _ Fault) {
	if m.Form {
		pairs := strings.Split(string(m.Body), "&")
		m.Body = []byte(strings.Join(append(pairs[len(pairs)-1:], pairs[:len(pairs)-1]...), "&"))
		return
	}
	var out bytes.Buffer
	if json.Compact(&out, m.Body) == nil && bytes.Equal(out.Bytes(), m.Body) {
		out.Reset()
		_ = json.Indent(&out, m.Body, "", "  ") // it was compacted, so it is JSON
	}
	// a number alone, or not JSON: white space is all there is to add
	if bytes.Equal(out.Bytes(), m.Body) || out.Len() == 0 {
		out.Reset()
		out.Write(m.Body)
		out.WriteByte('\n')
	}
	m.Body = out.Bytes()
}

// invalidUTF8 puts a byte into the last text of the body. Where there is none, it does nothing.
func invalidUTF8(m *Message, _ Fault) {
	if m.Form {
		m.Body = append(bytes.Clone(m.Body), "%FF"...)
		return
	}
	for end := len(m.Body); end > 0; {
		end = bytes.LastIndexByte(m.Body[:end], '"')
		if end < 0 {
			return
		}
		rest := bytes.TrimLeft(m.Body[end+1:], " \t\r\n")
		if len(rest) > 0 && bytes.IndexByte([]byte(",}]"), rest[0]) >= 0 && closesText(m.Body, end) {
			m.Body = bytes.Join([][]byte{m.Body[:end], m.Body[end:]}, []byte{0xff})
			return
		}
	}
}

// closesText reports whether the quote at an index ends a text: it is not escaped, and an odd one of those before it.
func closesText(body []byte, at int) bool {
	open := false
	for i := 0; i < at; i++ {
		switch {
		case body[i] == '\\' && open:
			i++
			if i == at {
				return false
			}
		case body[i] == '"':
			open = !open
		}
	}
	return open
}

func oversize(m *Message, f Fault) {
	missing := f.Size - len(m.Body)
	if missing <= 0 {
		return
	}
	if m.Form {
		pad := "&padding="
		m.Body = append(append(bytes.Clone(m.Body), pad...), bytes.Repeat([]byte{'x'}, max(0, missing-len(pad)))...)
		return
	}
	end := max(0, len(m.Body)-1) // inside, where some receivers would cut white space off
	m.Body = bytes.Join([][]byte{m.Body[:end], m.Body[end:]}, bytes.Repeat([]byte{' '}, missing))
}

func compress(m *Message, _ Fault) {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(m.Body) // into memory
	_ = w.Close()
	m.Body = out.Bytes()
	m.Header.Set("Content-Encoding", "gzip")
}

// otherSecret returns a secret of the same form that nobody else has.
func otherSecret(secret string) string {
	sum := sha256.Sum256([]byte("quintain: not " + secret))
	if kind, _, found := strings.Cut(secret, "_"); found && (kind == "whsec" || kind == "whsk") {
		return kind + "_" + base64.StdEncoding.EncodeToString(sum[:])
	}
	return hex.EncodeToString(sum[:])
}

func headerValue(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f || r > 0xff })
}
