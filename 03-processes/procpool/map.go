package procpool

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"sync/atomic"
)

// Map runs the task on each value, on all workers, and returns the results in
// the order of the values: Pool.map. The error is that of the first value, in
// this order, on which the task fails; the others may have run or not. What
// Call says of a task holds for each.
//
// Values travel in chunks. Pool.map cuts four equal ones for each worker; here
// a chunk is half of a worker's share of what is left, so the last ones are
// small, and the workers end together. If a worker dies, its chunk runs again.
func (t *Task[In, Out]) Map(ctx context.Context, p *Pool, ins []In) ([]Out, error) {
	outs := make([]Out, len(ins))
	cuts := cut(len(ins), 2*p.Workers())
	errs := make([]error, len(cuts)-1)
	var next atomic.Int64
	var failed atomic.Bool // then no chunk is taken; those before it have been
	var wg sync.WaitGroup
	for range p.Workers() {
		wg.Go(func() {
			for !failed.Load() {
				i := int(next.Add(1) - 1)
				if i >= len(errs) {
					return
				}
				begin, end := cuts[i], cuts[i+1]
				if place, err := t.chunk(ctx, p, ins[begin:end], outs[begin:end]); err != nil {
					errs[i] = fmt.Errorf("procpool: task %q, value %d of %d: %w", t.name, begin+place, len(ins), err)
					failed.Store(true)
				}
			}
		})
	}
	wg.Wait()
	if err := cmp.Or(errs...); err != nil {
		return nil, err
	}
	return outs, nil
}

// cut returns where chunks of n values begin, and n. Each is as large as if all
// that is left were cut into so many parts.
func cut(n, parts int) []int {
	var cuts []int
	for at := 0; at < n; at += (n - at + parts - 1) / parts {
		cuts = append(cuts, at)
	}
	return append(cuts, n)
}
