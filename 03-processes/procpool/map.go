package procpool

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"sync/atomic"
)

// Map runs the task on each value, on all workers, and returns the results in
// the order of the values: Pool.map. If a value is to blame for the error, that
// is a *[ValueError], and the value is the first, in this order, on which the
// task fails; the others may have run or not. What Call says of a task holds for
// each. To keep what is done when a value fails, see [Task.Results].
//
// Values travel in chunks, of about 1 MiB at most. Pool.map cuts four equal ones
// for each worker; here a chunk is half of a worker's share of what is left, so
// the last ones are small, and the workers end together. A task that has a
// limit, or may run less than three times, travels by itself.
func (t *Task[In, Out]) Map(ctx context.Context, p *Pool, ins []In) ([]Out, error) {
	outs := make([]Out, len(ins))
	cuts := cut(len(ins), 2*p.Workers(), t.most(p))
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
				if err := t.settle(ctx, p, ins[begin:end], outs[begin:end]); err != nil {
					if blame, ok := err.(*blame); ok {
						err = &ValueError{begin + blame.place, len(ins), blame.error}
					}
					errs[i] = err
					failed.Store(true)
				}
			}
		})
	}
	wg.Wait()
	err := cmp.Or(errs...)
	if _, ok := err.(*ValueError); ok {
		return nil, fmt.Errorf("procpool: task %q, %w", t.name, err)
	} else if err != nil {
		return nil, fmt.Errorf("procpool: task %q: %w", t.name, err)
	}
	return outs, nil
}

// most returns how many values may go together.
func (t *Task[In, Out]) most(p *Pool) int {
	switch {
	case t.limit > 0 || t.runs < tries:
		return 1
	case p.config.TasksPerWorker > 0:
		return p.config.TasksPerWorker
	}
	return 1 << 30
}

// cut returns where chunks of n values begin, and n. Each is as large as if all
// that is left were cut into so many parts, but not larger than most.
func cut(n, parts, most int) []int {
	var cuts []int
	for at := 0; at < n; at += min((n-at+parts-1)/parts, most) {
		cuts = append(cuts, at)
	}
	return append(cuts, n)
}
