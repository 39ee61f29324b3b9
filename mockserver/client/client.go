package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// A Client calls one mock server. It may be used by several goroutines at once.
type Client struct {
	base  string
	http  *http.Client
	token string // of the control API
}

// New returns a client of the server at a base URL such as http://127.0.0.1:7555. With a nil HTTP client it uses one of
// its own without a timeout: calls that move the clock take as long as the receivers do, and contexts end them.
func New(baseURL string, c *http.Client) *Client {
	if c == nil {
		c = &http.Client{}
	}
	return &Client{base: strings.TrimRight(baseURL, "/"), http: c}
}

// WithToken returns a client that sends the server's control token, which a server that others can
// reach asks for. Calls of a platform's own API send that API's token, as before.
func (c *Client) WithToken(token string) *Client {
	out := *c
	out.token = token
	return &out
}

// An Error is an answer of the server that says no.
type Error struct {
	Code    string          `json:"code"`    // such as unknown_event; of Tryno's API, such as VALIDATION_ERROR
	Message string          `json:"message"` // a sentence
	Hint    string          `json:"hint"`    // what to do; may be empty
	Status  int             `json:"status"`  // of HTTP
	Details json.RawMessage `json:"details"` // of some codes; may be nil
}

// Error returns message and hint.
func (e *Error) Error() string {
	sentence, script, shown := strings.Cut(e.Message, "\n")
	text := fmt.Sprintf("%s (%d %s)", sentence, e.Status, e.Code)
	if e.Hint != "" {
		text += "; " + e.Hint
	}
	if shown { // a script and its caret, last
		text += "\n" + script
	}
	return text
}

// maxAnswer bounds an answer, in bytes.
const maxAnswer = 256 << 20

// rawBody is a body that is taken as it is: to be sent it is JSON already.
type rawBody []byte

// call makes a request and reads the answer into out, if out is not nil. It returns the headers of the answer, if there
// is one.
func (c *Client) call(ctx context.Context, method, path, token string, in, out any) (http.Header, error) {
	var body io.Reader
	if in != nil {
		encoded, raw := in.(rawBody)
		if !raw {
			var err error
			if encoded, err = json.Marshal(in); err != nil {
				return nil, fmt.Errorf("%s %s: %w", method, path, err)
			}
		}
		body = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return nil, err
	}
	if in != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	authorize(request, token)
	response, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, path, err)
	}
	if response.StatusCode >= 400 {
		return response.Header, failure(response, answer)
	}
	if raw, ok := out.(*rawBody); ok {
		*raw = answer
	} else if out != nil {
		if err := json.Unmarshal(answer, out); err != nil {
			return response.Header, fmt.Errorf("%s %s: the answer cannot be read: %w", method, path, err)
		}
	}
	return response.Header, nil
}

func authorize(r *http.Request, token string) {
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
}

// failure reads an error, also one that something else on the way answered.
func failure(response *http.Response, answer []byte) error {
	var envelope struct {
		Error Error `json:"error"`
	}
	if json.Unmarshal(answer, &envelope) != nil || envelope.Error.Code == "" {
		return &Error{Code: "unreadable", Message: "the server answered " + response.Status, Hint: "is this a mock server?", Status: response.StatusCode}
	}
	envelope.Error.Status = response.StatusCode
	return &envelope.Error
}

// control makes a call of the control API; the elements are joined to its path, escaped.
func (c *Client) control(ctx context.Context, method string, query url.Values, in, out any, elements ...string) error {
	_, err := c.call(ctx, method, join("/__mock", elements, query), c.token, in, out)
	return err
}

func join(root string, elements []string, query url.Values) string {
	path := root
	for _, e := range elements {
		path += "/" + url.PathEscape(e)
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return path
}
