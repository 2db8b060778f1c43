package main

import (
	"context"
	"fmt"

	"concurrency-notebook/06-sync-primitives/primitive"
	"concurrency-notebook/internal/notebook"
)

// A counter is where cooks put dishes, and wait while it is full, and guests
// take them, and wait while it is empty.
type counter interface {
	put(a *actor, d dish)
	take(a *actor) dish
}

// A dish has a kind, and a number among its kind. The zero dish is none.
type dish struct {
	kind   string
	number int
}

func (d dish) String() string { return fmt.Sprint(d.kind, " ", d.number) }

const room = 2

// A shelf has room for so many dishes. Nobody waits for it, and it takes two
// steps to put a dish there or to take one: it is what has to be guarded.
type shelf struct{ dishes []dish }

func (s *shelf) put(a *actor, d dish) {
	longer := append(s.dishes, d)
	a.step("puts")
	s.dishes = longer
	if len(s.dishes) > room {
		a.notes("found no room")
	}
}

func (s *shelf) take(a *actor) (d dish) {
	if len(s.dishes) == 0 {
		a.notes("found no dish")
		return d
	}
	d = s.dishes[0]
	a.step("takes")
	s.dishes = s.dishes[1:]
	return d
}

// withConditions: one lock, and two things to wait for.
type withConditions struct {
	lock              mutex
	notFull, notEmpty *primitive.Condition
	shelf             shelf
}

func newWithConditions() counter {
	c := new(withConditions)
	c.notFull = primitive.NewCondition(&c.lock)
	c.notEmpty = primitive.NewCondition(&c.lock)
	return c
}

func (c *withConditions) put(a *actor, d dish) {
	a.acquire(&c.lock)
	defer a.release(&c.lock)
	for len(c.shelf.dishes) == room {
		a.await(c.notFull.Wait)
	}
	c.shelf.put(a, d)
	c.notEmpty.Notify(1)
}

func (c *withConditions) take(a *actor) dish {
	a.acquire(&c.lock)
	defer a.release(&c.lock)
	for len(c.shelf.dishes) == 0 {
		a.await(c.notEmpty.Wait)
	}
	d := c.shelf.take(a)
	c.notFull.Notify(1)
	return d
}

// withIf is wrong: it does not ask again after it has waited.
type withIf struct{ *withConditions }

func newWithIf() counter {
	return withIf{newWithConditions().(*withConditions)}
}

func (c withIf) take(a *actor) dish {
	a.acquire(&c.lock)
	defer a.release(&c.lock)
	if len(c.shelf.dishes) == 0 {
		a.await(c.notEmpty.Wait)
	}
	d := c.shelf.take(a)
	c.notFull.Notify(1)
	return d
}

// withSemaphores: one counts the free places, one the dishes, one is the lock.
type withSemaphores struct {
	free, filled *primitive.Semaphore
	lock         mutex
	shelf        shelf
}

func newWithSemaphores() counter {
	return &withSemaphores{
		free:   primitive.NewSemaphore(room),
		filled: primitive.NewSemaphore(0),
	}
}

func (c *withSemaphores) put(a *actor, d dish) {
	a.acquire(c.free)
	a.acquire(&c.lock)
	c.shelf.put(a, d)
	a.release(&c.lock)
	a.release(c.filled)
}

func (c *withSemaphores) take(a *actor) dish {
	a.acquire(c.filled)
	a.acquire(&c.lock)
	d := c.shelf.take(a)
	a.release(&c.lock)
	a.release(c.free)
	return d
}

// withChannel: all of that is in the channel.
type withChannel chan dish

func newWithChannel() counter { return make(withChannel, room) }

func (c withChannel) put(a *actor, d dish) { a.await(send(c, d)) }

func (c withChannel) take(a *actor) (d dish) {
	a.await(receive(c, &d))
	return d
}

// cooks are each known by what they cook. There are as many guests.
var cooks = []string{"soup", "cake", "tea"}

const each = 3 // dishes of a cook, and of a guest

// evening lets the cooks put their dishes on a counter, and the guests take
// them.
func evening(open func() counter) func(p *play) {
	return func(p *play) {
		c := open()
		for i, kind := range cooks {
			p.enter(kind+" cook", func(a *actor) {
				for n := range each {
					d := dish{kind, n + 1}
					a.notes("puts " + d.String())
					c.put(a, d)
					a.notes("has put " + d.String())
				}
			})
			p.enter(fmt.Sprint("guest ", i+1), func(a *actor) {
				for range each {
					a.notes("takes")
					a.notes("has taken " + c.take(a).String())
				}
			})
		}
	}
}

// served: nobody finds no room, or no dish; each dish is taken once and not
// before it was put there, and those of a cook in their order.
func served(log []event) error {
	var put, taking, taken int
	there := make(map[dish]bool)
	last := make(map[dish]int) // the number last taken, by guest and kind
	for _, e := range log {
		var d dish
		switch {
		case match(e.what, "puts %s %d", &d.kind, &d.number):
			there[d] = true
		case match(e.what, "has put %s %d", &d.kind, &d.number):
			if put++; put-taking > room {
				return fmt.Errorf("%d dishes on a counter for %d", put-taking, room)
			}
		case e.what == "takes":
			taking++
		case e.what == "found no room", e.what == "found no dish":
			return fmt.Errorf("%s %s", e.who, e.what)
		case match(e.what, "has taken %s %d", &d.kind, &d.number):
			order := dish{kind: e.who + d.kind}
			if !there[d] || d.number < last[order] {
				return fmt.Errorf("%s took %v, which was not next", e.who, d)
			}
			there[d], last[order] = false, d.number
			taken++
		}
	}
	if taken != len(cooks)*each {
		return isUnfinished("%d dishes were taken", taken)
	}
	return nil
}

func match(text, format string, into ...any) bool {
	n, err := fmt.Sscanf(text, format, into...)
	return err == nil && n == len(into)
}

var evenings = []solution{
	{name: "conditions, and an if", wrong: true, play: evening(newWithIf), rule: served},
	{name: "two conditions", play: evening(newWithConditions), rule: served},
	{name: "semaphores", play: evening(newWithSemaphores), rule: served},
	{name: "a channel", play: evening(newWithChannel), rule: served},
}

// inBetween: guest 1 waits for a dish; while the soup cook puts one on the
// counter, guest 2 comes; the others are late.
var inBetween = schedule{rounds: func(a *actor, what string) int {
	switch {
	case what != "enters", a.name == "guest 1":
		return 1
	case a.name == "soup cook", a.name == "guest 2":
		return 5
	}
	return 20
}}

func countServed(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("with an if, somebody takes a dish that isn't there in at least one of 1,000 schedules; with the others, in none")
	return trial{claim: "6.62", solutions: evenings,
		found: "With conditions and an `if`, %s of 1,000 simulated schedules went wrong. With a loop, semaphores or a channel: %s."}.run(ctx, lab)
}
