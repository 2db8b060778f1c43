package procpool

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Map runs the task on each value, on all workers, and returns the results in
// the order of the values: Pool.map. The error is that of the first value, in
// this order, on which the task fails; the others may have run or not. What
// Call says of a task holds for each.
//
// Values travel in chunks. Pool.map cuts four for each worker; here a chunk
// begins with one value, and grows until it takes 10 ms, for then a longer one
// saves little. If a worker dies, all of its chunk runs again.
func (t *Task[In, Out]) Map(ctx context.Context, p *Pool, ins []In) ([]Out, error) {
	outs := make([]Out, len(ins))
	todo := chunks{workers: p.Workers(), end: len(ins)}
	var wg sync.WaitGroup
	for range p.Workers() {
		wg.Go(func() {
			for i, n := todo.next(1); n > 0; {
				start := time.Now()
				if place, err := t.chunk(ctx, p, ins[i:i+n], outs[i:i+n]); err != nil {
					todo.fail(i+place, err)
				}
				i, n = todo.next(resize(n, time.Since(start)))
			}
		})
	}
	wg.Wait()
	if todo.err != nil {
		return nil, fmt.Errorf("procpool: task %q, value %d of %d: %w", t.name, todo.end, len(ins), todo.err)
	}
	return outs, nil
}

// resize returns how many values take 10 ms if n took that long, and at most
// twice as many as they were.
func resize(n int, took time.Duration) int {
	return min(2*n, 1+n*int(10*time.Millisecond)/int(took+1))
}

// chunks cuts the values of a Map, in their order.
type chunks struct {
	workers int
	mu      sync.Mutex
	begin   int   // of the next chunk
	end     int   // of the last one, or the first value that failed
	err     error // of that value
}

// next cuts a chunk of at most n values, and a fourth of a worker's share of
// what is left, so that the workers end together. After a failure it cuts no
// more: the values before the one that failed are all in chunks already.
func (c *chunks) next(n int) (begin, size int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return 0, 0
	}
	parts := 4 * c.workers
	begin, size = c.begin, min(n, (c.end-c.begin+parts-1)/parts)
	c.begin += size
	return begin, size
}

func (c *chunks) fail(place int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if place < c.end {
		c.end, c.err = place, err
	}
}
