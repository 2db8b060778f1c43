package main

import (
	"context"
	"fmt"

	"concurrency-notebook/06-sync-primitives/primitive"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/timeline"
)

var philosophers = []string{"Ada", "Barbara", "Edsger", "Grace", "Tony"}

const meals = 3

// A table has a fork between each two philosophers: number i to the left of
// philosopher i, and the one with the next number to the right.
type table struct {
	forks []primitive.Semaphore // of one slot each
	seats *primitive.Semaphore
}

// eat eats with two forks, taken one after the other.
func (t *table) eat(a *actor, first, second int) {
	a.acquire(&t.forks[first])
	a.acquire(&t.forks[second])
	a.does("eats")
	a.release(&t.forks[second])
	a.release(&t.forks[first])
}

func (t *table) leftFirst(a *actor, left, right int) {
	t.eat(a, left, right)
}

func (t *table) lowerFirst(a *actor, left, right int) {
	t.eat(a, min(left, right), max(left, right))
}

func (t *table) withSeat(a *actor, left, right int) {
	a.acquire(t.seats)
	t.eat(a, left, right)
	a.release(t.seats)
}

// dinner lets the philosophers think and dine, each in the same way.
func dinner(dine func(t *table, a *actor, left, right int)) func(p *play) {
	return func(p *play) {
		n := len(philosophers)
		t := &table{forks: make([]primitive.Semaphore, n), seats: primitive.NewSemaphore(n - 1)}
		for i, name := range philosophers {
			p.enter(name, func(a *actor) {
				for range meals {
					a.does("thinks")
					dine(t, a, i, (i+1)%n)
				}
			})
		}
	}
}

// neighborsApart: no two neighbors eat together, and all eat their meals.
func neighborsApart(log []event) error {
	eating := make(map[string]bool)
	eaten := make(map[string]int)
	for _, e := range log {
		if e.what != "eats" {
			continue
		}
		if eating[e.who] = e.kind == begun; e.kind == ended {
			eaten[e.who]++
		}
		for i, name := range philosophers {
			if next := philosophers[(i+1)%len(philosophers)]; eating[name] && eating[next] {
				return fmt.Errorf("%s and %s eat together", name, next)
			}
		}
	}
	for _, name := range philosophers {
		if eaten[name] != meals {
			return isUnfinished("%s had %d meals", name, eaten[name])
		}
	}
	return nil
}

var dinners = []solution{
	{name: "left fork first", wrong: true, play: dinner((*table).leftFirst), rule: neighborsApart},
	{name: "lower number first", play: dinner((*table).lowerFirst), rule: neighborsApart},
	{name: "one seat fewer than forks", play: dinner((*table).withSeat), rule: neighborsApart},
}

func countDinners(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("if all take the left fork first, at least one of 1,000 schedules ends with a fork in each left hand; with the lower number first, or with one seat fewer than forks, none does")
	if err := drawDinners(ctx, lab); err != nil {
		return err
	}
	return trial{claim: "6.67", solutions: dinners,
		found: "Left fork first: %s of 1,000 simulated dinners got stuck. Lower number first, or one seat fewer than forks: %s."}.run(ctx, lab)
}

// drawDinners draws a schedule in which the left fork first goes wrong, but not
// before somebody has eaten, and the same one with the lower number first.
func drawDinners(ctx context.Context, lab *notebook.Lab) error {
	for seed := range uint64(schedules) {
		naive, err := perform(ctx, shuffled(seed), dinners[0])
		if err != nil {
			return err
		}
		if len(naive.stuck) == 0 || eaten(naive.log) == 0 {
			continue
		}
		cured, err := perform(ctx, shuffled(seed), dinners[1])
		if err != nil {
			return err
		}
		end := cured.log[len(cured.log)-1].at
		lab.Draw(timeline.Chart{Title: fmt.Sprintf("A dinner, by schedule %d, in virtual time", seed), Panels: []timeline.Panel{
			{Title: dinners[0].name + ": never ends", Lanes: naive.lanes(end)},
			{Title: dinners[1].name, Lanes: cured.lanes(end)},
		}})
		return nil
	}
	return nil
}

func eaten(log []event) (meals int) {
	for _, e := range log {
		if e.what == "eats" && e.kind == ended {
			meals++
		}
	}
	return meals
}
