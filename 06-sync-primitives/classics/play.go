package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"concurrency-notebook/06-sync-primitives/primitive"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/timeline"
	"concurrency-notebook/internal/virtual"
)

// A solution is a way to solve a problem, right or wrong.
type solution struct {
	name  string
	wrong bool
	play  func(p *play) // sets the stage and lets the actors enter

	// rule reads the log of a run and says what is wrong with it.
	rule func(log []event) error
}

// A play is one run of a solution. Its actors act one at a time, at moments
// that the schedule chooses; what they do stands in the log.
type play struct {
	schedule schedule
	silent   bool // keeps no log

	start            time.Time
	everybody        context.Context // ends at closing time
	staff            context.Context // ends when all guests have left
	guests, servants sync.WaitGroup
	entered          int

	mu    sync.Mutex
	log   []event
	stuck []string
}

// An event is a line of the log.
type event struct {
	who, what string
	kind      kind
	at        time.Duration // since the start of the play
}

type kind int

const (
	said  kind = iota // a moment
	begun             // something that lasts
	ended
)

// waiting is what an actor does, as the log has it, while it awaits something.
const waiting = "waits"

// A schedule tells how many rounds an actor takes to do something. In every
// round each actor has a moment of its own. So no two act at the same moment,
// and the run goes the same way each time.
type schedule struct {
	rounds func(a *actor, what string) int // nil: real time, no waiting
	seed   uint64
}

const (
	round  = time.Second
	moment = time.Millisecond

	// When a play is not over by then, nobody can go on.
	closingTime = 1000 * time.Hour
)

// inTurn lets the actors act in the order in which they entered.
var inTurn = schedule{rounds: func(*actor, string) int { return 1 }}

// lasting is inTurn, but some things last longer than one round.
func lasting(rounds map[string]int) schedule {
	return schedule{rounds: func(_ *actor, what string) int { return max(rounds[what], 1) }}
}

// shuffled is another schedule for each seed: whatever an actor does takes it
// from 1 to 100 rounds.
func shuffled(seed uint64) schedule {
	return schedule{seed: seed, rounds: func(a *actor, _ string) int { return 1 + a.rand.IntN(100) }}
}

// perform plays a solution in virtual time.
func perform(ctx context.Context, by schedule, s solution) (*play, error) {
	p := &play{schedule: by}
	err := virtual.Run(ctx, func(ctx context.Context) error {
		p.run(ctx, closingTime, s)
		return nil
	})
	return p, err
}

const schedules = 1000

// tally plays each solution in a thousand schedules, and returns how many of
// them went wrong. It shows these numbers, with what was predicted for those
// solutions for which anything was.
func tally(ctx context.Context, lab *notebook.Lab, solutions []solution, predicted ...float64) ([]int, error) {
	failed := make([]int, len(solutions))
	for i, s := range solutions {
		for seed := range uint64(schedules) {
			p, err := perform(ctx, shuffled(seed), s)
			if err != nil {
				return nil, fmt.Errorf("%s, schedule %d: %w", s.name, seed, err)
			}
			if p.wrong(s) != nil {
				failed[i]++
			}
		}
		var expected []float64
		if i < len(predicted) {
			expected = predicted[i : i+1]
		}
		lab.Show(s.name, "of 1,000 schedules went wrong", measure.EstimateOf([]float64{float64(failed[i])}), expected...)
	}
	return failed, nil
}

var errClosing, errLast = errors.New("closing time"), errors.New("the last guest has left")

// run plays the solution until all have left.
func (p *play) run(ctx context.Context, limit time.Duration, s solution) {
	p.start = time.Now()
	everybody, cancel := context.WithTimeoutCause(ctx, limit, errClosing)
	defer cancel()
	staff, sendHome := context.WithCancelCause(everybody)
	p.everybody, p.staff = everybody, staff
	s.play(p)
	p.guests.Wait()
	sendHome(errLast)
	p.servants.Wait()
	slices.Sort(p.stuck)
}

// wrong says what is wrong with how the play went, or returns nil.
func (p *play) wrong(s solution) error {
	if len(p.stuck) > 0 {
		return fmt.Errorf("stuck: %s", strings.Join(p.stuck, ", "))
	}
	return s.rule(p.log)
}

// An actor is a goroutine of a play. Whatever it does takes it a while, so that
// others can act in between.
type actor struct {
	name   string
	number int
	play   *play
	ctx    context.Context
	rand   *rand.Rand
	left   bool
}

