package eventloop

// A Queue passes items between coroutines of one loop, the oldest first:
// Python's asyncio.Queue (queues.py). The zero Queue has no limit.
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
	q.add(item)
	return nil
}

func (q *Queue[T]) add(item T) {
	q.items = append(q.items, item)
	q.getting.call()
}

// Get takes the oldest item. While there is none, it waits.
func (q *Queue[T]) Get(co *Coroutine) (item T, err error) {
	if err := co.cancelled(); err != nil {
		return item, err
	}
	for len(q.items) == 0 { // also after it was called: a newcomer may have been faster
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

// Len returns the number of items in the queue: Python's Queue.qsize.
func (q *Queue[T]) Len() int { return len(q.items) }
