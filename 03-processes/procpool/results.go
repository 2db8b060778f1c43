package procpool

import (
	"context"
	"iter"
	"sync"
)

// A Result is what came of one value. In concurrent.futures it is a Future that
// is done.
type Result[Out any] struct {
	Index int // of the value, from 0
	Value Out
	Err   error // as of Call
}

// Results runs the task on each value and returns the results as they come:
// Pool.imap_unordered. If one fails, the others come all the same.
//
// Values are taken when there is room for them: two for each worker are under
// way, or wait for the loop. Each travels by itself. When the loop is left, or
// ctx ends, no more are started, and the workers that are busy with some are
// killed; those of a ctx that has ended come with its cause.
func (t *Task[In, Out]) Results(ctx context.Context, p *Pool, ins iter.Seq[In]) iter.Seq[Result[Out]] {
	return func(yield func(Result[Out]) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		room := make(chan struct{}, 2*p.Workers())
		results := make(chan Result[Out], cap(room)+1)
		exhausted := make(chan struct{})
		var mu sync.Mutex
		begun, stopped := 0, false

		start := func(in In) bool {
			mu.Lock()
			defer mu.Unlock()
			if stopped {
				return false
			}
			i := begun
			begun++
			go func() {
				out, err := t.Call(ctx, p, in)
				results <- Result[Out]{i, out, err}
			}()
			return true
		}
		go func() { // if ins blocks, the results come all the same
			defer close(exhausted)
			for in := range ins {
				select {
				case room <- struct{}{}:
				case <-ctx.Done():
					start(in) // it has its result, too: the cause
					return
				}
				if !start(in) {
					return
				}
			}
		}()

		came, wanted := 0, true
		for open := true; open && wanted; {
			select {
			case r := <-results:
				came++
				wanted = yield(r)
				<-room
			case <-exhausted:
				open = false
			case <-ctx.Done():
				open = false
			}
		}
		mu.Lock()
		stopped = true
		mu.Unlock()
		if !wanted {
			cancel()
		}
		for ; came < begun; came++ {
			r := <-results
			wanted = wanted && yield(r)
		}
	}
}
