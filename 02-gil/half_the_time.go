package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"concurrency-notebook/02-gil/gil"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/virtual"
)

func halfTheTime(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(context.Context) error {
		for _, threads := range []int{1, 2, 5} {
			lock, err := gil.New(gil.DefaultInterval, nil)
			if err != nil {
				return err
			}
			// Each makes as many steps of 2 ms as it can, until the
			// second is over.
			end := time.Now().Add(time.Second)
			var all atomic.Int64
			timed(threads, func() {
				thread := lock.Thread("computes")
				thread.Run(func() {
					for time.Now().Before(end) {
						thread.Compute(1, func() { time.Sleep(2 * time.Millisecond) })
						all.Add(1)
					}
				})
			})
			fmt.Fprintf(w, "%d compute: about %d steps each, %d in all\n",
				threads, roughly(all.Load()/int64(threads)), roughly(all.Load()))
		}
		return nil
	})
}

// roughly rounds to tens: the last step of each thread may end late.
func roughly(n int64) int64 { return (n + 5) / 10 * 10 }

func measureShares(ctx context.Context, lab *notebook.Lab) error {
	cpus := lab.CPUs()
	const period = 40 * time.Millisecond
	lab.Predict("in a fixed time, each of %d threads under a lock makes 1/%d = %s of what one makes alone, and all together as much as one; without a lock, each makes as much as one, as long as there are CPUs",
		cpus, cpus, measure.Number(1/float64(cpus)))

	// work makes turns for the period, and notes how many.
	var made measure.Samples
	work := func(name string, threads int, one func(until time.Time) int) measure.Variant {
		return measure.Variant{Name: name, Run: func(context.Context) error {
			until := time.Now().Add(period)
			var all atomic.Int64
			var wg sync.WaitGroup
			for range threads {
				wg.Go(func() { all.Add(int64(one(until))) })
			}
			wg.Wait()
			made.Add("each, "+name, float64(all.Load())/float64(threads))
			made.Add("all, "+name, float64(all.Load()))
			return nil
		}}
	}
	const batch = 1000
	free := func(until time.Time) (turns int) {
		for counter := 0; time.Now().Before(until); turns++ {
			for range batch {
				turn(&counter)
			}
		}
		return turns
	}
	underLock := func(lock *gil.GIL) func(time.Time) int {
		return func(until time.Time) (turns int) {
			thread, counter := lock.Thread("computes"), 0
			thread.Run(func() {
				for ; time.Now().Before(until); turns++ {
					thread.Compute(batch, func() { turn(&counter) })
				}
			})
			return turns
		}
	}
	if _, err := lab.InTurn(ctx,
		work("model 1", 1, underLock(newGIL())), work("model", cpus, underLock(newGIL())),
		work("Go 1", 1, free), work("Go", cpus, free)); err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"workers": cpus, "seconds": period.Seconds()})

	fair, several := 1/float64(cpus), fmt.Sprint(" of ", cpus)
	each, all := "each of them, x one alone", "all of them, x one alone"
	lab.Show("the model", each, made.Ratio("each, model", "each, model 1"), fair)
	lab.Show("CPython, threads", each, twin.Ratio("each"+several, "each of 1"), lab.UnderGIL(fair, 1))
	lab.Show("Go, goroutines", each, made.Ratio("each, Go", "each, Go 1"), 1)
	lab.Show("the model", all, made.Ratio("all, model", "all, model 1"), 1)
	lab.Show("CPython, threads", all, twin.Ratio("all"+several, "all of 1"), lab.UnderGIL(1, float64(cpus)))
	lab.Show("Go, goroutines", all, made.Ratio("all, Go", "all, Go 1"), float64(cpus))

	lab.Judge("S12", notebook.CPython, twin.Ratio("each"+several, "each of 1").Decide("each thread / one alone", fair, 1))
	lab.Judge("S12", notebook.Go, made.Ratio("each, Go", "each, Go 1").Decide("each goroutine / one alone", fair, 1))
	return nil
}
