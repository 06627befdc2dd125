package session

import "time"

// idleHeap holds the sleeping sessions that have a deadline, the earliest
// first.
type idleHeap []*entry

func (h idleHeap) place(i int, e *entry) {
	h[i] = e
	e.slot = i
}

func (h idleHeap) up(i int) {
	e := h[i]
	for i > 0 {
		parent := (i - 1) / 2
		if !e.deadline.Before(h[parent].deadline) {
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
		if child+1 < len(h) && h[child+1].deadline.Before(h[child].deadline) {
			child++
		}
		if !h[child].deadline.Before(e.deadline) {
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
	if e.timeout < 0 || e.slot >= 0 {
		return
	}
	e.deadline = now.Add(e.timeout)
	t.sleeping.push(e)
	if t.sleeping[0] == e {
		t.setAlarm(now)
	}
}

// wake stops the idle time of a session. The alarm stays as it is: to find
// nothing due now and then costs less than to set it with every request.
func (t *Table) wake(e *entry) {
	if e.slot >= 0 {
		t.sleeping.remove(e)
	}
}

// setAlarm makes sure that ring is called no later than the earliest deadline.
func (t *Table) setAlarm(now time.Time) {
	if len(t.sleeping) == 0 {
		return
	}
	due := t.sleeping[0].deadline
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
	for len(t.sleeping) > 0 && !t.sleeping[0].deadline.After(now) {
		e := t.sleeping[0]
		t.condemn(e, CauseExpired)
		over = t.settle(e, now, over)
	}
	return over
}
