package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"net"
	"time"

	"golang.org/x/sync/errgroup"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/workload"
)

// little returns how many orders are in the kitchen, where so many
// come a second and each stays so long: Little's law.
func little(rate float64, stay time.Duration) float64 {
	return rate * stay.Seconds()
}

// amdahl returns how many times as fast n cooks are as one, where a
// part of the work is for one alone: Amdahl's law.
func amdahl(alone float64, n int) float64 {
	return 1 / (alone + (1-alone)/float64(n))
}

func workers(_ context.Context, w io.Writer) error {
	fmt.Fprintln(w, "Little: 20 orders come a second")
	for _, stay := range []time.Duration{50, 500, 5000} {
		stay *= time.Millisecond
		fmt.Fprintf(w, "  each stays %5v: %3.0f are there at once\n",
			stay, little(20, stay))
	}
	fmt.Fprintln(w, "CPUs x (1 + wait/cpu), with 2 CPUs")
	for _, wait := range []time.Duration{0, 5, 80} {
		p := Profile{CPU: 5 * time.Millisecond, CPUs: 2,
			Wait: wait * time.Millisecond, Tasks: 5000}
		fmt.Fprintf(w, "  a task computes %v, waits %4v: %2d workers\n",
			p.CPU, p.Wait, p.Workers())
	}
	fmt.Fprintln(w, "Amdahl: a tenth is for one cook alone")
	for _, n := range []int{2, 10, 100} {
		fmt.Fprintf(w, "  %3d cooks are %.1f times as fast\n",
			n, amdahl(0.1, n))
	}
	return nil
}

// A desk is where tasks are done that compute, and then ask a server.
type desk struct {
	free chan net.Conn // the connections that no task is using
}

const (
	deskPrimes = 20_000 // half a millisecond
	deskWait   = 5      // milliseconds
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
	lab.Predict("a task computes for s = %v, with what its request costs, and waits for w = %v, so the rate grows up to CPUs x (1 + w/s) = %d x (1 + %v/%v) = %d workers, and not beyond: a quarter of them reach %s of it",
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
	rate := func(name string, workers int) measure.Estimate {
		return went.Ratio("many", name).Times(float64(tasks(workers)) / float64(tasks(many)))
	}
	atFew, atKnee := rate("few", few), rate("knee", knee)
	unit := fmt.Sprintf("tasks a second, x those of %d workers", many)
	lab.Show(fmt.Sprintf("%d workers, a quarter", few), unit, atFew, float64(few)/float64(knee))
	lab.Show(fmt.Sprintf("%d workers, the formula's", knee), unit, atKnee, 1)
	for _, v := range []struct {
		name string
		n    int
		p    float64
	}{{"few", few, float64(cpus) * float64(few) / float64(knee)}, {"knee", knee, float64(cpus)}, {"many", many, float64(cpus)}} {
		lab.Show(fmt.Sprintf("%d workers", v.n), "CPUs kept busy", went.Estimate(v.name+"/cpus"), v.p)
	}
	lab.Judge("5.5", notebook.Go, measure.All(
		atKnee.Above(fmt.Sprintf("rate of %d / of %d workers", knee, many), 0.8),
		atFew.Below(fmt.Sprintf("rate of %d / of %d workers", few, many), 0.5)))
	return nil
}

func inSeconds(s float64) time.Duration {
	return time.Duration(math.Round(s * float64(time.Second)))
}
