package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"concurrency-notebook/06-sync-primitives/primitive"
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

// A play is one run of a solution. Its actors act at moments that the schedule
// chooses; what they do stands in the log.
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
// round each actor has a moment of its own, and begins nothing at another's. Who
// is woken does so at the moment of whoever has woken it, and then ends its wait,
// which may mean to take a lock again; before it does anything more, it waits for
// a moment of its own. Package primitive calls in the order of arrival, and those
// who are called together wake each other one by one. So a seed gives the same
// run each time.
type schedule struct {
	seed   uint64
	rounds func(a *actor, what string) int // 0, or no function: go on at once
}

const (
	round  = time.Second
	moment = time.Millisecond

	// When a play is not over by then, nobody can go on.
	closingTime = 1000 * time.Hour
)

// inTurn lets the actors act in the order in which they entered.
var inTurn = schedule{rounds: func(*actor, string) int { return 1 }}

// shuffled is another schedule for each seed: whatever an actor does takes it
// from 1 to 100 rounds.
func shuffled(seed uint64) schedule {
	return schedule{seed: seed, rounds: func(a *actor, _ string) int {
		return 1 + a.rand.IntN(100)
	}}
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

// fault says what went wrong, or returns nil: a rule was broken, or somebody
// waited in vain.
func (p *play) fault(s solution) error {
	err := s.rule(p.log)
	if len(p.stuck) == 0 {
		return err
	}
	stuck := "stuck: " + strings.Join(p.stuck, ", ")
	if err == nil || errors.As(err, new(unfinished)) {
		return errors.New(stuck)
	}
	return fmt.Errorf("%w; then %s", err, stuck)
}

// unfinished is the fault of a run in which not everything was done.
type unfinished string

func (u unfinished) Error() string { return string(u) }

func isUnfinished(format string, args ...any) error { return unfinished(fmt.Sprintf(format, args...)) }

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
	a.note(waiting, begun, a.play.now())
	err := wait(a.ctx)
	goesOn := a.play.now()
	if err != nil {
		a.leave()
	}
	a.step(waiting) // to a moment of its own: who has woken it may still act
	a.note(waiting, ended, goesOn)
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
	a.note(what, begun, a.play.now())
	a.step(what)
	a.note(what, ended, a.play.now())
}

// says takes a while, and then says something.
func (a *actor) says(what string) {
	a.step("goes on")
	a.notes(what)
}

// notes writes something into the log.
func (a *actor) notes(what string) { a.note(what, said, a.play.now()) }

// step lets the others act: until the actor's own moment in the round that the
// schedule chooses.
func (a *actor) step(what string) {
	s := a.play.schedule
	if s.rounds == nil || a.left {
		return
	}
	rounds := time.Duration(s.rounds(a, what))
	if rounds == 0 {
		return
	}
	now := time.Since(a.play.start)
	next := (now/round+rounds)*round + time.Duration(a.number)*moment
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

// now returns the time since the start, which only the log asks for.
func (p *play) now() time.Duration {
	if p.silent {
		return 0
	}
	return time.Since(p.start)
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
