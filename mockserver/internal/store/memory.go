package store

import (
	"slices"
	"sync"
)

// NewMemory returns a store that keeps everything in memory.
func NewMemory() Store { return &memory{journals: map[string]*memoryJournal{}} }

type memory struct {
	mu       sync.Mutex
	closed   bool
	journals map[string]*memoryJournal
}

func (m *memory) Journal(key string) (Journal, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil, ErrClosed
	}
	j := m.journals[key]
	if j == nil {
		j = &memoryJournal{
			webhooks:   map[string]Webhook{},
			events:     map[uint64]*Event{},
			deliveries: map[string]*Delivery{},
			attempts:   map[string][]*Attempt{},
			logs:       map[string][]*Attempt{},
			inboxes:    map[string]*memoryInbox{},
		}
		m.journals[key] = j
	}
	return j, nil
}

func (m *memory) Drop(key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return ErrClosed
	}
	if j := m.journals[key]; j != nil {
		j.close()
		delete(m.journals, key)
	}
	return nil
}

func (m *memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	for _, j := range m.journals {
		j.close()
	}
	clear(m.journals)
	return nil
}

type memoryJournal struct {
	mu         sync.RWMutex
	closed     bool
	webhooks   map[string]Webhook
	order      []string // of webhooks
	events     map[uint64]*Event
	deliveries map[string]*Delivery
	sequence   []*Delivery           // in the order in which they were added
	all        []*Attempt            // in the order in which they were added
	attempts   map[string][]*Attempt // by delivery
	logs       map[string][]*Attempt // by webhook
	inboxes    map[string]*memoryInbox
}

func (j *memoryJournal) close() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.closed = true
	j.webhooks, j.events, j.deliveries, j.attempts, j.logs, j.inboxes = nil, nil, nil, nil, nil, nil // memory
	j.order, j.sequence, j.all = nil, nil, nil
}

// write runs a change under the lock.
func (j *memoryJournal) write(change func() error) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return ErrClosed
	}
	return change()
}

// read runs a look under the lock.
func (j *memoryJournal) read(look func() error) error {
	j.mu.RLock()
	defer j.mu.RUnlock()
	if j.closed {
		return ErrClosed
	}
	return look()
}

func (j *memoryJournal) PutWebhook(w Webhook) error {
	return j.write(func() error {
		if _, there := j.webhooks[w.ID]; !there {
			j.order = append(j.order, w.ID)
		}
		w.Events = slices.Clone(w.Events)
		j.webhooks[w.ID] = w
		return nil
	})
}

func (j *memoryJournal) Webhook(id string) (w Webhook, err error) {
	err = j.read(func() error {
		var there bool
		if w, there = j.webhooks[id]; !there {
			return ErrNotFound
		}
		return nil
	})
	return w, err
}

func (j *memoryJournal) Webhooks() (out []Webhook, err error) {
	err = j.read(func() error {
		for _, id := range j.order {
			out = append(out, j.webhooks[id])
		}
		return nil
	})
	return out, err
}

func (j *memoryJournal) DeleteWebhook(id string) error {
	return j.write(func() error {
		if _, there := j.webhooks[id]; !there {
			return ErrNotFound
		}
		delete(j.webhooks, id)
		j.order = slices.DeleteFunc(j.order, func(other string) bool { return other == id })
		return nil
	})
}

func (j *memoryJournal) PutEvent(e Event) error {
	return j.write(func() error {
		j.events[e.Number] = &e
		return nil
	})
}

func (j *memoryJournal) Event(number uint64) (e Event, err error) {
	err = j.read(func() error {
		found := j.events[number]
		if found == nil {
			return ErrNotFound
		}
		e = *found
		return nil
	})
	return e, err
}

func (j *memoryJournal) PutDelivery(d Delivery) error {
	return j.write(func() error {
		if old, there := j.deliveries[d.ID]; there {
			*old = d
			return nil
		}
		added := d // so that only a new one is on the heap
		j.deliveries[d.ID] = &added
		j.sequence = append(j.sequence, &added)
		return nil
	})
}

func (j *memoryJournal) Delivery(id string) (out Delivery, err error) {
	err = j.read(func() error {
		d, there := j.deliveries[id]
		if !there {
			return ErrNotFound
		}
		out = *d
		return nil
	})
	return out, err
}

func (j *memoryJournal) Deliveries(filter DeliveryFilter, page Page) (out []Delivery, total int, err error) {
	err = j.read(func() error {
		matches := func(i int) bool { return filter.Matches(*j.sequence[i]) }
		if filter == (DeliveryFilter{}) {
			matches = nil
		}
		var picked []int
		picked, total = page.pick(len(j.sequence), NewestFirst, matches)
		for _, i := range picked {
			out = append(out, *j.sequence[i])
		}
		return nil
	})
	return out, total, err
}

func (j *memoryJournal) DeliveryIDs(filter DeliveryFilter) (out []string, err error) {
	err = j.read(func() error {
		for _, d := range j.sequence {
			if filter.Matches(*d) {
				out = append(out, d.ID)
			}
		}
		return nil
	})
	return out, err
}
