package eventloop

import (
	"container/heap"
	"math"
	"time"
)

// A timer is a time at which something is to be done.
type timer struct {
	at    time.Duration // since the start of the loop
	order uint64        // of those at the same time, the first one set comes first
	place int           // in the heap
	do    handle
}

// timers is a heap: the next one stands in front.
type timers struct {
	heap timerHeap
	set  uint64 // so far
}

func (l *Loop) now() time.Duration {
	if l.began.IsZero() { // it does not run yet
		return 0
	}
	return time.Since(l.began)
}

// in returns the time that lies so far ahead, or the last one that there is.
func (l *Loop) in(d time.Duration) time.Duration {
	now := l.now()
	if d > math.MaxInt64-now {
		return math.MaxInt64
	}
	return now + d
}

func (ts *timers) add(t *timer) {
	ts.set++
	t.order = ts.set
	heap.Push(&ts.heap, t)
}

func (ts *timers) remove(t *timer) {
	if t.place >= 0 {
		heap.Remove(&ts.heap, t.place)
	}
}

func (ts *timers) next() (at time.Duration, ok bool) {
	if len(ts.heap) == 0 {
		return 0, false
	}
	return ts.heap[0].at, true
}

// expire makes ready what the timers whose time has come are for.
func (l *Loop) expire() {
	if len(l.timers.heap) == 0 {
		return
	}
	now := l.now()
	for len(l.timers.heap) > 0 && l.timers.heap[0].at <= now {
		t := heap.Pop(&l.timers.heap).(*timer)
		if t.do.co != nil {
			t.do.co.wake()
		} else {
			l.ready = append(l.ready, t.do)
		}
	}
}

// CallLater calls the function once the time is over: loop.call_later
// (base_events.py). The function that it returns takes that back. Only what runs on
// the loop may call either.
func (l *Loop) CallLater(d time.Duration, f func()) (stop func()) {
	stopped := false
	t := &timer{at: l.in(d), do: handle{f: func() {
		if !stopped { // since its time was over
			f()
		}
	}}}
	l.timers.add(t)
	return func() {
		stopped = true
		l.timers.remove(t)
	}
}

// Sleep pauses the coroutine for that time, or until it is cancelled: Python's
// asyncio.sleep (tasks.py). With 0 or less it lets all others that are ready run
// first.
func Sleep(co *Coroutine, d time.Duration) error {
	if err := co.cancelled(); err != nil {
		return err
	}
	if d <= 0 {
		return co.pass()
	}
	co.timer.at = co.loop.in(d)
	co.timer.do.co = co
	co.loop.timers.add(&co.timer)
	return co.park(&co.timer)
}

func (t *timer) leave(co *Coroutine, _ *cancellation) leaving {
	co.loop.timers.remove(t)
	return gone
}

// timerHeap is what container/heap asks for.
type timerHeap []*timer

func (h timerHeap) Len() int { return len(h) }

func (h timerHeap) Less(i, j int) bool {
	if h[i].at != h[j].at {
		return h[i].at < h[j].at
	}
	return h[i].order < h[j].order
}

func (h timerHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].place, h[j].place = i, j
}

func (h *timerHeap) Push(t any) {
	t.(*timer).place = len(*h)
	*h = append(*h, t.(*timer))
}

func (h *timerHeap) Pop() any {
	old := *h
	t := old[len(old)-1]
	old[len(old)-1] = nil
	t.place = -1
	*h = old[:len(old)-1]
	return t
}
