package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

func mutex(_ context.Context, w io.Writer) error {
	const clerks = 2
	var sold atomic.Int64

	// Both clerks fetch the count before either stores it: one sale
	// is lost. Here they are made to meet in between; left alone,
	// they do so now and then.
	var fetched, done sync.WaitGroup
	fetched.Add(clerks)
	for range clerks {
		done.Go(func() {
			count := sold.Load()
			fetched.Done()
			fetched.Wait()
			sold.Store(count + 1)
		})
	}
	done.Wait()
	fmt.Fprintln(w, "without a mutex:", sold.Load(), "of 2 sales counted")

	// Fetch, compute and store, and no other clerk in between.
	sold.Store(0)
	var mu sync.Mutex
	for range clerks {
		done.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			sold.Store(sold.Load() + 1)
		})
	}
	done.Wait()
	fmt.Fprintln(w, "with a mutex:   ", sold.Load(), "of 2 sales counted")
	return nil
}

func countLostUpdates(ctx context.Context, lab *notebook.Lab) error {
	const clerks, sales = 2, 4_000_000
	lab.Predict("%d clerks who count sales without a mutex lose some of them; with one, none", clerks)

	// An atomic fetch and an atomic store are still two steps. (They
	// are what this counts; a plain count++ would be a data race, which
	// Go leaves undefined.)
	lost := func(count func(sold *atomic.Int64)) float64 {
		var sold atomic.Int64
		var ready, done sync.WaitGroup
		ready.Add(clerks)
		for range clerks {
			done.Go(func() {
				ready.Done()
				ready.Wait()
				for range sales {
					count(&sold)
				}
			})
		}
		done.Wait()
		return float64(clerks*sales-sold.Load()) / (clerks * sales / 1000)
	}
	increment := func(sold *atomic.Int64) { sold.Store(sold.Load() + 1) }
	var mu sync.Mutex
	locked := func(sold *atomic.Int64) {
		mu.Lock()
		defer mu.Unlock()
		increment(sold)
	}
	var went measure.Samples
	_, err := lab.InTurn(ctx, measure.Variant{Name: "clerks", Run: func(context.Context) error {
		went.Add("bare", lost(increment))
		went.Add("locked", lost(locked))
		return nil
	}})
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, nil)

	const unit = "lost of 1,000 sales"
	lab.Show("Go, fetch and store", unit, went.Estimate("bare"))
	lab.Show("Go, with a mutex", unit, went.Estimate("locked"), 0)
	lab.Show("CPython, sold += 1", unit, twin.Estimate("bare"))
	lab.Show("CPython, a call in it", unit, twin.Estimate("call"))
	lab.Show("CPython, with a Lock", unit, twin.Estimate("locked"), 0)

	judge := func(of notebook.Subject, missed, locked measure.Estimate) {
		switch {
		case missed.N == 0:
			lab.Judge("6.1", of, measure.Cannot("%s", missed.Missing))
			lab.Judge("6.4", of, measure.Cannot("%s", missed.Missing))
			return
		case missed.High == 0: // "sometimes" may still come
			lab.Judge("6.1", of, measure.Cannot("no sale was lost this time"))
		default:
			lab.Judge("6.1", of, measure.Fact(true, "of 1,000 sales up to %s were lost", measure.Number(missed.High)))
		}
		lab.Judge("6.4", of, measure.Fact(locked.Low == 0 && locked.High == 0, "with a lock, %s were lost", measure.Number(locked.High)))
	}
	judge(notebook.CPython, twin.Estimate("call"), twin.Estimate("locked"))
	judge(notebook.Go, went.Estimate("bare"), went.Estimate("locked"))
	return nil
}
