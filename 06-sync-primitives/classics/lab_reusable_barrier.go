package main

import (
	"context"
	"fmt"

	"concurrency-notebook/06-sync-primitives/primitive"
	"concurrency-notebook/internal/notebook"
)

var riders = []string{"Ada", "Grace", "Tony"}

const laps = 3

// A gate opens when all riders have come to it, for as many as they are.
type gate struct {
	lock    mutex
	arrived int
	open    *primitive.Semaphore
}

func newGate() *gate { return &gate{open: primitive.NewSemaphore(0)} }

func (g *gate) wait(a *actor) {
	a.acquire(&g.lock)
	g.arrived++
	if g.arrived == len(riders) {
		g.arrived = 0
		g.open.Release(len(riders))
	}
	a.release(&g.lock)
	a.acquire(g.open)
}

// Two gates: nobody comes back to the first before all have left it, since all
// have to come to the second.
type twoGates struct{ first, second *gate }

func (g *twoGates) wait(a *actor) {
	g.first.wait(a)
	g.second.wait(a)
}

// Generations: each lap has an event of its own, and who waits for one cannot
// miss it.
type generations struct {
	lock    mutex
	arrived int
	all     *primitive.Event // have arrived, in this lap
}

func (g *generations) wait(a *actor) {
	a.acquire(&g.lock)
	all := g.all
	g.arrived++
	if g.arrived == len(riders) {
		g.arrived = 0
		g.all = new(primitive.Event)
		all.Set()
	}
	a.release(&g.lock)
	a.await(all.Wait)
}

// ride lets the riders ride their laps, and wait for each other after each.
func ride(barrier func() (wait func(a *actor))) func(p *play) {
	return func(p *play) {
		wait := barrier()
		for _, name := range riders {
			p.enter(name, func(a *actor) {
				for lap := range laps {
					a.does(fmt.Sprint("lap ", lap+1))
					wait(a)
				}
			})
		}
	}
}

// together: nobody begins a lap before all have ended the one before.
func together(log []event) error {
	var done [laps + 1]int
	for _, e := range log {
		var lap int
		if _, err := fmt.Sscanf(e.what, "lap %d", &lap); err != nil {
			continue
		}
		if e.kind == ended {
			done[lap]++
		} else if lap > 1 && done[lap-1] < len(riders) {
			return fmt.Errorf("%s begins lap %d when %d have ended lap %d", e.who, lap, done[lap-1], lap-1)
		}
	}
	if done[laps] != len(riders) {
		return isUnfinished("%d have ended the last lap", done[laps])
	}
	return nil
}

var rides = []solution{
	{name: "one gate", wrong: true, rule: together, play: ride(func() func(*actor) {
		return newGate().wait
	})},
	{name: "two gates", rule: together, play: ride(func() func(*actor) {
		return (&twoGates{newGate(), newGate()}).wait
	})},
	{name: "generations", rule: together, play: ride(func() func(*actor) {
		return (&generations{all: new(primitive.Event)}).wait
	})},
	{name: "primitive.Barrier", rule: together, play: ride(func() func(*actor) {
		b := primitive.NewBarrier(len(riders), nil)
		return func(a *actor) {
			a.await(func(ctx context.Context) error { _, err := b.Wait(ctx); return err })
		}
	})},
}

// tonyIsSlow: what the others do in one round takes him ten.
var tonyIsSlow = schedule{rounds: func(a *actor, _ string) int {
	if a.name == "Tony" {
		return 10
	}
	return 1
}}

func countLaps(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("with one gate, a fast rider goes through twice in at least one of 1,000 schedules; with two gates, with generations or at a Barrier, in none")
	return trial{claim: "6.64", solutions: rides,
		found: "With one gate, somebody got a lap ahead in %s of 1,000 simulated schedules. With two gates, generations or a `Barrier`: in %s."}.run(ctx, lab)
}
