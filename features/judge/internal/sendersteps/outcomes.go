package sendersteps

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/features/internal/phrase"
	"github.com/quintain-dev/quintain/mockserver/client"
)

func thenCountsAs(ctx context.Context, r *Run, what string) error {
	got, err := r.captures(ctx, r.hooks[0])
	if err != nil {
		return err
	}
	want := 1
	if what == "a failure" {
		want = 2
	}
	if len(got) != want {
		return r.fail(r.sent(), fmt.Sprintf("%s: %s", what, phrase.Count(want, "attempt")), "%s", phrase.Count(len(got), "attempt"))
	}
	if i := slices.IndexFunc(got, func(c client.Capture) bool { return c.Method != http.MethodPost }); i >= 0 {
		return r.fail(r.sent(), "POST requests", "a %s request: was a redirect followed?", got[i].Method)
	}
	return nil
}

// thenTyped: parameters, such as a charset, are not looked at. Where the platform has several encodings, the body is to
// be in the one that its type names.
func thenTyped(ctx context.Context, r *Run) error {
	got, err := r.captures(ctx, r.hooks[0])
	if err != nil {
		return err
	}
	types := map[string]contract.Encoding{}
	for _, encoding := range r.suite.Platform.Rules.Encodings.Value {
		types[mediaType(r.suite.Platform.Rules.ContentTypes.Value[encoding])] = encoding
	}
	want := "a Content-Type of " + strings.Join(slices.Sorted(maps.Keys(types)), " or ")
	for _, c := range got {
		said := strings.Join(headersOf(c).Values("Content-Type"), ", ")
		encoding, known := types[mediaType(said)]
		switch {
		case said == "":
			return r.fail(r.sent(), want, "none")
		case !known:
			return r.fail(r.sent(), want, "%s", phrase.Excerpt(said))
		case json.Valid(c.Bytes()) != (encoding == contract.JSON):
			return r.fail(r.sent(), "a body that is what its Content-Type says", "%s, and the body %s", said, phrase.Excerpt(string(c.Bytes())))
		}
	}
	return nil
}

// mediaType is the type that a Content-Type names, without its parameters; empty if it names none.
func mediaType(header string) string {
	kind, _, err := mime.ParseMediaType(header)
	if err != nil {
		return ""
	}
	return kind
}
