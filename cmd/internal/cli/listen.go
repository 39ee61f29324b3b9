package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/quintain-dev/quintain/cmd/internal/cli/term"
	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/judge/reference"
	"github.com/quintain-dev/quintain/features/judge/report/render"
	"github.com/quintain-dev/quintain/mockserver"
)

// capture is one recorded request in the JSON of the listen command.
type capture struct {
	At       time.Time          `json:"at"`
	Method   string             `json:"method"`
	Path     string             `json:"path"`
	Event    string             `json:"event,omitempty"`
	Valid    bool               `json:"valid"`
	Problems []contract.Problem `json:"problems,omitempty"`
	// why the body could not be judged, or which events it may be of
	Message   string `json:"message,omitempty"`
	Signature string `json:"signature"`          // valid, none, what is wrong with it, or not checked
	Status    int    `json:"status"`             // that was answered; 0 if none was
	Answered  string `json:"answered,omitempty"` // of --answer: as it stands there
	Bytes     int    `json:"bytes"`
	Body      string `json:"body,omitempty"`
}

// listenOptions are the flags of listen.
type listenOptions struct {
	address, platform, secret, answer string
	asJSON, bodies                    bool
	count                             int
	lines                             lineOptions
}

func (a *app) listen() *cobra.Command {
	var o listenOptions
	cmd := &cobra.Command{
		Use:   "listen",
		Short: "Record what a platform sends, and check it against the contract",
		Long: `Listens as a receiver would, prints each request that comes in, and says whether
it is what the platform documents: the event, every place where the payload
breaks its contract, and whether the signature is right. It answers as a correct
receiver does, or by the script of --answer:

  500                             always
  500x3,timeout,200               one after the other; the last repeats
  429 retry-after 120 x2, recover
  30% 503 | 200 delay 2s          drawn for each request
  when event member.* attempt 1-3: 503; 200

There is timeout, reset, close, empty, malformed, cut, redirect, dribble,
endless and recover beside statuses, and behind a status delay, retry-after,
header "Name: value", body "text", dribble and lost. It is the language of a
mock server's inboxes; its API document has all of it, at Script.

The lines are text in a terminal, and JSON where standard output is no terminal.`,
		Example: "  quintain listen --platform tribe --secret s3cret --addr 127.0.0.1:3000\n  quintain listen -p mighty --answer 500x3,200",
		Args:    args(0, 0),
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.record(cmd.Context(), o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.address, "addr", "127.0.0.1:7556", "where to listen; port 0 takes a free one")
	f.StringVarP(&o.platform, "platform", "p", "", "whose deliveries are expected")
	a.secretFlag(cmd, &o.secret, "the signing secret, or the key; without it signatures are not checked")
	f.StringVar(&o.answer, "answer", "", "the script of the answers, such as 500x3,200 (default: as a correct receiver does)")
	f.IntVarP(&o.count, "count", "n", 0, "end after so many requests (default: stay)")
	f.BoolVar(&o.bodies, "bodies", false, "print the bodies, too")
	f.BoolVar(&o.asJSON, "json", false, "the same as --log-format json")
	o.lines.flags(cmd)
	return cmd
}

// record listens until enough has come, or the context ends.
func (a *app) record(ctx context.Context, o listenOptions) error {
	if o.platform == "" && a.contractFile == "" {
		return misuse("--platform is missing: whose deliveries are these? Want one of %s", strings.Join(contract.Names(), ", "))
	}
	if err := checkAddress(o.address); err != nil {
		return err
	}
	if o.count < 0 {
		return misuse("--count %d is less than 0", o.count)
	}
	p, err := a.platform(o.platform)
	if err != nil {
		return err
	}
	if o.asJSON {
		if o.lines.format == logText {
			return misuse("--json and --log-format text exclude each other")
		}
		o.lines.format = logJSON
	}
	asJSON, err := o.lines.asJSON(a.stdout) // where the lines always went: they are what the command is for
	if err != nil {
		return err
	}
	l := &listener{
		lines: term.NewLines(a.stdout, asJSON), quiet: o.lines.quiet, platform: p, secret: o.secret, bodies: o.bodies,
		correct: reference.New(p, o.secret), left: o.count, enough: make(chan struct{}),
	}
	defer l.lines.Close()
	if o.answer == "" && o.secret == "" && p.Rules.Signature.Value.Signed() {
		o.answer = "200" // a correct receiver would let nothing in
	}
	if o.answer != "" {
		if l.answers, err = mockserver.ParseAnswers(o.answer, 0); err != nil {
			return misuse("--answer: %w", err)
		}
	}
	var cancel context.CancelFunc
	l.ctx, cancel = context.WithCancel(ctx)
	defer cancel()
	at, stop, err := listenAndServe(o.address, l)
	if err != nil {
		return couldNot(listenError(o.address, err))
	}
	defer stop()
	fmt.Fprintf(a.stderr, "listening for %s at http://%s (any path); end with Ctrl-C\n", p, at)
	select {
	case <-ctx.Done():
	case <-l.enough:
	}
	return nil
}

// listener records requests.
type listener struct {
	lines    *term.Lines
	quiet    bool
	platform *contract.Platform
	secret   string
	answers  *mockserver.Answers // nil: as a correct receiver does
	correct  http.Handler
	ctx      context.Context // ends with the command
	bodies   bool

	mu     sync.Mutex
	left   int // requests until enough; 0 or less: never
	enough chan struct{}
}

// bodyLimit is how much of a request is read.
const bodyLimit = 16 << 20

func (l *listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer l.count()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	c, id := l.examine(r, body, err)
	if l.answers == nil {
		answer := &statusRecorder{ResponseWriter: w, status: http.StatusOK}
		r.Body = io.NopCloser(bytes.NewReader(body))
		l.correct.ServeHTTP(answer, r)
		c.Status = answer.status
		l.print(c)
		return
	}
	answer := l.answers.Next(c.Event, id, body)
	c.Status, c.Answered = answer.Status(), answer.String()
	l.print(c) // before the answer, which may take long
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(l.ctx, cancel)()
	answer.ServeHTTP(w, r.WithContext(ctx))
}

// count counts a request, and ends the command after the last.
func (l *listener) count() {
	l.mu.Lock()
	defer l.mu.Unlock()
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

// examine says what came, and the delivery's id.
func (l *listener) examine(r *http.Request, body []byte, err error) (_ capture, id string) {
	found := l.platform.Examine(r.Header.Get("Content-Type"), body)
	c := capture{
		At: time.Now().UTC(), Method: r.Method, Path: r.URL.Path, Bytes: len(body),
		Event: found.Event, Valid: found.Valid, Problems: found.Problems, Message: found.Message,
		Signature: l.platform.Rules.Signature.Value.Check(r.Header, body, time.Now(), l.secret),
	}
	if c.Signature == "" {
		c.Signature = "not checked"
	}
	if l.bodies {
		c.Body = string(body)
	}
	if err != nil {
		c.Valid, c.Problems, c.Message = false, nil, "the body could not be read: "+err.Error()
	}
	return c, found.ID
}

func (l *listener) print(c capture) {
	if l.quiet {
		return
	}
	l.lines.Add(func() []byte {
		if l.lines.AsJSON() {
			return term.JSONLine(c)
		}
		return c.text()
	})
}

// text writes a capture for a terminal: a line, then what is wrong with the body, then the body if it is to be shown.
func (c capture) text() []byte {
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
	answered := c.Answered
	if answered == "" {
		answered = strconv.Itoa(c.Status)
	}
	var out bytes.Buffer
	line := func(format string, args ...any) { // which may have anything in it
		fmt.Fprintln(&out, render.Printable(fmt.Sprintf(format, args...)))
	}
	line("%s  %s %s  %s: %s; signature %s; answered %s",
		c.At.Format("15:04:05.000"), c.Method, c.Path, event, verdict, strings.TrimPrefix(c.Signature, "signature "), answered)
	for _, p := range c.Problems {
		line("    %s: %s", p.Pointer, p.Message)
	}
	if c.Body == "" {
		return out.Bytes()
	}
	for _, one := range strings.Split(c.Body, "\n") {
		line("    %s", strings.ReplaceAll(one, "\t", "    "))
	}
	return out.Bytes()
}

// listenError says in one sentence why a port could not be had.
func listenError(address string, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is in use by another program; choose another address with --addr, or port 0 for a free one", address)
	}
	return err
}
