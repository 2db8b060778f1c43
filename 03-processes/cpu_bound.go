package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/timeline"
	"concurrency-notebook/internal/workload"
)

// A stretch of numbers, in which to count the primes.
type stretch struct{ Low, High int }

// count counts them. If somebody draws, it notes who did when.
func (s stretch) count(ctx context.Context, who string) int {
	defer timeline.Record(ctx, who, "count primes")()
	return workload.CountPrimes(s.Low, s.High)
}

// cut divides the numbers below high into equal stretches.
func cut(high, pieces int) []stretch {
	var stretches []stretch
	for i := range pieces {
		stretches = append(stretches, stretch{i * high / pieces, (i + 1) * high / pieces})
	}
	return stretches
}

func inSequence(ctx context.Context, stretches []stretch) (int, error) {
	total := 0
	for _, s := range stretches {
		total += s.count(ctx, "goroutine 1")
	}
	return total, nil
}

func inGoroutines(ctx context.Context, stretches []stretch) (int, error) {
	var next, total atomic.Int64
	var wg sync.WaitGroup
	for i := range runtime.GOMAXPROCS(0) { // as many as there are CPUs to use
		who := fmt.Sprint("goroutine ", i+1)
		wg.Go(func() {
			// Add is one step: no two goroutines get the same stretch.
			for i := next.Add(1) - 1; i < int64(len(stretches)); i = next.Add(1) - 1 {
				total.Add(int64(stretches[i].count(ctx, who)))
			}
		})
	}
	wg.Wait()
	return int(total.Load()), nil
}

// countPrimes is the task of the worker processes.
var countPrimes = procpool.Define("count-primes",
	func(s stretch) (int, error) {
		return s.count(context.Background(), ""), nil
	})

// inProcesses returns the function that uses the pool's workers.
func inProcesses(pool *procpool.Pool) func(context.Context, []stretch) (int, error) {
	return func(ctx context.Context, stretches []stretch) (int, error) {
		found, err := countPrimes.Map(ctx, pool, stretches)
		return sum(found), err
	}
}

func sum(numbers []int) (total int) {
	for _, n := range numbers {
		total += n
	}
	return total
}

func cpuBound(ctx context.Context, w io.Writer) error {
	pool, err := procpool.New(2)
	if err != nil {
		return err
	}
	defer pool.Close()
	work := cut(10_000, 4)
	for _, way := range []struct {
		name string
		run  func(context.Context, []stretch) (int, error)
	}{
		{"in sequence", inSequence},
		{"in goroutines", inGoroutines},
		{"in processes", inProcesses(pool)},
	} {
		primes, err := way.run(ctx, work)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%-13s  %d primes below 10,000\n", way.name, primes)
	}
	return nil
}

