package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"sync"
	"time"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/virtual"
	"concurrency-notebook/internal/workload"
)

func breakEven(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(context.Context) error {
		const callHelper = 2 * time.Minute
		cook := func(dish time.Duration) { time.Sleep(dish) }

		for _, dish := range []time.Duration{1, 4, 16} {
			dish *= time.Minute
			start := time.Now()
			cook(dish)
			alone := time.Since(start)

			// Two cooks have the dish in half the time, but one of
			// them has to be called first.
			start = time.Now()
			time.Sleep(callHelper)
			var wg sync.WaitGroup
			for range 2 {
				wg.Go(func() { cook(dish / 2) })
			}
			wg.Wait()
			fmt.Fprintf(w, "alone %6v, with a helper %6v\n", alone, time.Since(start))
		}
		return nil
	})
}

// A way to count primes on all CPUs, beginning where numbers are so large that
// one costs as much as the next.
type way struct {
	name  string
	times int // in a run, so that it can be timed
	count func(ctx context.Context, pieces []stretch) error
}

const firstNumber = 100_000

// share cuts so many numbers into a piece for each CPU.
func share(numbers, cpus int) []stretch {
	pieces := cut(numbers, cpus)
	for i := range pieces {
		pieces[i].Low += firstNumber
		pieces[i].High += firstNumber
	}
	return pieces
}

func measureBreakEven(ctx context.Context, lab *notebook.Lab) error {
	cpus := lab.CPUs()
	if cpus < 2 {
		lab.Judge("3.2", notebook.Go, measure.Cannot("with one CPU, processes never pay"))
		lab.Judge("3.2", notebook.CPython, measure.Cannot("with one CPU, processes never pay"))
		return nil
	}
	c := float64(cpus)
	atTenth, atTenfold := (10*c-9)/c, (c+9)/(10*c)
	lab.Predict("work of c/(c - 1) = %s times what the processes cost beside it takes as long with them as without; a tenth of it takes (10c - 9)/c = %s times as long, ten times as much (c + 9)/10c = %s times",
		measure.Number(c/(c-1)), measure.Number(atTenth), measure.Number(atTenfold))

	pool, err := procpool.New(cpus)
	if err != nil {
		return err
	}
	defer pool.Close()
	const goroutines, waiting, started = "goroutines", "processes that wait", "processes started for it"
	ways := []way{
		{goroutines, 500, func(_ context.Context, pieces []stretch) error {
			var wg sync.WaitGroup
			for _, s := range pieces {
				wg.Go(func() { workload.CountPrimes(s.Low, s.High) })
			}
			wg.Wait()
			return nil
		}},
		{waiting, 50, func(ctx context.Context, pieces []stretch) error {
			_, err := countPrimes.Map(ctx, pool, pieces)
			return err
		}},
		{started, 1, func(ctx context.Context, pieces []stretch) error {
			fresh, err := procpool.New(cpus)
			if err != nil {
				return err
			}
			defer fresh.Close()
			_, err = countPrimes.Map(ctx, fresh, pieces)
			return err
		}},
	}

	// First, what each way costs beside the work, and what a number costs.
	const numbers = 20_000
	beside := []measure.Variant{{Name: "numbers", Run: func(context.Context) error {
		workload.CountPrimes(firstNumber, firstNumber+numbers)
		return nil
	}}}
	for _, w := range ways {
		beside = append(beside, w.variant(w.name, 0, cpus))
	}
	empty, err := lab.InTurn(ctx, beside...)
	if err != nil {
		return err
	}
	perNumber := empty.Estimate("numbers").Median / numbers
	pays := make(map[string]measure.Estimate) // seconds of work
	for _, w := range ways {
		pays[w.name] = empty.Estimate(w.name).Times(c / (c - 1) / float64(w.times))
	}

	// Then, whether they pay where they should.
	var variants []measure.Variant
	for _, w := range ways[1:] {
		for _, size := range []struct {
			name  string
			times float64
		}{{"a tenth", 0.1}, {"tenfold", 10}} {
			n := int(pays[w.name].Median * size.times / perNumber)
			sequence := way{times: w.times, count: func(_ context.Context, pieces []stretch) error {
				workload.CountPrimes(pieces[0].Low, pieces[len(pieces)-1].High)
				return nil
			}}
			variants = append(variants,
				sequence.variant("sequential, "+w.name+", "+size.name, n, cpus),
				w.variant(w.name+", "+size.name, n, cpus))
		}
	}
	went, err := lab.InTurn(ctx, variants...)
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"workers": cpus, "low": firstNumber})

	forked := "CPython, processes forked for it"
	if runtime.GOOS == "windows" {
		forked = "CPython, processes spawned for it"
	}
	const unit = "pays from so many ms of work"
	for _, w := range ways {
		lab.Show("Go, "+w.name, unit, pays[w.name].Times(1000))
	}
	lab.Show(forked, unit, twin.Estimate("pays").Times(1000))
	var verdicts []measure.Verdict
	for _, size := range []struct {
		name, unit string
		predicted  float64
	}{{"a tenth", "a tenth of that, x sequential", atTenth}, {"tenfold", "ten times that, x sequential", atTenfold}} {
		for _, w := range ways[1:] {
			ratio := went.Ratio(w.name+", "+size.name, "sequential, "+w.name+", "+size.name)
			lab.Show("Go, "+w.name, size.unit, ratio, size.predicted)
			verdicts = append(verdicts, paysOrNot(ratio, w.name, size.name))
		}
		ratio := twin.Ratio("processes, "+size.name, "sequential, "+size.name)
		lab.Show(forked, size.unit, ratio, size.predicted)
	}
	lab.Judge("3.2", notebook.Go, measure.All(verdicts...))
	lab.Judge("3.2", notebook.CPython, measure.All(
		paysOrNot(twin.Ratio("processes, a tenth", "sequential, a tenth"), "processes", "a tenth"),
		paysOrNot(twin.Ratio("processes, tenfold", "sequential, tenfold"), "processes", "tenfold")))
	return nil
}

// variant counts so many numbers, the way's number of times.
func (w way) variant(name string, numbers, cpus int) measure.Variant {
	pieces := share(numbers, cpus)
	return measure.Variant{Name: name, Run: func(ctx context.Context) error {
		for range w.times {
			if err := w.count(ctx, pieces); err != nil {
				return err
			}
		}
		return nil
	}}
}

// paysOrNot judges that a tenth of the work does not pay, and that ten times the
// work does.
func paysOrNot(ratio measure.Estimate, name, size string) measure.Verdict {
	subject := name + " / sequential, " + size
	if size == "a tenth" {
		return ratio.Above(subject, 1)
	}
	return ratio.Below(subject, 1)
}
