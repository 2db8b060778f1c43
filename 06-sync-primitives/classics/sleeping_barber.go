package main

import (
	"context"
	"fmt"
	"io"

	"concurrency-notebook/06-sync-primitives/primitive"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

const chairs, customers = 2, 6

// A shop has a barber, and chairs for those who wait.
type shop struct {
	lock    mutex
	waiting int // sit on a chair

	customer *primitive.Semaphore // one has come
	barber   *primitive.Semaphore // is ready for one
	done     *primitive.Semaphore // with him
}

func newShop() *shop {
	return &shop{
		customer: primitive.NewSemaphore(0),
		barber:   primitive.NewSemaphore(0),
		done:     primitive.NewSemaphore(0),
	}
}

// work is the barber's day. He sleeps while there is no customer, and is sent
// home when the last one has left.
func (s *shop) work(a *actor) {
	for {
		a.acquire(s.customer)
		a.release(s.barber)
		a.acquire(s.done)
	}
}

// visit is a customer's. He goes away if all chairs are taken.
func (s *shop) visit(a *actor, sit func(a *actor) bool) {
	if !sit(a) {
		return
	}
	a.release(s.customer)
	a.acquire(s.barber)
	a.acquire(&s.lock)
	s.waiting--
	a.notes("stands up")
	a.release(&s.lock)
	a.does("has his hair cut")
	a.release(s.done)
}

// sit looks for a free chair and takes it, and nobody comes in between.
func (s *shop) sit(a *actor) bool {
	a.acquire(&s.lock)
	defer a.release(&s.lock)
	if s.waiting == chairs {
		a.notes("goes away")
		return false
	}
	s.waiting++
	a.notes("sits down")
	return true
}

// lookThenSit is wrong: somebody may come between looking and sitting down.
func (s *shop) lookThenSit(a *actor) bool {
	a.acquire(&s.lock)
	full := s.waiting == chairs
	if full {
		a.notes("goes away")
	}
	a.release(&s.lock)
	if full {
		return false
	}
	a.acquire(&s.lock)
	s.waiting++
	a.notes("sits down")
	a.release(&s.lock)
	return true
}

func saturday(sit func(s *shop, a *actor) bool) func(p *play) {
	return func(p *play) {
		s := newShop()
		p.serve("the barber", s.work)
		for i := range customers {
			p.enter(fmt.Sprint("customer ", i+1), func(a *actor) {
				s.visit(a, func(a *actor) bool { return sit(s, a) })
			})
		}
	}
}

// haircuts counts what became of the customers, and the most who sat at a time.
func haircuts(log []event) (cut, away, most int, err error) {
	sitting, cutting := 0, 0
	for _, e := range log {
		switch {
		case e.what == "sits down":
			sitting++
			most = max(most, sitting)
		case e.what == "stands up":
			sitting--
		case e.what == "goes away":
			if away++; sitting < chairs {
				err = fmt.Errorf("%s goes away from a free chair", e.who)
			}
		case e.what == "has his hair cut" && e.kind == begun:
			if cutting++; cutting > 1 {
				err = fmt.Errorf("%d have their hair cut at a time", cutting)
			}
		case e.what == "has his hair cut":
			cutting--
			cut++
		}
	}
	return cut, away, most, err
}

// oneAtATime: one has his hair cut at a time; no more wait than there are
// chairs; and each customer is served, or goes away because none is free.
func oneAtATime(log []event) error {
	cut, away, most, err := haircuts(log)
	switch {
	case err != nil:
		return err
	case most > chairs:
		return fmt.Errorf("%d wait on %d chairs", most, chairs)
	case cut+away != customers:
		return isUnfinished("%d served, %d gone away, of %d", cut, away, customers)
	}
	return nil
}

var saturdays = []solution{
	{name: "look, then sit", wrong: true, play: saturday((*shop).lookThenSit), rule: oneAtATime},
	{name: "look and sit in one", play: saturday((*shop).sit), rule: oneAtATime},
}

func sleepingBarber(ctx context.Context, w io.Writer) error {
	for _, s := range saturdays {
		p, err := perform(ctx, inTurn, s)
		if err != nil {
			return err
		}
		cut, away, most, err := haircuts(p.log)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s: %d served, %d gone away, up to %d on %d chairs\n", s.name, cut, away, most, chairs)
	}
	return nil
}

func countChairs(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("who looks and then sits finds the chair taken in some of 1,000 schedules; who does both in one, in none")
	wrong, err := tally(ctx, lab, saturdays)
	if err != nil {
		return err
	}
	lab.Judge("6.68", notebook.Go, measure.Fact(wrong[0] > 0 && wrong[1] == 0, "too many sat in %d, and in %d", wrong[0], wrong[1]))
	return nil
}
