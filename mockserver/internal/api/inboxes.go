package api

import (
	"net/http"
	"strings"

	"github.com/quintain-dev/quintain/mockserver/internal/community"
	"github.com/quintain-dev/quintain/mockserver/internal/rest"
)

func (a *API) inboxRoutes() []rest.Route {
	const inbox = Root + "/in/{community}/{inbox}"
	return []rest.Route{
		{Template: inbox, Name: "inbox", Handle: a.in(a.receive)},
		{Template: inbox + "/{rest:.*}", Name: "inboxPath", Handle: a.in(a.receive)},
	}
}

func (a *API) receive(w http.ResponseWriter, r *http.Request, c *community.Community) error {
	// What is behind /__mock/in/{community}/{inbox}, as it was sent: cut off four segments with their slashes.
	path := r.URL.EscapedPath()
	for range 5 {
		_, path, _ = strings.Cut(path, "/")
	}
	if strings.Count(r.URL.EscapedPath(), "/") >= 5 {
		path = "/" + path
	}
	return c.Receive(w, r, rest.Var(r, "inbox"), path)
}

type inboxJSON struct {
	Name    string `json:"name"`
	URL     string `json:"url"`
	Script  string `json:"script"`
	Dropped uint64 `json:"dropped"`
}

func (a *API) showInbox(r *http.Request, c *community.Community, in community.Inbox) inboxJSON {
	return inboxJSON{in.Name, a.base(r) + Root + "/in/" + c.Settings().ID + "/" + in.Name, in.Script, in.Dropped}
}

type newInbox struct {
	Script string `json:"script"`
}

func (a *API) putInbox(w http.ResponseWriter, r *http.Request, c *community.Community, body newInbox) error {
	in, isNew, err := c.PutInbox(rest.Var(r, "inbox"), body.Script)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if isNew {
		status = http.StatusCreated
	}
	return rest.WriteJSON(w, status, a.showInbox(r, c, in))
}

func (a *API) listInboxes(w http.ResponseWriter, r *http.Request, c *community.Community) error {
	all, err := c.Inboxes()
	if err != nil {
		return err
	}
	out := make([]inboxJSON, len(all))
	for i, in := range all {
		out[i] = a.showInbox(r, c, in)
	}
	return rest.WriteJSON(w, http.StatusOK, map[string]any{"inboxes": out})
}

func (a *API) getInbox(w http.ResponseWriter, r *http.Request, c *community.Community) error {
	in, err := c.Inbox(rest.Var(r, "inbox"))
	if err != nil {
		return err
	}
	return rest.WriteJSON(w, http.StatusOK, a.showInbox(r, c, in))
}

func (a *API) deleteInbox(w http.ResponseWriter, r *http.Request, c *community.Community) error {
	if err := c.DeleteInbox(rest.Var(r, "inbox")); err != nil {
		return err
	}
	return noContent(w)
}
