package main

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/timeline"
	"concurrency-notebook/internal/workload"
)

// What a goroutine counts, and in how many pieces where they are drawn.
const primesBelow, pieces = 300_000, 20

func compareProcessors(ctx context.Context, lab *notebook.Lab) error {
	cpus := lab.CPUs()
	lab.Predict("two goroutines take half of the time where Go may use two CPUs, and all of it where it may use one (GOMAXPROCS=1)")
	goroutines := func(processors int) func(context.Context) error {
		return func(context.Context) error {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
			var wg sync.WaitGroup
			for range 2 {
				wg.Go(func() { workload.CountPrimes(0, primesBelow) })
			}
			wg.Wait()
			return nil
		}
	}
	went, err := lab.InTurn(ctx,
		measure.Variant{Name: "in turn", Run: func(context.Context) error {
			for range 2 {
				workload.CountPrimes(0, primesBelow)
			}
			return nil
		}},
		measure.Variant{Name: "one", Run: goroutines(1)},
		measure.Variant{Name: "two", Run: goroutines(2)})
	if err != nil {
		return err
	}
	lab.Draw(timeline.Chart{Title: "Two goroutines that count primes", Panels: []timeline.Panel{
		{Title: "one CPU (GOMAXPROCS=1): concurrent", Lanes: drawCounting(1)},
		{Title: "two CPUs: concurrent, and parallel", Lanes: drawCounting(min(cpus, 2))},
	}})
	judgeProcessors(lab, went)
	return nil
}

func judgeProcessors(lab *notebook.Lab, went measure.Samples) {
	time := notebook.Time("time")
	busy := notebook.Unit{Name: "CPUs kept busy", Say: measure.Number}
	for _, way := range []struct {
		name, variant string
		cpus          float64
	}{
		{"one after the other", "in turn", 1},
		{"two goroutines, one CPU", "one", 1},
		{"two goroutines, two CPUs", "two", 2},
	} {
		lab.Figure(time, "Go, "+way.name, went.Estimate(way.variant))
		lab.Figure(busy, "Go, "+way.name, went.Estimate(way.variant+"/cpus"), way.cpus)
	}
	lab.Judge("S7", notebook.Go, went.Estimate("two/cpus").Decide("CPUs kept busy by two goroutines", 2, 1).Means(measure.Different, measure.Same))
	took, one, two := went.Estimate("in turn"), went.Estimate("one"), went.Estimate("two")
	lab.Answer("S7", notebook.Go, notebook.Wording{
		measure.Different: fmt.Sprintf("Goroutines that compute run in parallel wherever there are CPUs for them: two need %s for what takes %s one after the other. On one CPU they need %s.",
			two.Seconds(), took.Seconds(), one.Seconds()),
		measure.Same: fmt.Sprintf("Here two goroutines that compute shared one CPU: they needed %s for what takes %s one after the other.", two.Seconds(), took.Seconds()),
	})
}

// drawCounting lets two goroutines count primes once more, in pieces, and returns
// who counted when.
func drawCounting(processors int) []timeline.Lane {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
	rec := timeline.Start()
	var wg sync.WaitGroup
	for i := range 2 {
		who := fmt.Sprint("goroutine ", i+1)
		wg.Go(func() {
			for low := 0; low < primesBelow; low += primesBelow / pieces {
				end := rec.Span(who, "count primes")
				workload.CountPrimes(low, low+primesBelow/pieces)
				end()
			}
		})
	}
	wg.Wait()
	return rec.Timeline()
}
