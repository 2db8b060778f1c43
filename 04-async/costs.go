package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"iter"
	"os"
	"runtime"
	"sync"
	"time"

	"concurrency-notebook/04-async/eventloop"
	"concurrency-notebook/internal/again"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/virtual"
)

func costs(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(ctx context.Context) error {
		loop := &eventloop.Loop{Portable: true} // it waits in virtual time
		start, awake := time.Now(), 0
		err := loop.Run(ctx, func(co *eventloop.Coroutine) error {
			return eventloop.InGroup(co, func(g *eventloop.Group) error {
				for range 1000 {
					g.Go(func(co *eventloop.Coroutine) error {
						err := eventloop.Sleep(co, time.Hour)
						awake++
						return err
					})
				}
				return nil
			})
		})
		fmt.Fprintln(w, awake, "coroutines of one thread slept", time.Since(start))
		return err
	})
}

func compareCosts(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("a switch costs little more than iter.Pull, and a request little more than the system's part of it")
	if err := compareSwitches(ctx, lab); err != nil {
		return err
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	// Echo and sleepers take long: one round of them for three of the others.
	rounds := (lab.Rounds() + 2) / 3
	echo, err := measureEcho(ctx, lab, rounds)
	if err != nil {
		return err
	}
	sleeping, err := measureSleepers(ctx, lab, (rounds+2)/3)
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{
		"load": program, "connections": echoConnections, "seconds": echoTime.Seconds(),
		"echoes": rounds, "sleepers": manySleepers, "naps": (rounds + 2) / 3,
	})
	judgeSwitches(lab, twin)
	judgeEcho(lab, echo, twin)
	judgeSleepers(lab, sleeping, twin)
	return nil
}

const switches, creations = 100_000, 20_000

var switching measure.Samples

// compareSwitches measures what a switch between coroutines costs, and a task.
func compareSwitches(ctx context.Context, lab *notebook.Lab) (err error) {
	inLoop := func(main func(co *eventloop.Coroutine) error) func(context.Context) error {
		return func(ctx context.Context) error { return eventloop.Run(ctx, main) }
	}
	switching, err = lab.InTurn(ctx,
		measure.Variant{Name: "pull", Run: func(context.Context) error {
			next, stop := iter.Pull(func(yield func(struct{}) bool) {
				for yield(struct{}{}) {
				}
			})
			defer stop()
			for range switches {
				next()
			}
			return nil
		}},
		measure.Variant{Name: "switch", Run: inLoop(func(co *eventloop.Coroutine) error {
			half := func(co *eventloop.Coroutine) error {
				for range switches / 2 {
					if err := eventloop.Sleep(co, 0); err != nil {
						return err
					}
				}
				return nil
			}
			return eventloop.InGroup(co, func(g *eventloop.Group) error {
				g.Go(half)
				g.Go(half)
				return nil
			})
		})},
		measure.Variant{Name: "create", Run: inLoop(func(co *eventloop.Coroutine) error {
			for range creations {
				task := eventloop.Go(co, func(*eventloop.Coroutine) (int, error) { return 1, nil })
				if _, err := eventloop.Await(co, task); err != nil {
					return err
				}
			}
			return nil
		})})
	return err
}

func judgeSwitches(lab *notebook.Lab, twin measure.Samples) {
	all := switching.With(twin)
	const unit = "x the same in eventloop"
	lab.Show("a bare iter.Pull", unit, all.Ratio("pull", "switch"))
	lab.Show("CPython, asyncio.sleep(0)", unit, all.Ratio("sleep(0)", "switch").Times(switches))
	lab.Show("CPython, a task created and awaited", unit, all.Ratio("create_task", "create").Times(creations))
	lab.Judge("4.20", ourLoop, measure.All(
		all.Ratio("switch", "pull").Below("switch / iter.Pull", 1.8),
		all.Ratio("sleep(0)", "switch").Times(switches).Above("asyncio.sleep(0) / switch", 10)))
	lab.Judge("4.21", ourLoop, all.Ratio("create_task", "create").Times(creations).Above("asyncio’s task / ours", 8))
}

// Echo: a request of 64 bytes and its answer, the server on one CPU and the load
// on another.
const echoTime = 200 * time.Millisecond

var (
	echoConnections = []int{1, 100, 1000}
	echoKinds       = []string{"bare epoll", "event loop", "goroutines"}
)

func measureEcho(ctx context.Context, lab *notebook.Lab, rounds int) (s measure.Samples, err error) {
	for round := range rounds {
		lab.Progress("echo, round %d of %d", round+1, rounds)
		for _, n := range echoConnections {
			for i := range echoKinds {
				kind := echoKinds[(i+round)%len(echoKinds)]
				if kind == "bare epoll" && runtime.GOOS != "linux" || n > measure.OpenFiles()/2 {
					continue
				}
				var address string
				server, err := echoServer.Start(ctx, kind, &address)
				if err != nil {
					return s, err
				}
				r, used, err := underLoad(ctx, server, load{address, n, echoTime.Seconds()})
				if err := cmp.Or(err, server.Stop()); err != nil {
					return s, err
				}
				name := fmt.Sprintf("%s, %d", kind, n)
				s.Add(name+"/rate", float64(r.Requests)/r.Seconds)
				s.Add(name+"/user", used.User.Seconds()/float64(r.Requests))
				s.Add(name+"/cpu", used.CPU.Seconds()/float64(r.Requests))
			}
		}
	}
	return s, nil
}

// underLoad puts load on a server, and returns what came of it, and what the
// server has used meanwhile.
func underLoad(ctx context.Context, server *again.Child, l load) (r loadResult, used usage, err error) {
	var before, after usage
	if err := server.Ask(&before); err != nil {
		return r, used, err
	}
	if r, err = again.Run[loadResult](ctx, echoLoad, l); err != nil {
		return r, used, err
	}
	err = server.Ask(&after)
	return r, usage{CPU: after.CPU - before.CPU, User: after.User - before.User}, err
}

