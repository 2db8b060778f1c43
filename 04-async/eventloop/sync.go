package eventloop

// A Semaphore lets a number of coroutines of one loop do something at the same
// time, and the others wait in the order in which they came: Python's
// asyncio.Semaphore (locks.py). [NewSemaphore] makes one.
type Semaphore struct {
	free    int
	waiting line
}

// NewSemaphore returns a semaphore that n coroutines can hold. It panics if n is
// less than 0, where Python raises ValueError.
func NewSemaphore(n int) *Semaphore {
	if n < 0 {
		panic("eventloop: a semaphore of less than 0")
	}
	return &Semaphore{free: n}
}

// Acquire takes one of the n, and waits while there is none. If it is cancelled,
// it holds nothing.
func (s *Semaphore) Acquire(co *Coroutine) error {
	if err := co.cancelled(); err != nil {
		return err
	}
	if s.free == 0 {
		return s.waiting.wait(co)
	}
	s.free--
	return nil
}

// Release gives one back. The coroutine that has waited longest gets it. As in
// Python, a Release more than there were Acquires makes the semaphore larger.
func (s *Semaphore) Release() {
	if !s.waiting.call() {
		s.free++
	}
}

// An Event lets coroutines of one loop wait until something has happened:
// Python's asyncio.Event (locks.py). The zero Event has not happened yet.
type Event struct {
	set     bool
	waiting line
}

// Set says that it has happened, and wakes all coroutines that wait.
func (e *Event) Set() {
	e.set = true
	for e.waiting.call() {
	}
}

// Clear says that it has yet to happen. A coroutine that Set has woken stays awake.
func (e *Event) Clear() { e.set = false }

// IsSet tells whether it has happened.
func (e *Event) IsSet() bool { return e.set }

// Wait waits until it has happened.
func (e *Event) Wait(co *Coroutine) error {
	if err := co.cancelled(); err != nil || e.set {
		return err
	}
	return e.waiting.wait(co)
}
