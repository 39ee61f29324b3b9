package mocksteps

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/internal/phrase"
)

// thenCarries compares the body of the only request with a table: a JSON pointer and what is to be there.
func thenCarries(ctx context.Context, s *run, name string, want *godog.Table) error {
	all, err := s.requests(ctx, name)
	if err != nil {
		return err
	}
	if len(all) != 1 {
		return s.missed(ctx, fmt.Errorf("the inbox has %s, and the table describes one", phrase.Count(len(all), "request")))
	}
	body := contract.Lookup(all[0].Bytes(), "")
	if body == nil {
		return errors.New("the body of the request is not JSON")
	}
	var problems []error
	for i, row := range want.Rows {
		if len(row.Cells) != 2 {
			return fmt.Errorf("row %d of the table has %s, want 2: | /a/json/pointer | a text |", i+1, phrase.Count(len(row.Cells), "cell"))
		}
		problems = append(problems, carries(body, row.Cells[0].Value, row.Cells[1].Value))
	}
	return errors.Join(problems...)
}

// carries compares the value at a pointer with one of several expectations, such as: a text or null.
func carries(body any, pointer, want string) error {
	value, there := lookup(body, pointer)
	for alternative := range strings.SplitSeq(want, " or ") {
		ok, err := is(body, value, there, alternative)
		if err != nil {
			return err
		}
		if ok {
			return nil
		}
	}
	if !there {
		return fmt.Errorf("%s is absent, want %s", pointer, want)
	}
	got, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return fmt.Errorf("%s is %s, want %s", pointer, got, want)
}

// lookup returns the value at a pointer, and whether there is one: null is a value.
func lookup(body any, pointer string) (value any, there bool) {
	if value = contract.At(body, pointer); value != nil {
		return value, true
	}
	at := strings.LastIndexByte(pointer, '/')
	if at < 0 {
		return nil, false
	}
	parent, _ := contract.At(body, pointer[:at]).(map[string]any)
	_, there = parent[pointer[at+1:]]
	return nil, there
}

// is reports whether a value is what an expectation says. The error says that nothing is expected in these words.
func is(body, value any, there bool, want string) (bool, error) {
	if pointer, same := strings.CutPrefix(want, "the same as "); same {
		other, ok := lookup(body, pointer)
		return there && ok && fmt.Sprint(value) == fmt.Sprint(other), nil
	}
	if strings.HasPrefix(want, `"`) {
		var literal string
		if err := json.Unmarshal([]byte(want), &literal); err != nil {
			return false, fmt.Errorf("%s is no JSON text: %w", want, err)
		}
		return value == any(literal), nil
	}
	check, known := shapes[want]
	if !known {
		return false, fmt.Errorf(`unknown expectation %q; want a "text" in quotes, "the same as /a/pointer", or one of: %s`,
			want, strings.Join(slices.Sorted(maps.Keys(shapes)), ", "))
	}
	return check(value, there), nil
}

// shapes are the expectations that describe a value.
var shapes = map[string]func(value any, there bool) bool{
	"a text":   func(value any, _ bool) bool { s, ok := value.(string); return ok && s != "" },
	"a number": func(value any, _ bool) bool { _, ok := value.(json.Number); return ok },
	"an id": func(value any, _ bool) bool {
		switch v := value.(type) {
		case string:
			return v != ""
		case json.Number:
			return !strings.ContainsAny(v.String(), ".eE-")
		default:
			return false
		}
	},
	"a time": func(value any, _ bool) bool {
		s, _ := value.(string)
		_, err := time.Parse(time.RFC3339, s)
		return err == nil
	},
	"seconds since 1970":      func(value any, _ bool) bool { return between(value, 1e9, 1e10) },
	"milliseconds since 1970": func(value any, _ bool) bool { return between(value, 1e12, 1e13) },
	"an email address": func(value any, _ bool) bool {
		s, _ := value.(string)
		address, err := mail.ParseAddress(s)
		return err == nil && address.Address == s
	},
	"a link": func(value any, _ bool) bool {
		s, _ := value.(string)
		link, err := url.Parse(s)
		return err == nil && slices.Contains([]string{"http", "https"}, link.Scheme) && link.Host != ""
	},
	"true":      func(value any, _ bool) bool { return value == any(true) },
	"false":     func(value any, _ bool) bool { return value == any(false) },
	"null":      func(value any, there bool) bool { return there && value == nil },
	"absent":    func(_ any, there bool) bool { return !there },
	"a list":    func(value any, _ bool) bool { _, ok := value.([]any); return ok },
	"an object": func(value any, _ bool) bool { _, ok := value.(map[string]any); return ok },
}

func between(value any, least, most float64) bool {
	n, _ := value.(json.Number)
	f, err := n.Float64()
	return err == nil && f >= least && f < most
}
