package eventloop

import "slices"

// A Queue passes items between coroutines of one loop, the oldest first:
// Python's asyncio.Queue. The zero Queue has no limit.
type Queue[T any] struct {
	Limit int // 0: none

	items            []T
	getting, putting line
}

// Put adds an item. While the queue is full, it waits.
func (q *Queue[T]) Put(co *Coroutine, item T) error {
	if err := co.cancelled(); err != nil {
		return err
	}
	for q.Limit > 0 && len(q.items) >= q.Limit {
		if err := q.putting.wait(co); err != nil {
			return err
		}
	}
	q.items = append(q.items, item)
	q.getting.call()
	return nil
}

// Get takes the oldest item. While there is none, it waits.
func (q *Queue[T]) Get(co *Coroutine) (item T, err error) {
	if err := co.cancelled(); err != nil {
		return item, err
	}
	for len(q.items) == 0 {
		if err := q.getting.wait(co); err != nil {
			return item, err
		}
	}
	item = q.items[0]
	clear(q.items[:1]) // so that it is not kept alive
	q.items = q.items[1:]
	q.putting.call()
	return item, nil
}

// Len returns the number of items in the queue.
func (q *Queue[T]) Len() int { return len(q.items) }

// A line is where coroutines wait, and are woken in the order in which they came.
// Who is woken has to look again, since a newcomer may have been faster.
type line []*Coroutine

func (l *line) wait(co *Coroutine) error {
	// Who is woken in vain and has been cancelled meanwhile must not wait again.
	if err := co.cancelled(); err != nil {
		return err
	}
	*l = append(*l, co)
	return co.park(l)
}

func (l *line) call() {
	if len(*l) > 0 {
		first := (*l)[0]
		*l = slices.Delete(*l, 0, 1)
		first.wake()
	}
}

func (l *line) leave(co *Coroutine, _ *cancellation) (deliver, now bool) {
	*l = slices.DeleteFunc(*l, func(w *Coroutine) bool { return w == co })
	return true, true
}
