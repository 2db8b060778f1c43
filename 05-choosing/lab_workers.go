package main

import (
	"context"
	"fmt"
	"math"
	"net"
	"time"

	"golang.org/x/sync/errgroup"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/workload"
)

// A desk is where tasks are done that compute, and then ask a server.
type desk struct {
	free chan net.Conn // the connections that no task is using
}

const (
	deskPrimes = 20_000 // half a millisecond
	deskWait   = 5      // milliseconds

	// Of Python, to which half a millisecond is more.
	theirPrimes, theirWait = 3_000, 20
)

// do does so many tasks, so many at once.
func (d desk) do(ctx context.Context, tasks, workers int) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for range tasks {
		group.Go(func() error {
			workload.CountPrimes(0, deskPrimes)
			c := <-d.free
			defer func() { d.free <- c }()
			if err := ctx.Err(); err != nil {
				return err
			}
			return ask(c, deskWait)
		})
	}
	return group.Wait()
}

// connect gives the desk connections, up to so many.
func (d *desk) connect(servers []string, n int) error {
	before := d.free
	d.free = make(chan net.Conn, max(n, len(before)))
	for range len(before) {
		d.free <- <-before
	}
	for len(d.free) < n {
		c, err := net.Dial("tcp", servers[len(d.free)%len(servers)])
		if err != nil {
			return err
		}
		d.free <- c
	}
	return nil
}

func (d desk) close() {
	for range len(d.free) {
		(<-d.free).Close()
	}
}

// The tasks by which the experiment measures what one takes.
const tasksAlone, tasksTogether = 10, 100

// deskProfile returns what a task takes, as measured: alone, which tells how long
// it waits, and together with others, which tells how long it computes.
func deskProfile(s measure.Samples, cpus int) Profile {
	took := s.Estimate("alone").Median / tasksAlone
	wait := took * (1 - s.Estimate("alone/cpus").Median)
	cpu := s.Estimate("together").Median * s.Estimate("together/cpus").Median / tasksTogether
	return Profile{CPU: inSeconds(cpu), Wait: inSeconds(wait), CPUs: cpus, Tasks: measure.OpenFiles() / 8}
}

func measureWorkers(ctx context.Context, lab *notebook.Lab) error {
	cpus := lab.CPUs()
	var servers []string
	server, err := waiterElsewhere.Start(ctx, 1, &servers)
	if err != nil {
		return err
	}
	defer server.Stop()
	var d desk
	defer func() { d.close() }()
	crowd := 16 * cpus
	if err := d.connect(servers, crowd); err != nil {
		return err
	}

	// How long a task takes alone, and what it costs where CPUs are busy: one
	// that idles takes longer to begin.
	calibrated, err := lab.InTurn(ctx,
		measure.Variant{Name: "alone", Run: func(ctx context.Context) error { return d.do(ctx, tasksAlone, 1) }},
		measure.Variant{Name: "together", Run: func(ctx context.Context) error { return d.do(ctx, tasksTogether, crowd) }})
	if err != nil {
		return err
	}
	p := deskProfile(calibrated, cpus)
	knee := p.Workers()
	few, many := max(knee/4, 1), 4*knee
	lab.Predict("a task computes for %v, with what its request costs, and waits for %v, so the rate grows up to CPUs x (1 + wait/cpu) = %d x (1 + %v/%v) = %d workers, and not beyond: a quarter of them reach %s of it",
		short(p.CPU), short(p.Wait), cpus, short(p.Wait), short(p.CPU), knee, measure.Number(float64(few)/float64(knee)))
	if err := d.connect(servers, many); err != nil {
		return err
	}

	// As many tasks as take about a tenth of a second.
	tasks := func(workers int) int {
		p := p
		p.Tasks = workers
		return max(int(p.rate()/10), workers)
	}
	variant := func(name string, workers int) measure.Variant {
		return measure.Variant{Name: name, Run: func(ctx context.Context) error { return d.do(ctx, tasks(workers), workers) }}
	}
	went, err := lab.InTurn(ctx, variant("few", few), variant("knee", knee), variant("many", many))
	if err != nil {
		return err
	}
	// Of rates, as of times, the ratio is made of pairs.
	rate := func(name string, workers int) measure.Estimate {
		return went.Ratio("many", name).Times(float64(tasks(workers)) / float64(tasks(many)))
	}
	judgeWorkers(lab, rated{"few", few, rate("few", few)}, rated{"knee", knee, rate("knee", knee)}, many, cpus, went)
	judgeTheirWorkers(lab, lab.Twin(ctx, map[string]any{
		"servers": servers, "primes": theirPrimes, "wait": theirWait, "rounds": max(lab.Rounds()*2/3, 1), "cpus": cpus}))
	return nil
}

