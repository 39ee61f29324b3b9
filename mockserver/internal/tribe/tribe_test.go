package tribe

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/graph-gophers/graphql-go"
	"github.com/stretchr/testify/require"

	"github.com/quintain-dev/quintain/mockserver/internal/community"
	"github.com/quintain-dev/quintain/mockserver/internal/rest"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

type broken struct{}

func (*broken) Panics() string         { panic("the secret of the panic") }
func (*broken) Fails() (string, error) { return "", errors.New("the secret of the error") }

// What is broken of ours is told to the log, not to the client.
func TestInternalErrors(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	registry := community.NewRegistry(community.Config{Store: store.NewMemory(), Log: slog.New(slog.DiscardHandler)})
	t.Cleanup(func() { require.NoError(t, registry.Close()) })
	_, err := registry.Create(community.New{Platform: Platform, Token: "token"})
	require.NoError(t, err)
	schema := parse(`type Query { panics: String! fails: String! }`, &broken{})
	s := &surface{registry, func() *graphql.Schema { return schema }}
	handler, _ := rest.NewHandler(slog.New(slog.NewTextHandler(&log, nil)), s.Group())
	for field, secret := range map[string]string{"panics": "the secret of the panic", "fails": "the secret of the error"} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, Root, strings.NewReader(`{"query":"{ `+field+` }"}`))
		r.Header.Set("Authorization", "Bearer token")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		require.Equal(t, http.StatusInternalServerError, w.Code)
		require.JSONEq(t, `{"errors":[{"message":"internal error; the server's log says more","extensions":{"code":"internal"}}]}`, w.Body.String())
		require.Contains(t, log.String(), secret)
	}
	require.Contains(t, log.String(), "(*broken).Panics", "the stack")
}

// Changes that come at once make one webhook, not several.
func TestUpdatesAtOnce(t *testing.T) {
	t.Parallel()
	registry := community.NewRegistry(community.Config{Store: store.NewMemory(), Log: slog.New(slog.DiscardHandler)})
	t.Cleanup(func() { require.NoError(t, registry.Close()) })
	url := "http://localhost:1/"
	for range 300 {
		c, err := registry.Create(community.New{Platform: Platform})
		require.NoError(t, err)
		ctx := context.WithValue(t.Context(), callKey{}, &call{community: c})
		args := updateArgs{ID: graphql.ID(c.Settings().ID), Input: updateInput{WebhookURL: graphql.NullString{Value: &url, Set: true}}}
		r, begin := &resolver{}, make(chan struct{})
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				<-begin
				if _, err := r.UpdateApp(ctx, args); err != nil {
					t.Error(err)
				}
			})
		}
		close(begin)
		all.Wait()
		webhooks, err := c.Webhooks()
		require.NoError(t, err)
		require.Len(t, webhooks, 1)
	}
}
