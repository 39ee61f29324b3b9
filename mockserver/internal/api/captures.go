package api

import (
	"net/http"
	"strconv"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/community"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/rest"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

type captureJSON struct {
	Number  uint64      `json:"number"`
	Method  string      `json:"method"`
	Path    string      `json:"path"`
	Query   string      `json:"query"`
	Headers http.Header `json:"headers"`
	bodyJSON
	Truncated  bool               `json:"truncated"`
	At         time.Time          `json:"at"`
	ReceivedAt time.Time          `json:"received_at"`
	Answered   string             `json:"answered"`
	Event      string             `json:"event"`
	Attempt    int                `json:"attempt"`
	Valid      bool               `json:"valid"`
	Problems   []contract.Problem `json:"problems"`
	Signature  string             `json:"signature"`
}

func showCapture(c store.Capture) captureJSON {
	problems := c.Problems
	if problems == nil {
		problems = []contract.Problem{}
	}
	return captureJSON{
		c.Number, c.Method, c.Path, c.Query, headers(c.Header), showBody(c.Body), c.Truncated, c.At, c.Received, c.Answered,
		c.Event, c.Attempt, c.Valid, problems, c.Signature,
	}
}

func writeCaptures(w http.ResponseWriter, all []store.Capture, page store.Page, total int) error {
	out := make([]captureJSON, len(all))
	for i, one := range all {
		out[i] = showCapture(one)
	}
	return rest.WriteJSON(w, http.StatusOK, struct {
		Captures []captureJSON `json:"captures"`
		pageJSON
	}{out, pageJSON{page.Number, page.Size, total}})
}

// readCaptureFilter reads which captures are asked for.
func readCaptureFilter(q *rest.Query) store.CaptureFilter {
	f := store.CaptureFilter{Event: q.String("event"), Method: q.String("method"), Path: q.String("path")}
	if valid := q.Bool("valid"); q.Has("valid") {
		f.Valid = &valid
	}
	return f
}

func (a *API) listCaptures(w http.ResponseWriter, r *http.Request, c *community.Community) error {
	q := rest.NewQuery(r)
	filter, page := readCaptureFilter(q), readPage(q)
	if err := q.Err(); err != nil {
		return err
	}
	all, total, err := c.Captures(rest.Var(r, "inbox"), filter, page)
	if err != nil {
		return err
	}
	return writeCaptures(w, all, page, total)
}

// maxAwaited is how many captures can be waited for: as many as a page has.
const maxAwaited = 500

func (a *API) waitForCaptures(w http.ResponseWriter, r *http.Request, c *community.Community) error {
	q := rest.NewQuery(r)
	filter, count := readCaptureFilter(q), q.Int("count", 1, maxAwaited, 1)
	timeout := q.Duration("timeout", 0, community.MaxWait, community.DefaultWait)
	if err := q.Err(); err != nil {
		return err
	}
	all, total, err := c.WaitForCaptures(r.Context(), rest.Var(r, "inbox"), filter, count, timeout)
	if r.Context().Err() != nil {
		return nil // nobody waits any more
	}
	if err != nil {
		return err
	}
	return writeCaptures(w, all, store.Page{Number: 1, Size: count}, total)
}

func captureOf(r *http.Request, c *community.Community) (store.Capture, error) {
	text := rest.Var(r, "number")
	number, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return store.Capture{}, problem.Invalid("the number of the capture", "is %q, want a whole number of 1 or more", text)
	}
	return c.Capture(rest.Var(r, "inbox"), number)
}

func (a *API) getCapture(w http.ResponseWriter, r *http.Request, c *community.Community) error {
	one, err := captureOf(r, c)
	if err != nil {
		return err
	}
	return rest.WriteJSON(w, http.StatusOK, showCapture(one))
}

func (a *API) getCaptureBody(w http.ResponseWriter, r *http.Request, c *community.Community) error {
	one, err := captureOf(r, c)
	if err != nil {
		return err
	}
	rest.WriteBytes(w, http.StatusOK, "application/octet-stream", one.Body)
	return nil
}

func (a *API) deleteCaptures(w http.ResponseWriter, r *http.Request, c *community.Community) error {
	if err := c.DeleteCaptures(rest.Var(r, "inbox")); err != nil {
		return err
	}
	return noContent(w)
}
