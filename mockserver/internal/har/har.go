// Package har writes attempts as an HTTP Archive, version 1.2 (http://www.softwareishard.com/blog/har-12-spec/), which
// browsers and HTTP tools read. Start with Write.
//
// An archive says less than the journal: of the faults of the sender, only that there were some. What the journal has
// and an archive has no place for stands in fields whose names begin with an underscore, as the specification allows.
package har

import (
	"bufio"
	"encoding/json"
	"io"
	"iter"
	"time"

	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// Version is the version of the format.
const Version = "1.2"

// A Creator is the program that wrote an archive.
type Creator struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// An Entry is one exchange of an archive.
type Entry struct {
	StartedDateTime time.Time `json:"startedDateTime"`
	Time            float64   `json:"time"` // the sum of the timings, in milliseconds
	Request         Request   `json:"request"`
	Response        Response  `json:"response"`
	Cache           struct{}  `json:"cache"`
	Timings         Timings   `json:"timings"`
	ServerIPAddress string    `json:"serverIPAddress,omitempty"`

	ID       string    `json:"_id"`
	Attempt  int       `json:"_attempt"`            // its number, from 1
	Manual   bool      `json:"_manual"`             // asked for by hand, outside the schedule
	Delivery string    `json:"_delivery,omitempty"` // id; of a test there is none
	Sequence uint64    `json:"_sequence,omitempty"`
	Webhook  string    `json:"_webhook"` // id
	Event    string    `json:"_event"`   // type
	EventID  string    `json:"_event_id,omitempty"`
	Due      time.Time `json:"_due"`  // schedule time
	Sent     time.Time `json:"_sent"` // schedule time
	Outcome  string    `json:"_outcome"`
	Faults   []string  `json:"_faults,omitempty"`
}

// A Pair is a header, or a parameter of a query.
type Pair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// A Cookie is one that a response sets.
type Cookie struct {
	Name     string     `json:"name"`
	Value    string     `json:"value"`
	Path     string     `json:"path,omitempty"`
	Domain   string     `json:"domain,omitempty"`
	Expires  *time.Time `json:"expires,omitempty"`
	HTTPOnly bool       `json:"httpOnly"`
	Secure   bool       `json:"secure"`
}

// A Request is what was sent, as headers and body say, whatever a fault made of it on its way.
type Request struct {
	Method      string   `json:"method"`
	URL         string   `json:"url"`
	HTTPVersion string   `json:"httpVersion"`
	Cookies     []Cookie `json:"cookies"`
	Headers     []Pair   `json:"headers"`
	QueryString []Pair   `json:"queryString"`
	PostData    PostData `json:"postData"`
	HeadersSize int      `json:"headersSize"` // -1: unknown
	BodySize    int      `json:"bodySize"`    // -1: unknown
}

// PostData is the body of a request.
type PostData struct {
	MimeType string `json:"mimeType"`
	Text     string `json:"text"`
	Encoding string `json:"_encoding,omitempty"` // base64: Text is the base64 of bytes that are not UTF-8
	Comment  string `json:"comment,omitempty"`
}

// A Response is what came back. Without a complete answer, its status is 0, and Error says why.
type Response struct {
	Status      int      `json:"status"`
	StatusText  string   `json:"statusText"`
	HTTPVersion string   `json:"httpVersion"`
	Cookies     []Cookie `json:"cookies"`
	Headers     []Pair   `json:"headers"`
	Content     Content  `json:"content"`
	RedirectURL string   `json:"redirectURL"`
	HeadersSize int      `json:"headersSize"` // -1: unknown
	BodySize    int      `json:"bodySize"`    // -1: unknown
	Error       string   `json:"_error,omitempty"`
}

// Content is the body of a response.
type Content struct {
	Size     int    `json:"size"`
	MimeType string `json:"mimeType"`
	Text     string `json:"text,omitempty"`
	Encoding string `json:"encoding,omitempty"` // base64: of Text
	Comment  string `json:"comment,omitempty"`
}

// Write writes an archive of entries, one after the other. It returns the first error of the sequence or of w; what was
// written is then no archive.
func Write(w io.Writer, by Creator, comment string, entries iter.Seq2[store.Entry, error]) error {
	out := bufio.NewWriter(w)
	head, err := encode(struct {
		Version string  `json:"version"`
		Creator Creator `json:"creator"`
		Comment string  `json:"comment,omitempty"`
	}{Version, by, comment})
	if err != nil {
		return err
	}
	_, _ = out.WriteString(`{"log":` + head[:len(head)-1] + `,"entries":[`) // the writer keeps its first error
	separator := "\n"
	for e, err := range entries {
		if err != nil {
			return err
		}
		line, err := encode(Of(e))
		if err != nil {
			return err
		}
		if _, err := out.WriteString(separator + line); err != nil {
			return err
		}
		separator = ",\n"
	}
	_, _ = out.WriteString("\n]}}\n")
	return out.Flush()
}

func encode(v any) (string, error) {
	raw, err := json.Marshal(v)
	return string(raw), err
}
