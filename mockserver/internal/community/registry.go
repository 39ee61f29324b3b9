package community

import (
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/mockserver/internal/observe"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/sender"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

// Config is what all communities of a server use.
type Config struct {
	Store     store.Store
	Transport http.RoundTripper
	Own       bool // the transport is a *wire.Transport, which can spoil requests
	Hosts     sender.Hosts
	Log       *slog.Logger
	Observer  observe.Observer
	Platforms []*contract.Platform // beside, or instead of, those that are built in
	UserAgent string
}

// A Registry has the communities of a server.
type Registry struct {
	config Config
	dying  sync.WaitGroup // lives that were ended and still have goroutines

	mu          sync.Mutex
	closed      bool
	communities map[string]*Community
	order       []string
	tokens      map[string]*Community
	platforms   map[string]*contract.Platform // by reference, loaded once
}

// NewRegistry returns a registry without communities. It is to be closed.
func NewRegistry(c Config) *Registry {
	return &Registry{
		config:      c,
		communities: map[string]*Community{},
		tokens:      map[string]*Community{},
		platforms:   map[string]*contract.Platform{},
	}
}

// Create makes a community. The error is a *problem.Error.
func (r *Registry) Create(n New) (*Community, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, errClosed
	}
	platform, err := r.platform(n.Platform)
	if err != nil {
		return nil, err
	}
	if platform, err = n.signed(platform); err != nil {
		return nil, err
	}
	s, err := n.settings(platform, r.config.Own)
	if err != nil {
		return nil, err
	}
	if s.ID != "" && r.communities[s.ID] != nil {
		return nil, problem.New(problem.IDTaken, "there is a community with the id %q", s.ID).WithHint("choose another id, or delete that one")
	}
	// Two communities may have one seed, and still nothing in common: the second gets the next id.
	for k := uint64(0); s.ID == ""; k++ {
		if id := (identity{seed: s.Seed}).uuid("community", k); r.communities[id] == nil {
			s.ID = id
		}
	}
	ids := identity{seed: s.Seed, community: s.ID, random: n.Secrets == RandomSecrets || n.Secrets == "" && n.Seed == nil}
	if s.Token == "" {
		token := ids.secret("token", 0)
		s.Token = store.Secret(hex.EncodeToString(token[:]))
	}
	if r.tokens[s.Token.Reveal()] != nil {
		return nil, problem.New(problem.TokenTaken, "another community has this token").WithHint("leave token out, and one is made")
	}
	switch {
	case n.Secret != nil:
		s.Secret, s.SecretGiven = store.Secret(*n.Secret), true
	case s.signature().Signed():
		s.Secret = store.Secret(s.signature().NewSecret(ids.secret("secret", 0)))
	}
	c, err := newCommunity(r, s, ids)
	if err != nil {
		return nil, err
	}
	r.communities[s.ID] = c
	r.order = append(r.order, s.ID)
	r.tokens[s.Token.Reveal()] = c
	return c, nil
}

// platform returns a platform by its reference. The caller holds the lock.
func (r *Registry) platform(reference string) (*contract.Platform, error) {
	if p := r.platforms[reference]; p != nil {
		return p, nil
	}
	name, revision, _ := strings.Cut(reference, "@")
	names, revisions := contract.Names(), []string(nil)
	for _, p := range slices.Backward(r.config.Platforms) { // the last one said wins
		if reference == p.String() || p.Name == name && (revision == "" || revision == p.Revision) {
			return p, nil
		}
		if p.Name == name {
			revisions = append(revisions, p.Revision)
		}
		if !slices.Contains(names, p.Name) {
			names = append(names, p.Name)
		}
	}
	if len(revisions) > 0 && !slices.Contains(contract.Names(), name) {
		return nil, problem.Unknown(problem.UnknownRevision, "revision of "+name, revision, revisions)
	}
	if reference == "" {
		return nil, problem.Invalid("platform", "is missing").WithHint("there is %s", strings.Join(names, ", "))
	}
	p, err := contract.Load(reference)
	if err != nil {
		var e *contract.Error
		if errors.As(err, &e) && e.Code == contract.UnknownPlatform {
			return nil, problem.Unknown(problem.UnknownPlatform, "platform", name, names)
		}
		return nil, fmt.Errorf("load %s: %w", reference, err)
	}
	r.platforms[reference] = p
	return p, nil
}

// Get returns a community, or a problem with the code UnknownCommunity.
func (r *Registry) Get(id string) (*Community, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c := r.communities[id]; c != nil {
		return c, nil
	}
	return nil, unknownCommunity(id)
}

func unknownCommunity(id string) error {
	return problem.New(problem.UnknownCommunity, "there is no community %q", id).WithHint("GET /__mock/communities lists them")
}

// ByToken returns the community whose admin token this is, or nil.
func (r *Registry) ByToken(token string) *Community {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.tokens[token]
}

// All returns the communities in the order in which they were made.
func (r *Registry) All() []*Community {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]*Community, len(r.order))
	for i, id := range r.order {
		out[i] = r.communities[id]
	}
	return out
}

// Delete ends a community: attempts that are under way are broken off. It does not wait for them, since it may be
// called from inside the receiver that one of them waits for. The error is a problem with the code UnknownCommunity.
func (r *Registry) Delete(id string) error {
	c, err := r.Get(id)
	if err != nil {
		return err
	}
	// First the end, then the list: Close must find every community that has not ended.
	if err := c.end(); errors.Is(err, errGone) {
		return unknownCommunity(id)
	} else if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.communities[id] == c {
		delete(r.communities, id)
		delete(r.tokens, c.settings.Token.Reveal())
		r.order = slices.DeleteFunc(r.order, func(other string) bool { return other == id })
	}
	return nil
}

// Reset resets every community.
func (r *Registry) Reset() error {
	for _, c := range r.All() {
		if err := c.Reset(); err != nil && !errors.Is(err, errGone) {
			return err
		}
	}
	return nil
}

// Close ends all communities and waits until nothing of them runs any more.
func (r *Registry) Close() error {
	r.mu.Lock()
	if r.closed {
		r.mu.Unlock()
		r.dying.Wait()
		return nil
	}
	r.closed = true
	all := slices.Collect(maps.Values(r.communities))
	clear(r.communities)
	clear(r.tokens)
	r.order = nil
	r.mu.Unlock()
	var errs []error
	for _, c := range all {
		if err := c.end(); !errors.Is(err, errGone) {
			errs = append(errs, err)
		}
	}
	r.dying.Wait()
	return errors.Join(append(errs, r.config.Store.Close())...)
}