// enter starts an actor. The play lasts until it has left.
func (p *play) enter(name string, act func(a *actor)) {
	p.add(&p.guests, p.everybody, name, act)
}

// serve starts an actor that serves the others, and is sent home after them.
func (p *play) serve(name string, act func(a *actor)) {
	p.add(&p.servants, p.staff, name, act)
}

func (p *play) add(group *sync.WaitGroup, ctx context.Context, name string, act func(a *actor)) {
	a := &actor{name: name, number: p.entered, play: p, ctx: ctx,
		rand: rand.New(rand.NewPCG(p.schedule.seed, uint64(p.entered)))}
	p.entered++
	group.Go(func() {
		a.step("enters")
		act(a)
	})
}

// await waits for something: a.await(event.Wait).
func (a *actor) await(wait func(ctx context.Context) error) {
	a.note(waiting, begun, time.Since(a.play.start))
	err := wait(a.ctx)
	now := time.Since(a.play.start)
	if err != nil {
		a.leave()
	}
	a.step(waiting) // to a moment of its own: what woke it is still acting
	a.note(waiting, ended, now)
}

// acquire takes a slot of a semaphore, waiting for it if it has to.
func (a *actor) acquire(s interface {
	Acquire(ctx context.Context) error
}) {
	a.await(s.Acquire)
}

// release gives a slot back, or adds one.
func (a *actor) release(s interface{ Release(n int) }) {
	s.Release(1)
	a.step("goes on")
}

// does does something that lasts.
func (a *actor) does(what string) {
	a.note(what, begun, time.Since(a.play.start))
	a.step(what)
	a.note(what, ended, time.Since(a.play.start))
}

// says takes a while, and then says something.
func (a *actor) says(what string) {
	a.step("goes on")
	a.note(what, said, time.Since(a.play.start))
}

// step lets the others act: until the actor's own moment in the round that the
// schedule chooses.
func (a *actor) step(what string) {
	s := a.play.schedule
	if s.rounds == nil || a.left {
		return
	}
	now := time.Since(a.play.start)
	next := (now/round+time.Duration(s.rounds(a, what)))*round + time.Duration(a.number)*moment
	time.Sleep(next - now)
	if a.ctx.Err() != nil {
		a.leave()
	}
}

// leave ends the actor, since it waits in vain: its deferred calls run.
func (a *actor) leave() {
	if a.left {
		return
	}
	a.left = true
	if context.Cause(a.ctx) != errLast {
		a.play.mu.Lock()
		a.play.stuck = append(a.play.stuck, a.name)
		a.play.mu.Unlock()
	}
	runtime.Goexit()
}

func (a *actor) note(what string, kind kind, at time.Duration) {
	if a.play.silent {
		return
	}
	a.play.mu.Lock()
	defer a.play.mu.Unlock()
	a.play.log = append(a.play.log, event{a.name, what, kind, at})
}

// lanes returns who did what when. Who never went on waits until the end.
func (p *play) lanes(end time.Duration) []timeline.Lane {
	spans := make(map[string][]timeline.Span)
	open := make(map[string]event)
	for _, e := range p.log {
		switch e.kind {
		case begun:
			open[e.who] = e
		case ended:
			if start := open[e.who].at; start < e.at { // else it did not have to wait
				spans[e.who] = append(spans[e.who], timeline.Span{Label: e.what, Start: start, End: e.at})
			}
			delete(open, e.who)
		}
	}
	for who, e := range open {
		spans[who] = append(spans[who], timeline.Span{Label: e.what, Start: e.at, End: end})
	}
	var lanes []timeline.Lane
	for _, who := range slices.Sorted(maps.Keys(spans)) {
		lanes = append(lanes, timeline.Lane{Name: who, Spans: spans[who]})
	}
	return lanes
}

// A mutex is a semaphore with one slot. sync.Mutex would do as well, but who
// waits for it does not wait in virtual time.
type mutex struct{ primitive.Semaphore }

// Lock and Unlock make it a lock that a condition can be over.
func (m *mutex) Lock()   { m.Acquire(context.Background()) }
func (m *mutex) Unlock() { m.Release(1) }

// send and receive are channel operations that can be awaited.
func send[T any](c chan<- T, item T) func(context.Context) error {
	return func(ctx context.Context) error {
		select {
		case c <- item:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func receive[T any](c <-chan T, item *T) func(context.Context) error {
	return func(ctx context.Context) error {
		select {
		case *item = <-c:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