// judgeTheirWorkers judges the same of Python's threads.
func judgeTheirWorkers(lab *notebook.Lab, theirs measure.Samples) {
	formula, few, knee := theirs.Estimate("workers"), theirs.Estimate("few"), theirs.Estimate("knee")
	if formula.N == 0 {
		lab.Judge("5.5", notebook.CPython, measure.Cannot("%s", formula.Missing))
		lab.Answer("5.5", notebook.CPython, nil)
		return
	}
	n := int(formula.Median)
	unit := notebook.Unit{Name: fmt.Sprintf("tasks a second in threads of Python, × those of %d", 4*n), Say: measure.Number}
	lab.Figure(unit, fmt.Sprintf("CPython, a quarter: %d threads", max(n/4, 1)), few, float64(max(n/4, 1))/float64(n))
	lab.Figure(unit, fmt.Sprintf("CPython, the formula's: %d threads", n), knee, 1)
	lab.Judge("5.5", notebook.CPython, measure.All(
		knee.Above(fmt.Sprintf("rate of %d / of %d threads", n, 4*n), 0.8),
		few.Below(fmt.Sprintf("rate of %d / of %d threads", max(n/4, 1), 4*n), 0.5)))
	found := fmt.Sprintf("For threads with a GIL, one CPU counts, and the formula says %d. They get %s of the work done that %d do in the same time; %d threads get %s of it done.",
		n, percent(knee.Median), 4*n, max(n/4, 1), percent(few.Median))
	lab.Answer("5.5", notebook.CPython, notebook.Wording{measure.Yes: found, measure.No: found})
}

// A rated number of workers has done so many times the tasks that the most have.
type rated struct {
	name    string
	workers int
	rate    measure.Estimate
}

func judgeWorkers(lab *notebook.Lab, few, knee rated, many, cpus int, went measure.Samples) {
	rate := notebook.Unit{Name: fmt.Sprintf("tasks a second, × those of %d workers", many), Say: measure.Number}
	busy := notebook.Unit{Name: "CPUs kept busy", Say: measure.Number}
	lab.Headline(rate, "What a number of workers gets done")
	share := float64(few.workers) / float64(knee.workers)
	lab.Figure(rate, fmt.Sprintf("Go, a quarter: %d workers", few.workers), few.rate, share)
	lab.Figure(rate, fmt.Sprintf("Go, the formula's: %d workers", knee.workers), knee.rate, 1)
	lab.Figure(busy, fmt.Sprintf("Go, %d workers", few.workers), went.Estimate("few/cpus"), share*float64(cpus))
	lab.Figure(busy, fmt.Sprintf("Go, %d workers", knee.workers), went.Estimate("knee/cpus"), float64(cpus))
	lab.Figure(busy, fmt.Sprintf("Go, %d workers", many), went.Estimate("many/cpus"), float64(cpus))
	lab.Judge("5.5", notebook.Go, measure.All(
		knee.rate.Above(fmt.Sprintf("rate of %d / of %d workers", knee.workers, many), 0.8),
		few.rate.Below(fmt.Sprintf("rate of %d / of %d workers", few.workers, many), 0.5)))
	found := fmt.Sprintf("The formula says %d workers. They get %s of the work done that %d do in the same time; %d workers get %s of it done.",
		knee.workers, percent(knee.rate.Median), many, few.workers, percent(few.rate.Median))
	lab.Answer("5.5", notebook.Go, notebook.Wording{measure.Yes: found, measure.No: found})
}

func inSeconds(s float64) time.Duration {
	return time.Duration(math.Round(s * float64(time.Second)))
}
