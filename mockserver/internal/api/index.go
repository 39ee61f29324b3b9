package api

import (
	"fmt"
	"net/http"

	"github.com/quintain-dev/quintain/mockserver/internal/rest"
)

func (a *API) healthy(w http.ResponseWriter, _ *http.Request) error {
	return rest.WriteJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

func (a *API) index(w http.ResponseWriter, r *http.Request) error {
	base := a.base(r)
	text := fmt.Sprintf(`Quintain plays community platforms that send webhooks: Mighty Networks, Tryno, Ambassify, Tribe.

make a community       curl -d '{"platform": "tribe"}' %[1]s%[2]s/communities
register a webhook     curl -d '{"url": "http://localhost:3000/hooks", "events": ["*"]}' %[1]s%[2]s/communities/ID/webhooks
let an event happen    curl -d '{"type": "member.created"}' %[1]s%[2]s/communities/ID/events
see what came of it    curl %[1]s%[2]s/communities/ID/deliveries

every call             %[1]s%[2]s/openapi.yaml (or .json)
Tryno's own API        %[1]s/v1/communities/ID/webhooks
Tribe's own API        %[1]s/graphql (GraphQL)
health                 %[1]s/livez, %[1]s/readyz
`, base, Root)
	rest.WriteBytes(w, http.StatusOK, "text/plain; charset=utf-8", []byte(text))
	return nil
}
