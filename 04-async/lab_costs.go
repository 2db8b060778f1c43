package main

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"concurrency-notebook/04-async/eventloop"
	"concurrency-notebook/internal/again"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// What is done in a run, here and in Python.
const (
	takeTurns                   = 64 // coroutines
	switches, theirSwitches     = 64_000, 6_400
	creations, theirCreations   = 20_000, 2_000
	perSwitch, perTheirSwitch   = 1. / switches, 1. / theirSwitches
	perCreation, perTheirCreate = 1. / creations, 1. / theirCreations
	echoTime                    = 60 * time.Millisecond
	manySleepers                = 100_000
	nap                         = 500 * time.Millisecond
)

var (
	echoConnections = []int{1, 1000}
	echoKinds       = []string{"bare epoll", "event loop", "goroutines"}
)

func measureCosts(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("a switch costs little more than iter.Pull, a request little more than the system's part of it, and connections that say nothing no CPU")
	program, err := os.Executable()
	if err != nil {
		return err
	}
	var went measure.Samples
	sleeping := -1
	variants := []measure.Variant{
		{Name: "pull", Run: pullInTurn},
		{Name: "switch", Run: switchInTurn},
		{Name: "create", Run: createTasks},
		{Name: "echo", Run: func(ctx context.Context) error { return measureEcho(ctx, &went) }},
		{Name: "sleepers", Run: func(ctx context.Context) error {
			if sleeping++; sleeping%8 != 0 { // it takes long
				return nil
			}
			return measureSleepers(ctx, &went)
		}},
	}
	taken, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{
		"load": program, "connections": slices.DeleteFunc(slices.Clone(echoConnections), tooMany), "seconds": echoTime.Seconds(),
		"tasks": takeTurns, "switches": theirSwitches, "creations": theirCreations, "sleepers": manySleepers,
	}, variants...)
	if err != nil {
		return err
	}
	connections := min(10_000, measure.OpenFiles()/2)
	lab.Progress("%d connections", connections)
	idle, err := hold(ctx, "event loop", connections)
	if err != nil {
		return err
	}
	judgeCosts(lab, taken.With(went), theirs, held{connections: connections, Samples: idle})
	return nil
}

// pullInTurn switches to one bare coroutine after another, and back.
func pullInTurn(context.Context) error {
	var all []func() (struct{}, bool)
	for range takeTurns {
		next, stop := iter.Pull(func(yield func(struct{}) bool) {
			for yield(struct{}{}) {
			}
		})
		defer stop()
		all = append(all, next)
	}
	for range switches / takeTurns {
		for _, next := range all {
			next()
		}
	}
	return nil
}

// switchInTurn does the same with coroutines of the loop, which also has a
// socket to look after.
func switchInTurn(ctx context.Context) error {
	return eventloop.Run(ctx, func(co *eventloop.Coroutine) error {
		l, err := eventloop.Listen(co, "127.0.0.1:0")
		if err != nil {
			return err
		}
		accepting := eventloop.Go(co, func(co *eventloop.Coroutine) (*eventloop.Stream, error) { return l.Accept(co) })
		err = eventloop.InGroup(co, func(g *eventloop.Group) error {
			for range takeTurns {
				g.Go(func(co *eventloop.Coroutine) error {
					for range switches / takeTurns {
						if err := eventloop.Sleep(co, 0); err != nil {
							return err
						}
					}
					return nil
				})
			}
			return nil
		})
		accepting.Cancel(nil)
		return err
	})
}

func createTasks(ctx context.Context) error {
	return eventloop.Run(ctx, func(co *eventloop.Coroutine) error {
		for range creations {
			task := eventloop.Go(co, func(*eventloop.Coroutine) (int, error) { return 1, nil })
			if _, err := eventloop.Await(co, task); err != nil {
				return err
			}
		}
		return nil
	})
}

// measureEcho puts load on one server after another: the server on one CPU, the
// load on another.
func measureEcho(ctx context.Context, s *measure.Samples) error {
	for _, n := range echoConnections {
		for _, kind := range echoKinds {
			if kind == "bare epoll" && runtime.GOOS != "linux" || tooMany(n) {
				continue
			}
			var address string
			server, err := echoServer.Start(ctx, kind, &address)
			if err != nil {
				return err
			}
			requests, used, err := underLoad(ctx, server, load{address, n, echoTime.Seconds()})
			if err := cmp.Or(err, server.Stop()); err != nil {
				return err
			}
			s.Add(fmt.Sprintf("%s, %d/user", kind, n), used.User.Seconds()/float64(requests))
			s.Add(fmt.Sprintf("%s, %d/cpu", kind, n), used.CPU.Seconds()/float64(requests))
		}
	}
	return nil
}

