package store

func (j *memoryJournal) AddAttempt(a Attempt) error {
	return j.write(func() error {
		if a.DeliveryID != "" {
			j.attempts[a.DeliveryID] = append(j.attempts[a.DeliveryID], &a)
		}
		j.logs[a.WebhookID] = append(j.logs[a.WebhookID], &a)
		j.all = append(j.all, &a)
		return nil
	})
}

func (j *memoryJournal) Attempts(deliveryID string) (out []Attempt, err error) {
	err = j.read(func() error {
		for _, a := range j.attempts[deliveryID] {
			out = append(out, *a)
		}
		return nil
	})
	return out, err
}

func (j *memoryJournal) Log(webhookID string, page Page) (out []Attempt, total int, err error) {
	err = j.read(func() error {
		all := j.logs[webhookID]
		total = len(all)
		low, high := page.Bounds(total)
		for i := low; i < high; i++ {
			out = append(out, *all[total-1-i])
		}
		return nil
	})
	return out, total, err
}

func (j *memoryJournal) History(filter AttemptFilter, order Order, page Page) (out []Entry, total int, err error) {
	err = j.read(func() error {
		matches := func(i int) bool { return filter.Matches(*j.all[i]) }
		if filter == (AttemptFilter{}) {
			matches = nil
		}
		var picked []int
		picked, total = page.pick(len(j.all), order, matches)
		for _, i := range picked {
			out = append(out, j.entry(i))
		}
		return nil
	})
	return out, total, err
}

func (j *memoryJournal) Replay(after uint64, limit int) (out []Entry, err error) {
	err = j.read(func() error {
		for i := min(after, uint64(len(j.all))); i < uint64(len(j.all)) && len(out) < limit; i++ {
			out = append(out, j.entry(int(i)))
		}
		return nil
	})
	return out, err
}

// entry makes the entry of the attempt with an index.
func (j *memoryJournal) entry(i int) Entry {
	e := Entry{Position: uint64(i) + 1, Attempt: *j.all[i]}
	if d := j.deliveries[e.Attempt.DeliveryID]; d != nil {
		e.Delivery = *d
	}
	return e
}

// pick returns the indices, of n records that lie oldest first, of those on the page among the records that match, and
// how many match. With nil all match, and only those on the page are looked at.
func (p Page) pick(n int, order Order, matches func(i int) bool) (picked []int, total int) {
	low, high := p.Bounds(n) // of those that match there may be fewer
	at := func(k int) int {
		if order == NewestFirst {
			return n - 1 - k
		}
		return k
	}
	if matches == nil {
		for k := low; k < high; k++ {
			picked = append(picked, at(k))
		}
		return picked, n
	}
	for k := range n {
		if i := at(k); matches(i) {
			if low <= total && total < high {
				picked = append(picked, i)
			}
			total++
		}
	}
	return picked, total
}
