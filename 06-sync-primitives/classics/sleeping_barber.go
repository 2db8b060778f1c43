package main

import (
	"context"
	"fmt"
	"io"

	"concurrency-notebook/06-sync-primitives/primitive"
	"concurrency-notebook/internal/notebook"
)

const chairs, customers = 2, 6

// A shop has a barber, and chairs for those who wait.
type shop struct {
	lock    mutex
	waiting int // sit on a chair

	customer *primitive.Semaphore // one has come
	ready    *primitive.Semaphore // the barber is, for one
	seated   *primitive.Semaphore // one is, in the barber's chair
	done     *primitive.Semaphore // is his haircut
}

func newShop() *shop {
	return &shop{
		customer: primitive.NewSemaphore(0),
		ready:    primitive.NewSemaphore(0),
		seated:   primitive.NewSemaphore(0),
		done:     primitive.NewSemaphore(0),
	}
}

// work is the barber's day. He sleeps while there is no customer, and is sent
// home when the last one has left.
func (s *shop) work(a *actor) {
	for {
		a.acquire(s.customer)
		a.release(s.ready)
		a.acquire(s.seated)
		a.does("cuts hair")
		a.release(s.done)
	}
}

// visit is a customer's. He goes away if all chairs are taken.
func (s *shop) visit(a *actor, sit func(a *actor) bool) {
	if !sit(a) {
		return
	}
	a.release(s.customer)
	a.acquire(s.ready)
	a.acquire(&s.lock)
	s.waiting--
	a.notes("stands up")
	a.release(&s.lock)
	a.release(s.seated)
	a.acquire(s.done)
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
	sitting, next := 0, 0 // on a chair to wait, and up from it for the barber
	for _, e := range log {
		switch {
		case e.what == "sits down":
			sitting++
			most = max(most, sitting)
		case e.what == "stands up":
			sitting--
			if next++; next > 1 {
				err = fmt.Errorf("%s is the second to stand up for one haircut", e.who)
			}
		case e.what == "goes away":
			if away++; sitting < chairs {
				err = fmt.Errorf("%s goes away from a free chair", e.who)
			}
		case e.what == "cuts hair" && e.kind == begun:
			if next != 1 {
				err = fmt.Errorf("%s cuts the hair of %d", e.who, next)
			}
		case e.what == "cuts hair":
			next--
			cut++
		}
	}
	return cut, away, most, err
}

// oneAtATime: the barber cuts the hair of one at a time; no more wait than there
// are chairs; and each customer is served, or goes away because none is free.
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
	return stories(ctx, w, inTurn, saturdays, func(log []event) string {
		cut, away, most, err := haircuts(log)
		if err != nil {
			return err.Error()
		}
		return fmt.Sprintf("%d served, %d gone away, up to %d on %d chairs", cut, away, most, chairs)
	})
}

func countChairs(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("all %d come within 100 rounds, and from looking to sitting down takes 100 on average, plus the wait for the lock: in nearly all of 1,000 schedules (more than %d) a third customer has looked before two sit; if both are one step, in none", customers, nearlyAll)
	return trial{claim: "6.68", solutions: saturdays, moreThan: nearlyAll, predicted: []float64{schedules},
		found: "In two steps, too many sat there in %s of 1,000 simulated schedules. In one step: in %s."}.run(ctx, lab)
}