// tooMany tells whether this system doesn't allow so many connections: each side
// of one is a descriptor.
func tooMany(connections int) bool { return connections > measure.OpenFiles()/2 }

// underLoad puts load on a server, and returns how many requests were answered,
// and what the server has used meanwhile.
func underLoad(ctx context.Context, server *again.Child, l load) (requests int, used usage, err error) {
	var before, after usage
	if err := server.Ask(&before); err != nil {
		return 0, used, err
	}
	if requests, err = again.Run[int](ctx, echoLoad, l); err != nil {
		return 0, used, err
	}
	err = server.Ask(&after)
	return requests, usage{CPU: after.CPU - before.CPU, User: after.User - before.User}, err
}

func measureSleepers(ctx context.Context, s *measure.Samples) error {
	for _, kind := range []string{"coroutines", "goroutines"} {
		r, err := again.Run[sleepersResult](ctx, sleepers, crowd{kind, manySleepers})
		if err != nil {
			return err
		}
		s.Add(kind+"/late", r.Late)
		s.Add(kind+"/memory", float64(r.Memory)/manySleepers)
	}
	return nil
}

func judgeCosts(lab *notebook.Lab, went, theirs measure.Samples, idle held) {
	both := went.With(theirs)
	show := func(unit notebook.Unit, name string, s measure.Samples, variant string, each float64) string {
		e := s.Estimate(variant).Times(each)
		lab.Figure(unit, name, e)
		return e.Seconds()
	}
	judge := func(claim string, verdict measure.Verdict, format string, args ...any) {
		lab.Judge(claim, ourLoop, verdict)
		found := fmt.Sprintf(format, args...)
		lab.Answer(claim, ourLoop, notebook.Wording{measure.Yes: found, measure.No: found})
	}

	turn := notebook.Time("time for a switch, between 64 that take turns")
	pull := show(turn, "Go, bare iter.Pull", went, "pull", perSwitch)
	ours := show(turn, "Go, Sleep(co, 0)", went, "switch", perSwitch)
	asyncio := show(turn, "CPython, asyncio.sleep(0)", theirs, "sleep(0)", perTheirSwitch)
	show(turn, "CPython, the same on uvloop", theirs, "uvloop, sleep(0)", perTheirSwitch)
	judge("4.20", measure.All(
		went.Ratio("switch", "pull").Below("a switch / iter.Pull", 1.8),
		both.Ratio("sleep(0)", "switch").Times(perTheirSwitch/perSwitch).Above("asyncio.sleep(0) / a switch", 4)),
		"A switch takes %s, a bare iter.Pull %s, asyncio.sleep(0) %s.", ours, pull, asyncio)

	create := notebook.Time("time for a task, made and awaited")
	task := show(create, "Go, a task of the loop", went, "create", perCreation)
	theirTask := show(create, "CPython, asyncio.create_task", theirs, "create_task", perTheirCreate)
	show(create, "CPython, the same on uvloop", theirs, "uvloop, create_task", perTheirCreate)
	judge("4.21", both.Ratio("create_task", "create").Times(perTheirCreate/perCreation).Above("asyncio's task / ours", 5),
		"A task takes %s, asyncio's %s.", task, theirTask)

	// What the event loop takes for a request, over what another takes.
	over := func(what, than string, s measure.Samples, line float64) (verdict measure.Verdict, said string) {
		var verdicts []measure.Verdict
		var all []string
		for _, n := range echoConnections {
			of := func(kind string) string { return fmt.Sprintf("%s, %d/%s", kind, n, what) }
			verdicts = append(verdicts, s.Ratio(of("event loop"), of(than)).Below(fmt.Sprintf("over %s, event loop / %s", measure.Count(float64(n)), than), line))
			all = append(all, fmt.Sprintf("%s instead of %s over %s", s.Estimate(of("event loop")).Seconds(), s.Estimate(of(than)).Seconds(), connections(n)))
		}
		return measure.All(verdicts...), strings.Join(all, ", and ")
	}
	for _, n := range echoConnections {
		for _, table := range []struct{ what, unit string }{
			{"cpu", "CPU time for a request, over " + connections(n)},
			{"user", "the part of it in the program, over " + connections(n)},
		} {
			unit := notebook.Time(table.unit)
			for _, kind := range echoKinds {
				show(unit, "Go, "+kind, went, fmt.Sprintf("%s, %d/%s", kind, n, table.what), 1)
			}
			show(unit, "CPython, asyncio's Protocol", theirs, fmt.Sprintf("asyncio, %d/%s", n, table.what), 1)
			show(unit, "CPython, the same on uvloop", theirs, fmt.Sprintf("uvloop, %d/%s", n, table.what), 1)
		}
	}
	verdict, said := over("user", "asyncio", both, 1./3)
	judge("4.23", verdict, "Without the system's part, a request takes %s, beside asyncio.", said)
	verdict, said = over("cpu", "bare epoll", went, 1.15)
	judge("4.24", verdict, "A request takes %s, beside the bare server.", said)

	memory := notebook.Unit{Name: "memory for one of 100,000 that sleep", Say: measure.Bytes}
	lab.Figure(memory, "Go, coroutines of the loop", went.Estimate("coroutines/memory"))
	lab.Figure(memory, "Go, goroutines", went.Estimate("goroutines/memory"))
	lab.Figure(memory, "CPython, tasks of asyncio", theirs.Estimate("asyncio/memory"))
	late := went.Estimate("coroutines/late")
	lab.Figure(notebook.Time("time that the last of them was late"), "Go, coroutines of the loop", late)
	judge("4.25", measure.All(
		late.Below("seconds late", 0.5),
		went.Ratio("coroutines/memory", "goroutines/memory").Below("memory of a coroutine / a goroutine", 1.25)),
		"Of 100,000 that slept, the last was %s late. Each takes %s, a goroutine %s.",
		late.Seconds(), measure.Bytes(went.Estimate("coroutines/memory").Median), measure.Bytes(went.Estimate("goroutines/memory").Median))

	busy, answer := idle.Estimate("cpus"), idle.Estimate("answer")
	name := "Go, event loop, " + connections(idle.connections)
	lab.Figure(notebook.Unit{Name: "CPUs kept busy by connections that say nothing"}, name, busy, 0)
	lab.Figure(notebook.Time("time until one of them is answered"), name, answer)
	lab.Figure(notebook.Unit{Name: "memory for one of them", Say: measure.Bytes}, name, idle.Estimate("memory"))
	judge("4.26", measure.All(busy.Below("CPUs kept busy", 0.05), answer.Times(1000).Below("ms until the answer", 1)),
		"%s that say nothing keep %s CPUs busy, and one is answered within %s.", connections(idle.connections), measure.Number(busy.Median), answer.Seconds())
}

