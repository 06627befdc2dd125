package session

import "time"

// Clock is where a Table gets the time from. [SystemClock] is the real one,
// [ManualClock] the one of tests.
type Clock interface {
	// Now returns the time. Where it goes back, sessions live longer by as much;
	// that of SystemClock does not, whatever is done to the machine's clock.
	Now() time.Time
	// AfterFunc calls f, on a goroutine of its choice, when d has passed.
	AfterFunc(d time.Duration, f func()) Timer
}

// Timer is a call that a Clock has been asked for.
type Timer interface {
	// Stop takes the call back. It reports whether it came in time.
	Stop() bool
}

// SystemClock is the clock of the machine. Its zero value is ready to use.
type SystemClock struct{}

// Now returns the current time.
func (SystemClock) Now() time.Time { return time.Now() }

// AfterFunc calls f on a goroutine of its own when d has passed.
func (SystemClock) AfterFunc(d time.Duration, f func()) Timer { return time.AfterFunc(d, f) }
