package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/contracttest/reference"
)

// capture is one recorded request in the JSON of the listen command.
type capture struct {
	At        time.Time          `json:"at"`
	Method    string             `json:"method"`
	Path      string             `json:"path"`
	Event     string             `json:"event,omitempty"`
	Valid     bool               `json:"valid"`
	Problems  []contract.Problem `json:"problems,omitempty"`
	Message   string             `json:"message,omitempty"` // why the body could not be judged
	Signature string             `json:"signature"`         // valid, none, or what is wrong with it
	Status    int                `json:"status"`            // that was answered
	Bytes     int                `json:"bytes"`
	Body      string             `json:"body,omitempty"`
}

func (a *app) listen() *cobra.Command {
	var (
		address, name, secret string
		answer                int
		asJSON, bodies        bool
		count                 int
	)
	cmd := &cobra.Command{
		Use:   "listen",
		Short: "Record what a platform sends, and check it against the contract",
		Long: `Listens as a receiver would, prints each request that comes in, and says whether it is what the
platform documents: the event, every place where the payload breaks its contract, and whether the
signature is right. It answers as a correct receiver does, or always with --answer.`,
		Example: "  quintain listen --platform tribe --secret s3cret --addr 127.0.0.1:3000\n  quintain listen -p mighty --answer 500",
		Args:    args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if name == "" && a.contractFile == "" {
				return misuse("--platform is missing: whose deliveries are these? There is mighty, tryno, ambassify, tribe")
			}
			p, err := a.platform(name)
			if err != nil {
				return err
			}
			if answer != 0 && (answer < 200 || answer > 599) {
				return misuse("--answer %d is no status to answer with; want 200 to 599", answer)
			}
			l := &listener{app: a, platform: p, secret: secret, answer: answer, asJSON: asJSON, bodies: bodies, left: count, enough: make(chan struct{})}
			l.correct = reference.New(p, secret)
			if answer == 0 && secret == "" && p.Rules.Signature.Value.Signed() {
				l.answer = http.StatusOK // a correct receiver would let nothing in
			}
			at, stop, err := listenAndServe(address, l)
			if err != nil {
				return couldNot(listenError(address, err))
			}
			defer stop()
			fmt.Fprintf(a.stderr, "listening for %s at http://%s (any path); end with Ctrl-C\n", p, at)
			select {
			case <-cmd.Context().Done():
			case <-l.enough:
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&address, "addr", "127.0.0.1:7556", "where to listen; port 0 takes a free one")
	f.StringVarP(&name, "platform", "p", "", "whose deliveries are expected")
	a.secretFlag(cmd, &secret, "the signing secret, or the key; without it signatures are not checked")
	f.IntVar(&answer, "answer", 0, "answer every request with this status (default: as a correct receiver does)")
	f.IntVarP(&count, "count", "n", 0, "end after so many requests (default: stay)")
	f.BoolVar(&bodies, "bodies", false, "print the bodies, too")
	f.BoolVar(&asJSON, "json", false, "print one JSON object a line")
	return cmd
}

// listener records requests, one after the other.
type listener struct {
	app      *app
	platform *contract.Platform
	secret   string
	answer   int
	correct  http.Handler
	asJSON   bool
	bodies   bool

	mu     sync.Mutex
	left   int // requests until enough; 0 or less: never
	enough chan struct{}
}

// bodyLimit is how much of a request is read.
const bodyLimit = 16 << 20

func (l *listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	c := l.examine(r, body, err)
	answer := &statusRecorder{ResponseWriter: w, status: http.StatusOK}
	if l.answer != 0 {
		answer.WriteHeader(l.answer)
	} else {
		r.Body = io.NopCloser(bytes.NewReader(body))
		l.correct.ServeHTTP(answer, r)
	}
	c.Status = answer.status

	l.mu.Lock()
	defer l.mu.Unlock()
	l.print(c)
	if l.left--; l.left == 0 {
		close(l.enough)
	}
}

// statusRecorder remembers what was answered.
type statusRecorder struct {
	http.ResponseWriter
	status int
}

func (s *statusRecorder) WriteHeader(status int) {
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}

func (l *listener) examine(r *http.Request, body []byte, err error) capture {
	c := capture{At: time.Now().UTC(), Method: r.Method, Path: r.URL.Path, Bytes: len(body), Signature: "not checked"}
	if l.bodies {
		c.Body = string(body)
	}
	if l.secret != "" && l.platform.Rules.Signature.Value.Scheme != "none" {
		c.Signature = "valid"
		if err := l.platform.Rules.Signature.Value.SigningScheme().Verify(r.Header, l.secret, body, time.Now()); err != nil {
			c.Signature = err.Error()
		}
	}
	switch {
	case err != nil:
		c.Message = "the body could not be read: " + err.Error()
	case isForm(r):
		c.Message = "a form; its contract is only checked for JSON"
	default:
		event, err := l.platform.Identify(body)
		if err == nil {
			c.Event = event.Name
			err = event.Validate(body)
		}
		var invalid *contract.ValidationError
		switch {
		case err == nil:
			c.Valid = true
		case errors.As(err, &invalid):
			c.Problems = invalid.Problems
		default:
			c.Message = err.Error()
		}
	}
	return c
}

func isForm(r *http.Request) bool {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && media == "application/x-www-form-urlencoded"
}

func (l *listener) print(c capture) {
	if l.asJSON {
		line, err := json.Marshal(c)
		if err != nil {
			line = []byte(err.Error())
		}
		fmt.Fprintf(l.app.stdout, "%s\n", line)
		return
	}
	verdict := "valid"
	switch {
	case c.Message != "":
		verdict = c.Message
	case !c.Valid:
		verdict = "breaks its contract"
	}
	event := c.Event
	if event == "" {
		event = "unknown event"
	}
	fmt.Fprintf(l.app.stdout, "%s  %s %s  %s: %s; signature %s; answered %d\n",
		c.At.Format("15:04:05.000"), c.Method, c.Path, event, verdict, c.Signature, c.Status)
	for _, p := range c.Problems {
		fmt.Fprintf(l.app.stdout, "    %s: %s\n", p.Pointer, p.Message)
	}
	if c.Body != "" {
		fmt.Fprintf(l.app.stdout, "    %s\n", strings.ReplaceAll(c.Body, "\n", "\n    "))
	}
}

// listenError says in one sentence why a port could not be had.
func listenError(address string, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is in use by another program; choose another address with --addr, or port 0 for a free one", address)
	}
	return err
}