func judgeEcho(lab *notebook.Lab, s, twin measure.Samples) {
	all := s.With(twin)
	of := func(kind string, n int, what string) string { return fmt.Sprintf("%s, %d/%s", kind, n, what) }
	for _, n := range echoConnections {
		lab.Show(fmt.Sprintf("over %d: Go, event loop", n), "requests a second", s.Estimate(of("event loop", n, "rate")))
		lab.Show(fmt.Sprintf("over %d: CPython, asyncio’s Protocol", n), "requests a second", twin.Estimate(of("asyncio", n, "rate")))
	}
	for _, table := range []struct{ what, unit string }{
		{"rate", "requests a second, x the event loop’s"}, {"cpu", "CPU a request, x the event loop’s"},
	} {
		what, unit := table.what, table.unit
		for _, n := range echoConnections {
			over := fmt.Sprintf("over %d: ", n)
			for _, kind := range []string{"bare epoll", "goroutines"} {
				lab.Show(over+"Go, "+kind, unit, s.Ratio(of(kind, n, what), of("event loop", n, what)))
			}
			lab.Show(over+"CPython, asyncio’s Protocol", unit, all.Ratio(of("asyncio", n, what), of("event loop", n, what)))
		}
	}
	judge := func(what, against string, samples measure.Samples, verdict func(e measure.Estimate, subject string) measure.Verdict) measure.Verdict {
		var verdicts []measure.Verdict
		for _, n := range echoConnections {
			verdicts = append(verdicts, verdict(samples.Ratio(of("event loop", n, what), of(against, n, what)), fmt.Sprintf("over %d, event loop / %s", n, against)))
		}
		return measure.All(verdicts...)
	}
	least := func(e measure.Estimate, subject string) measure.Verdict { return e.Above(subject, 1) }
	lab.Judge("4.22", ourLoop, measure.All(judge("rate", "asyncio", all, least), judge("rate", "goroutines", s, least)))
	lab.Judge("4.23", ourLoop, judge("user", "asyncio", all,
		func(e measure.Estimate, subject string) measure.Verdict { return e.Below(subject, 1.0/3) }))
	lab.Judge("4.24", ourLoop, judge("cpu", "bare epoll", s,
		func(e measure.Estimate, subject string) measure.Verdict { return e.Below(subject, 1.15) }))
}

const manySleepers = 100_000

// A crowd is so many that sleep: "coroutines", or "goroutines".
type crowd struct {
	Kind string
	Size int
}

// A sleepersResult is what a program that lets many sleep a second says.
type sleepersResult struct {
	Late   float64 // seconds that the last one was late
	Memory int     // bytes, for all of them
}

func measureSleepers(ctx context.Context, lab *notebook.Lab, rounds int) (s measure.Samples, err error) {
	for round := range rounds {
		lab.Progress("%d sleepers, round %d of %d", manySleepers, round+1, rounds)
		for _, kind := range []string{"coroutines", "goroutines"} {
			r, err := again.Run[sleepersResult](ctx, sleepers, crowd{kind, manySleepers})
			if err != nil {
				return s, err
			}
			s.Add(kind+"/late", r.Late)
			s.Add(kind+"/memory", float64(r.Memory)/manySleepers)
		}
	}
	return s, nil
}

func judgeSleepers(lab *notebook.Lab, s, twin measure.Samples) {
	const unit = "bytes a sleeper"
	lab.Show("Go, coroutines of the loop", unit, s.Estimate("coroutines/memory"))
	lab.Show("Go, goroutines", unit, s.Estimate("goroutines/memory"))
	lab.Show("CPython, tasks of asyncio", unit, twin.Estimate("asyncio/memory"))
	lab.Judge("4.25", ourLoop, measure.All(
		s.Estimate("coroutines/late").Below("seconds late", 0.5),
		s.Ratio("coroutines/memory", "goroutines/memory").Below("memory of coroutines / goroutines", 1.2)))
}

// sleepers is the program that lets many sleep a second, and says how late they
// were and what memory they took.
var sleepers = again.Define("sleepers", func(c crowd) error {
	const nap = time.Second
	var r sleepersResult
	memory := func() int {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int(m.HeapInuse + m.StackInuse)
	}
	before, start := memory(), time.Now()
	last := time.Time{}
	switch c.Kind {
	case "coroutines":
		err := eventloop.Run(context.Background(), func(co *eventloop.Coroutine) error {
			sleeper := func(co *eventloop.Coroutine) (struct{}, error) {
				err := eventloop.Sleep(co, nap)
				last = time.Now()
				return struct{}{}, err
			}
			for range c.Size - 1 {
				eventloop.Go(co, sleeper)
			}
			end := eventloop.Go(co, sleeper)
			if err := eventloop.Sleep(co, 0); err != nil { // all of them sleep
				return err
			}
			start, r.Memory = time.Now(), memory()-before
			_, err := eventloop.Await(co, end)
			return err
		})
		if err != nil {
			return err
		}
	case "goroutines":
		var asleep, awake sync.WaitGroup
		var mu sync.Mutex
		asleep.Add(c.Size)
		for range c.Size {
			awake.Go(func() {
				asleep.Done()
				time.Sleep(nap)
				mu.Lock()
				defer mu.Unlock()
				last = time.Now()
			})
		}
		asleep.Wait()
		start, r.Memory = time.Now(), memory()-before
		awake.Wait()
	default:
		return fmt.Errorf("there are no sleepers of kind %q", c.Kind)
	}
	r.Late = (last.Sub(start) - nap).Seconds()
	return again.Say(r)
})
