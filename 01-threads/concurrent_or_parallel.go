package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"sync"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/timeline"
	"concurrency-notebook/internal/workload"
)

func concurrentOrParallel(_ context.Context, w io.Writer) error {
	// To receive is to take the stove, to send is to hand it over.
	// Each channel has room for it, so that no sender waits.
	stove := [2]chan bool{make(chan bool, 1), make(chan bool, 1)}
	stove[0] <- true

	var wg sync.WaitGroup
	for i, dish := range []string{"soup", "cake"} {
		wg.Go(func() {
			for step := range 3 {
				<-stove[i]
				fmt.Fprintf(w, "%s, step %d\n", dish, step+1)
				stove[1-i] <- true
			}
		})
	}
	wg.Wait()
	return nil
}

func compareProcessors(ctx context.Context, lab *notebook.Lab) error {
	cpus := lab.CPUs(ctx)
	fair := 1 / float64(cpus)
	lab.Predict("%d goroutines take 1/CPUs = %s of the sequential time where they may use all CPUs, and all of it where Go may use one (GOMAXPROCS=1): concurrent, not parallel",
		cpus, measure.Number(fair))

	const primesBelow = 300_000
	goroutines := func(processors int) func(context.Context) error {
		return func(context.Context) error {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
			var wg sync.WaitGroup
			for range cpus {
				wg.Go(func() { workload.CountPrimes(0, primesBelow) })
			}
			wg.Wait()
			return nil
		}
	}
	went, err := lab.InTurn(ctx,
		measure.Variant{Name: "sequential", Run: func(context.Context) error {
			for range cpus {
				workload.CountPrimes(0, primesBelow)
			}
			return nil
		}},
		measure.Variant{Name: "one", Run: goroutines(1)},
		measure.Variant{Name: "all", Run: goroutines(cpus)})
	if err != nil {
		return err
	}
	lab.Draw(timeline.Chart{Title: "Two goroutines that count primes", Panels: []timeline.Panel{
		{Title: "GOMAXPROCS 1", Lanes: drawCounting(1)},
		{Title: fmt.Sprint("GOMAXPROCS ", cpus), Lanes: drawCounting(cpus)},
	}})
	twin := lab.Twin(ctx, map[string]any{"workers": cpus})

	for _, unit := range []struct {
		name        string
		of          func(samples measure.Samples, variant string) measure.Estimate
		alone, fair float64
	}{
		{"x sequential", func(s measure.Samples, v string) measure.Estimate { return s.Ratio(v, "sequential") }, 1, fair},
		{"CPUs kept busy", func(s measure.Samples, v string) measure.Estimate { return s.Estimate(v + "/cpus") }, 1, float64(cpus)},
	} {
		lab.Show("Go, GOMAXPROCS 1", unit.name, unit.of(went, "one"), unit.alone)
		lab.Show(fmt.Sprintf("Go, GOMAXPROCS %d", cpus), unit.name, unit.of(went, "all"), unit.fair)
		lab.Show("CPython, threads", unit.name, unit.of(twin, "threads"), lab.UnderGIL(unit.alone, unit.fair))
	}
	lab.Judge("S7", notebook.Go, went.Estimate("all/cpus").Decide("CPUs kept busy by goroutines", float64(cpus), 1))
	lab.Judge("S7", notebook.CPython, twin.Estimate("threads/cpus").Decide("CPUs kept busy by threads", float64(cpus), 1))
	return nil
}

// drawCounting lets two goroutines count primes, in pieces of some milliseconds,
// and returns who counted when.
func drawCounting(processors int) []timeline.Lane {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
	rec := timeline.Start()
	var wg sync.WaitGroup
	for i := range 2 {
		who := fmt.Sprint("goroutine ", i+1)
		wg.Go(func() {
			for range 20 {
				end := rec.Span(who, "count primes")
				workload.CountPrimes(100_000, 130_000)
				end()
			}
		})
	}
	wg.Wait()
	return rec.Timeline()
}
