package community

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/quintain-dev/quintain/contract"
	"github.com/quintain-dev/quintain/contract/signing"
	"github.com/quintain-dev/quintain/fakes"
	"github.com/quintain-dev/quintain/fakes/story"
	"github.com/quintain-dev/quintain/mockserver/clock"
	"github.com/quintain-dev/quintain/mockserver/internal/fault"
	"github.com/quintain-dev/quintain/mockserver/internal/problem"
	"github.com/quintain-dev/quintain/mockserver/internal/sender"
	"github.com/quintain-dev/quintain/mockserver/internal/store"
)

var (
	errClosed = problem.New(problem.CommunityReset, "the server is closing")
	errGone   = problem.New(problem.CommunityReset, "the community was reset or deleted meanwhile")
)

// A Community is a tenant of the server. Its methods may be called by several goroutines at once, also from inside a
// receiver that is being sent to. Errors are *problem.Error unless something of ours is broken.
type Community struct {
	registry *Registry
	settings Settings
	ids      identity
	scheme   signing.Scheme
	world    func() *fakes.World // made when it is first needed: many communities live for one test and send one event

	mu   sync.Mutex
	life *life // nil after the end
}

func newCommunity(r *Registry, s Settings, ids identity) (*Community, error) {
	c := &Community{registry: r, settings: s, ids: ids, scheme: signing.Keeping(s.signature().SigningScheme()), world: sync.OnceValue(s.world)}
	var err error
	c.life, err = newLife(c)
	return c, err
}

// Settings returns the settings.
func (c *Community) Settings() Settings { return c.settings }

// Reset takes the community back to where it began: no webhooks, deliveries, journal and inboxes, the clock at its
// start, ids from the first. Attempts that are under way are broken off.
func (c *Community) Reset() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.life == nil {
		return errGone
	}
	if err := c.bury(); err != nil {
		return err
	}
	var err error
	c.life, err = newLife(c)
	return err
}

// end is Reset without a new life.
func (c *Community) end() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.life == nil {
		return errGone
	}
	return c.bury()
}

// bury ends the life and leaves the wait for its goroutines to the registry. The caller holds the lock.
func (c *Community) bury() error {
	old := c.life
	c.life = nil
	old.mu.Lock() // so that no test begins after the wait for them
	old.cancel()
	old.mu.Unlock()
	old.engine.Close()
	c.registry.dying.Go(func() {
		old.engine.Wait()
		old.tests.Wait()
	})
	return c.registry.config.Store.Drop(c.settings.ID)
}

// alive returns the life that is on.
func (c *Community) alive() (*life, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.life == nil {
		return nil, errGone
	}
	return c.life, nil
}

// A life is everything of a community that a reset throws away.
type life struct {
	*Community
	clock   clock.Clock
	engine  *sender.Local
	journal store.Journal
	ctx     context.Context // ends with the life
	cancel  context.CancelFunc
	tests   sync.WaitGroup

	// mu is held for every change of webhooks and deliveries, and never during a request. The engine's own lock may be
	// taken under it, not the other way round.
	mu      sync.Mutex
	counts  map[string]uint64              // of ids given, by kind
	n       uint64                         // of the next generated payload
	subject uint64                         // whom the last action was about
	taken   map[uint64]struct{}            // subjects of actions and stories
	history *story.Life                    // what has happened in the world; nil: nothing yet
	told    map[uint64]bool                // numbers of the first events of the stories told
	open    map[string]map[string]struct{} // by webhook: the deliveries that are not settled
	flying  map[string]struct{}            // deliveries with an attempt under way, canceled or not
	inboxes map[string]*box
	rate    window
	held    map[string]*hold // by webhook: deliveries that wait to be sent in another order

	faults atomic.Pointer[fault.Plan]
	plans  sync.Map // by script, of webhooks and deliveries: fault.Plan
}

func newLife(c *Community) (*life, error) {
	journal, err := c.registry.config.Store.Journal(c.settings.ID)
	if err != nil {
		return nil, err
	}
	l := &life{
		Community: c,
		journal:   journal,
		counts:    map[string]uint64{},
		open:      map[string]map[string]struct{}{},
		flying:    map[string]struct{}{},
		inboxes:   map[string]*box{},
		taken:     map[uint64]struct{}{},
		told:      map[uint64]bool{},
		held:      map[string]*hold{},
	}
	l.faults.Store(&c.settings.Faults)
	if l.clock, err = c.settings.startClock(); err != nil {
		return nil, err
	}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	l.engine = sender.NewLocal(sender.Config{
		Clock:     l.clock,
		Attempt:   l.attempt,
		Lookahead: lookahead(c.settings.Policy.Schedule),
		Patience:  c.settings.Timeout / 2,
		Together:  c.settings.Disable.Failures > 0,
		Closing:   c.settings.Policy.Gone,
	})
	return l, nil
}

// lookahead returns the time within which no attempt on a schedule causes another one.
func lookahead(s contract.RetrySchedule) time.Duration {
	if len(s) == 0 {
		return MaxDelay
	}
	return s.Shortest()
}

// next returns the next number of a kind, from 1. The caller holds the lock.
func (l *life) next(kind string) uint64 {
	l.counts[kind]++
	return l.counts[kind]
}

// now returns the schedule time as it is shown: in UTC.
func (l *life) now() time.Time { return l.clock.Now().UTC().Round(0) }

// worldLife returns what has happened in the world. The caller holds the lock.
func (l *life) worldLife() *story.Life {
	if l.history == nil {
		l.history = story.NewLife(l.world(), l.settings.Platform)
	}
	return l.history
}

// translate turns an error of the store or the engine into one for a client.
func (l *life) translate(err error) error {
	var backwards *clock.BackwardsError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, store.ErrClosed), errors.Is(err, sender.ErrClosed):
		return errGone
	case errors.Is(err, sender.ErrRuns):
		return problem.New(problem.ClockRuns, "the clock of this community is %s and runs by itself", l.clock.Mode()).
			WithHint(`make the community with {"clock": {"mode": "virtual"}} to move its clock`)
	case errors.Is(err, sender.ErrBusy):
		return problem.New(problem.ClockBusy, "attempts are under way, or another call moves the clock").
			WithHint("call again when they are final; a receiver cannot move the clock while it is being sent to")
	case errors.Is(err, sender.ErrStands):
		return problem.New(problem.ClockStands, "the clock of this community is virtual and stands still by itself").
			WithHint("a clock that is real or scaled can be paused")
	case errors.As(err, &backwards):
		return problem.New(problem.Backwards, "%s", backwards.Error()).WithHint("reset the community to begin again")
	default:
		return err
	}
}
