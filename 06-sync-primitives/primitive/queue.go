package primitive

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// ErrShutdown is what Put and Get return once the queue has been shut down:
// Python's queue.ShutDown.
var ErrShutdown = errors.New("primitive: the queue is shut down")

// A Queue passes items from goroutines that put to goroutines that get, the
// oldest first: Python's queue.Queue. The zero Queue has no limit. (Mind the
// difference: a channel made without a size holds nothing.)
//
// An item that's put goes to the goroutine that has waited longest to get one,
// and a place that becomes free to the one that has waited longest to put. In
// Python a newcomer may take them first, and the other one waits again, at the
// end of the line.
//
// A Put is synchronized before the return of the Get of its item; in a queue
// with room for n, the kth Get before the return of the k+nth Put; each TaskDone
// before the return of a Join that it ends; a Shutdown before the return of each
// call that it ends. TryPut and TryGet count as Put and Get.
type Queue[T any] struct {
	mu         sync.Mutex
	limit      int // 0: none
	items      fifo[T]
	unfinished int // put, and not yet reported done
	shut       bool

	notEmpty, notFull, allDone line

	// So many have been called and are on their way, each to an item or to a
	// free place of its own.
	toItems, toPlaces int
}

// NewQueue returns a queue for at most so many items, or for any number if the
// limit is 0. It panics if it is negative, where Python's has no limit.
func NewQueue[T any](limit int) *Queue[T] {
	if limit < 0 {
		panic(fmt.Sprintf("primitive: a queue for %d items", limit))
	}
	return &Queue[T]{limit: limit}
}

// Put adds an item. While the queue is full it waits, and if the context ends
// first it returns the context's cause. If the queue is or gets shut down, it
// returns [ErrShutdown].
func (q *Queue[T]) Put(ctx context.Context, item T) error {
	needs(ctx)
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.shut && !q.hasRoom() {
		if err := q.notFull.wait(ctx, &q.mu); err != nil {
			return err
		}
		q.toPlaces--
	}
	if q.shut {
		return ErrShutdown
	}
	q.add(item)
	return nil
}

// TryPut adds an item if there's room for it and the queue isn't shut down, and
// tells whether it did.
func (q *Queue[T]) TryPut(item T) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.shut || !q.hasRoom() {
		return false
	}
	q.add(item)
	return true
}

// Get takes the oldest item. While there is none it waits, and if the context
// ends first it returns the context's cause. If the queue is shut down and
// empty, it returns [ErrShutdown].
func (q *Queue[T]) Get(ctx context.Context) (item T, err error) {
	needs(ctx)
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.hasItem() {
		if q.shut {
			return item, ErrShutdown
		}
		if err := q.notEmpty.wait(ctx, &q.mu); err != nil {
			return item, err
		}
		q.toItems--
		if q.items.len() == 0 { // thrown away meanwhile
			return item, ErrShutdown
		}
	}
	return q.remove(), nil
}

// TryGet takes the oldest item if there is one, and tells whether it did.
func (q *Queue[T]) TryGet() (item T, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.hasItem() {
		return item, false
	}
	return q.remove(), true
}

// hasItem tells whether there's an item for a newcomer.
func (q *Queue[T]) hasItem() bool { return q.items.len() > q.toItems }

// hasRoom tells whether there's a place for a newcomer.
func (q *Queue[T]) hasRoom() bool {
	return q.limit == 0 || q.items.len()+q.toPlaces < q.limit
}

func (q *Queue[T]) add(item T) {
	q.items.push(item)
	q.unfinished++
	q.toItems += q.notEmpty.call(1, nil)
}

func (q *Queue[T]) remove() T {
	q.toPlaces += q.notFull.call(1, nil)
	return q.items.pop()
}

// Len returns the number of items in the queue: Python's qsize. It may have
// changed before you look at it, and some of the items may belong to goroutines
// that are on their way to them.
func (q *Queue[T]) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.items.len()
}

// TaskDone reports that an item that was put has been dealt with. It panics if
// that is reported more often than items were put.
func (q *Queue[T]) TaskDone() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.unfinished == 0 {
		panic("primitive: TaskDone called more often than Put")
	}
	q.done(1)
}

// Join waits until all items that were put have been reported done. If the
// context ends first, it returns the context's cause.
func (q *Queue[T]) Join(ctx context.Context) error {
	needs(ctx)
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.unfinished > 0 {
		if err := q.allDone.wait(ctx, &q.mu); err != nil {
			return err
		}
	}
	return nil
}

// Shutdown refuses all further items. What is in the queue can still be taken,
// unless the shutdown is immediate: then it is thrown away and counts as done.
// An immediate shutdown may follow one that wasn't. (Hence the bool, as in
// Python, instead of two methods: it is one state, reached faster or slower.)
func (q *Queue[T]) Shutdown(immediate bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.shut = true
	if immediate {
		q.done(min(q.items.len(), q.unfinished))
		q.items = fifo[T]{}
	}
	q.notEmpty.call(everybody, ErrShutdown)
	q.notFull.call(everybody, ErrShutdown)
}

func (q *Queue[T]) done(n int) {
	if q.unfinished -= n; q.unfinished == 0 {
		q.allDone.call(everybody, nil)
	}
}

// A fifo holds items in the order in which they came. They are pushed on one
// slice and popped off another, and when that is empty the two change places: so
// their memory is used again, unless there is much of it.
type fifo[T any] struct {
	in, out []T
	popped  int // of out
}

func (f *fifo[T]) len() int { return len(f.in) + len(f.out) - f.popped }

func (f *fifo[T]) push(item T) { f.in = append(f.in, item) }

func (f *fifo[T]) pop() T {
	if f.popped == len(f.out) {
		f.in, f.out, f.popped = f.out[:0], f.in, 0
		if cap(f.in) > 4*len(f.out)+64 {
			f.in = nil
		}
	}
	item := f.out[f.popped]
	clear(f.out[f.popped : f.popped+1]) // so that it is not kept alive
	f.popped++
	return item
}