func compareCPUBound(ctx context.Context, lab *notebook.Lab) error {
	cpus := lab.CPUs()
	fair := 1 / float64(cpus)
	lab.Predict("goroutines and processes take 1/CPUs = 1/%d = %s of the sequential time; threads that share a GIL take all of it", cpus, measure.Number(fair))

	pool, err := procpool.New(cpus)
	if err != nil {
		return err
	}
	defer pool.Close()
	work := cut(1_000_000, 16*cpus)
	count := func(name string, run func(context.Context, []stretch) (int, error)) measure.Variant {
		return measure.Variant{Name: name, Run: func(ctx context.Context) error {
			_, err := run(ctx, work)
			return err
		}}
	}
	inProcesses := count("processes", inProcesses(pool))
	inProcesses.Elsewhere = pool.CPUTime
	went, err := lab.InTurn(ctx, count("sequential", inSequence), count("goroutines", inGoroutines), inProcesses)
	if err != nil {
		return err
	}
	if err := drawCPUBound(ctx, lab, pool); err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"workers": cpus})

	part := notebook.Unit{Name: "× the time of one after another", Say: measure.Times}
	lab.Headline(part, fmt.Sprintf("Counting primes on %d CPUs", cpus))
	lab.Figure(part, "CPython, threads", twin.Ratio("threads", "sequential"), lab.UnderGIL(1, fair))
	lab.Figure(part, "CPython, processes", twin.Ratio("processes", "sequential"), fair)
	lab.Figure(part, "Go, goroutines", went.Ratio("goroutines", "sequential"), fair)
	lab.Figure(part, "Go, processes", went.Ratio("processes", "sequential"), fair)
	lab.Show("Go, goroutines", "CPUs kept busy", went.Estimate("goroutines/cpus"), float64(cpus))
	lab.Show("Go, processes", "CPUs kept busy", went.Estimate("processes/cpus"), float64(cpus))
	lab.Show("CPython, threads", "CPUs kept busy", twin.Estimate("threads/cpus"), lab.UnderGIL(1, float64(cpus)))
	lab.Show("CPython, processes", "CPUs kept busy", twin.Estimate("processes/cpus"), float64(cpus))

	threads := twin.Ratio("processes", "threads").Decide("processes / threads", fair, 1)
	lab.Judge("S15", notebook.CPython, threads)
	lab.Judge("S15", notebook.Go, went.Ratio("processes", "goroutines").Decide("processes / goroutines", fair, 1))
	lab.Judge("S16", notebook.CPython, twin.Estimate("processes/cpus").Decide("CPUs kept busy by processes", float64(cpus), 1))
	lab.Judge("S16", notebook.Go, went.Estimate("processes/cpus").Decide("CPUs kept busy by processes", float64(cpus), 1))
	lab.Judge("S17", notebook.CPython, threads)
	answerCPUBound(lab, went, twin)
	return nil
}

func answerCPUBound(lab *notebook.Lab, went, twin measure.Samples) {
	took := func(s measure.Samples, name string) string { return measure.Seconds(s.Estimate(name).Median) }
	found := fmt.Sprintf("What takes %s one after another takes %s in threads and %s in processes.",
		took(twin, "sequential"), took(twin, "threads"), took(twin, "processes"))
	lab.Answer("S15", notebook.CPython, notebook.Wording{measure.Yes: found, measure.No: found})
	found = fmt.Sprintf("Goroutines take %s instead of %s; processes take %s.",
		took(went, "goroutines"), took(went, "sequential"), took(went, "processes"))
	lab.Answer("S15", notebook.Go, notebook.Wording{
		measure.Different: "Goroutines already use all CPUs, and processes are no faster. " + found,
		measure.Same:      found,
	})
}

// drawCPUBound runs each way once more, and draws it.
func drawCPUBound(ctx context.Context, lab *notebook.Lab, pool *procpool.Pool) error {
	work := cut(300_000, 4*pool.Workers())
	chart := timeline.Chart{Title: "The same work, one way after another"}
	for _, way := range []struct {
		name string
		run  func(context.Context, []stretch) error
	}{
		{"in sequence", func(ctx context.Context, work []stretch) error { _, err := inSequence(ctx, work); return err }},
		{"in goroutines", func(ctx context.Context, work []stretch) error { _, err := inGoroutines(ctx, work); return err }},
	} {
		rec := timeline.Start()
		if err := way.run(rec.Attach(ctx), work); err != nil {
			return err
		}
		chart.Panels = append(chart.Panels, timeline.Panel{Title: way.name, Lanes: rec.Timeline()})
	}

	rec := timeline.Start()
	timed, err := timePrimes.Map(ctx, pool, work)
	if err != nil {
		return err
	}
	workers := make(map[int]string) // by process id, in the order of the work
	for _, t := range timed {
		if workers[t.PID] == "" {
			workers[t.PID] = fmt.Sprint("worker ", len(workers)+1)
		}
		rec.Add(workers[t.PID], "count primes", t.Start, t.End)
	}
	chart.Panels = append(chart.Panels, timeline.Panel{Title: "in processes", Lanes: rec.Timeline()})
	lab.Draw(chart)
	return nil
}

// timePrimes is countPrimes for the picture: it tells who worked when.
var timePrimes = procpool.Define("time-primes",
	func(s stretch) (t timed, err error) {
		t.PID, t.Start = os.Getpid(), time.Now()
		s.count(context.Background(), "")
		t.End = time.Now()
		return t, nil
	})

type timed struct {
	PID        int
	Start, End time.Time
}
