package session

import "time"

// idleHeap holds sessions by the time at which they have to be looked at, the
// earliest first. A session stays in its place while it is used: its deadline
// only moves away then, and that is seen when it is looked at. So a request
// costs the heap nothing, however many sessions there are.
type idleHeap []*entry

func (h idleHeap) place(i int, e *entry) {
	h[i] = e
	e.slot = i
}

func (h idleHeap) up(i int) {
	e := h[i]
	for i > 0 {
		parent := (i - 1) / 2
		if !e.due.Before(h[parent].due) {
			break
		}
		h.place(i, h[parent])
		i = parent
	}
	h.place(i, e)
}

func (h idleHeap) down(i int) {
	e := h[i]
	for {
		child := 2*i + 1
		if child >= len(h) {
			break
		}
		if child+1 < len(h) && h[child+1].due.Before(h[child].due) {
			child++
		}
		if !h[child].due.Before(e.due) {
			break
		}
		h.place(i, h[child])
		i = child
	}
	h.place(i, e)
}

func (h *idleHeap) push(e *entry) {
	*h = append(*h, e)
	h.up(len(*h) - 1)
}

func (h *idleHeap) remove(e *entry) {
	i, last := e.slot, len(*h)-1
	moved := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	e.slot = -1
	if i < last {
		h.place(i, moved)
		h.down(i)
		h.up(moved.slot)
	}
}

// sleep starts the idle time of a session (D-131, S-33).
func (t *Table) sleep(e *entry, now time.Time) {
	if e.timeout < 0 || e.asleep {
		return
	}
	e.asleep, e.deadline = true, now.Add(e.timeout)
	switch {
	case e.slot < 0:
		e.due = e.deadline
		t.sleeping.push(e)
	case e.deadline.Before(e.due): // a shorter timeout, or a clock set back
		e.due = e.deadline
		t.sleeping.up(e.slot)
	}
	if t.sleeping[0] == e {
		t.setAlarm(now)
	}
}

// wake stops the idle time of a session. Neither its place nor the alarm
// changes: to find nothing due now and then costs less than to move both with
// every request.
func (t *Table) wake(e *entry) { e.asleep = false }

// forget takes a session that is over out of the heap.
func (t *Table) forget(e *entry) {
	t.wake(e)
	if e.slot >= 0 {
		t.sleeping.remove(e)
	}
}

// setAlarm makes sure that ring is called no later than the earliest deadline.
func (t *Table) setAlarm(now time.Time) {
	if len(t.sleeping) == 0 {
		return
	}
	due := t.sleeping[0].due
	if t.alarm != nil && !t.alarmAt.After(due) {
		return
	}
	t.silence()
	t.alarmAt = due
	// Timers of some platforms run up to a millisecond early; asking for less
	// than that again would spin.
	t.alarm = t.clock.AfterFunc(max(due.Sub(now), time.Millisecond), t.ring)
}

func (t *Table) silence() {
	if t.alarm != nil {
		t.alarm.Stop()
		t.alarm = nil
	}
}

// ring ends the sessions that have run out and sets the next alarm. A stopped
// alarm that rings all the same does no harm.
func (t *Table) ring() {
	t.mu.Lock()
	t.silence()
	now := t.clock.Now()
	over := t.expire(now)
	t.setAlarm(now)
	t.mu.Unlock()
	t.depart(over)
}

// expire takes out the sessions whose idle time is over. Begin and Use call it
// too, because an alarm can be late: after the machine slept, for one.
func (t *Table) expire(now time.Time) []departure {
	var over []departure
	for len(t.sleeping) > 0 && !t.sleeping[0].due.After(now) {
		e := t.sleeping[0]
		switch {
		case !e.asleep:
			t.sleeping.remove(e) // it comes back when it sleeps
		case e.deadline.After(now):
			e.due = e.deadline
			t.sleeping.down(0)
		default:
			t.condemn(e, CauseExpired)
			over = t.settle(e, now, over)
		}
	}
	return over
}