func connections(n int) string {
	if n == 1 {
		return "1 connection"
	}
	return measure.Count(float64(n)) + " connections"
}

// A crowd is so many that sleep: "coroutines", or "goroutines".
type crowd struct {
	Kind string
	Size int
}

// A sleepersResult is what a program that lets many sleep says.
type sleepersResult struct {
	Late   float64 // seconds that the last one was late
	Memory int     // bytes, for all of them
}

// sleepers is the program that lets many sleep, and says how late they were and
// what memory they took.
var sleepers = again.Define("sleepers", func(c crowd) error {
	var r sleepersResult
	memory := func() int {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int(m.HeapInuse + m.StackInuse)
	}
	before, start := memory(), measure.WallTime()
	last := start
	switch c.Kind {
	case "coroutines":
		err := eventloop.Run(context.Background(), func(co *eventloop.Coroutine) error {
			sleeper := func(co *eventloop.Coroutine) (struct{}, error) {
				err := eventloop.Sleep(co, nap)
				last = measure.WallTime()
				return struct{}{}, err
			}
			for range c.Size - 1 {
				eventloop.Go(co, sleeper)
			}
			end := eventloop.Go(co, sleeper)
			if err := eventloop.Sleep(co, 0); err != nil { // all of them sleep
				return err
			}
			start, r.Memory = measure.WallTime(), memory()-before
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
				last = measure.WallTime()
			})
		}
		asleep.Wait()
		start = measure.WallTime()
		time.Sleep(nap / 4) // until all of them sleep indeed
		r.Memory = memory() - before
		awake.Wait()
	default:
		return fmt.Errorf("there are no sleepers of kind %q", c.Kind)
	}
	r.Late = (last - start - nap).Seconds()
	return again.Say(r)
})
