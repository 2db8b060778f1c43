package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"concurrency-notebook/06-sync-primitives/primitive"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/virtual"
)

// waitOnCond waits on the condition, whose lock is held, until ready
// returns true or the context ends.
func waitOnCond(ctx context.Context, c *sync.Cond, ready func() bool) error {
	// The end of the context has to wake the waiter and, since Signal
	// might wake another one, all of them.
	stop := context.AfterFunc(ctx, func() {
		c.L.Lock()
		defer c.L.Unlock()
		c.Broadcast()
	})
	defer stop()
	for !ready() {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		c.Wait()
	}
	return nil
}

const (
	patientGuests = 100
	patienceOfAll = 20 * time.Millisecond
)

// waitThrice waits for what never comes, three times, each with a context that
// within returns.
func waitThrice(ctx context.Context, within func(context.Context) (context.Context, context.CancelFunc)) {
	var never chan struct{}
	for range 3 {
		ctx, cancel := within(ctx)
		select {
		case <-never:
		case <-ctx.Done():
		}
		cancel()
	}
}

func compareWakeUps(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("three waits that never end take %v under one deadline, %v with a timeout at each; each of N guests that give up wakes all that still wait: N(N+1)/2 wake-ups, %d for %d and %d for %d, 4 times as many for twice as many guests; on a Condition it wakes only itself, so 2 times as many",
		patienceOfAll, 3*patienceOfAll, patientGuests*(patientGuests+1)/2, patientGuests, patientGuests*(2*patientGuests+1), 2*patientGuests)
	// In virtual time, in which each is seen to give up before the next does;
	// the work is real.
	var counted measure.Samples
	wait := func(name string, guests int, on func() waitFunc) measure.Variant {
		return measure.Variant{Name: name, Run: func(ctx context.Context) error {
			return virtual.Run(ctx, func(ctx context.Context) error {
				waitOn := on()
				wakeUps, told := losePatience(ctx, guests, func(ctx context.Context, ready func() bool) error {
					child, cancel := context.WithCancel(ctx) // the cause is its parent's
					defer cancel()
					return waitOn(child, ready)
				})
				counted.Add("wake-ups, "+name, float64(wakeUps))
				wrong := 0
				for i, err := range told {
					if !errors.Is(err, impatient(i)) {
						wrong++
					}
				}
				counted.Add("another cause", float64(wrong))
				return nil
			})
		}}
	}
	timeout := func(ctx context.Context) (context.Context, context.CancelFunc) {
		return context.WithTimeout(ctx, patienceOfAll)
	}
	went, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"patience": patienceOfAll.Seconds()},
		measure.Variant{Name: "one deadline", Run: func(ctx context.Context) error {
			ctx, cancel := timeout(ctx)
			defer cancel()
			waitThrice(ctx, context.WithCancel)
			return nil
		}},
		measure.Variant{Name: "one each", Run: func(ctx context.Context) error {
			waitThrice(ctx, timeout)
			return nil
		}},
		wait("cond", patientGuests, onCond), wait("2 cond", 2*patientGuests, onCond),
		wait("condition", patientGuests, onCondition), wait("2 condition", 2*patientGuests, onCondition))
	if err != nil {
		return err
	}
	judgeContext(lab, went.With(counted), theirs)
	return nil
}

func judgeContext(lab *notebook.Lab, went, theirs measure.Samples) {
	waits := notebook.Time("time for three waits that never end")
	one, each := patienceOfAll.Seconds(), 3*patienceOfAll.Seconds()
	lab.Figure(waits, "CPython, asyncio, one deadline", theirs.Estimate("one deadline"), one)
	lab.Figure(waits, "CPython, threads, one timeout each", theirs.Estimate("one each"), each)
	lab.Figure(waits, "Go, one context", went.Estimate("one deadline"), one)
	lab.Figure(waits, "Go, one context each", went.Estimate("one each"), each)
	for _, b := range []struct {
		of      notebook.Subject
		samples measure.Samples
		said    string
	}{
		{notebook.CPython, theirs, "Three waits that never end took %s under one deadline of 20 ms in asyncio. In threads, with a timeout of 20 ms at each, they took %s."},
		{notebook.Go, went, "Under one context, three such waits took %s; with a context for each, %s."},
	} {
		lab.Judge("6.40", b.of, b.samples.Ratio("one deadline", "one each").Decide("under one deadline / with a timeout each", 1./3, 1).
			DespiteLoad("whatever wakes late does so after each wait"))
		text := fmt.Sprintf(b.said, b.samples.Estimate("one deadline").Seconds(), b.samples.Estimate("one each").Seconds())
		lab.Answer("6.40", b.of, notebook.Wording{measure.Yes: text, measure.No: text, measure.Same: text, measure.Different: text})
	}

	wakeUps := notebook.Unit{Name: fmt.Sprintf("wake-ups until %d have given up", 2*patientGuests), Say: measure.Count}
	took := notebook.Time(wakeUps.Name + ", time")
	lab.Figure(wakeUps, "sync.Cond, AfterFunc and Broadcast", went.Estimate("wake-ups, 2 cond"), patientGuests*(2*patientGuests+1))
	lab.Figure(wakeUps, "primitive.Condition", went.Estimate("wake-ups, 2 condition"), 2*patientGuests)
	lab.Figure(took, "sync.Cond, AfterFunc and Broadcast", went.Estimate("2 cond"))
	lab.Figure(took, "primitive.Condition", went.Estimate("2 condition"))

	wrong, n := went.Count("another cause")
	lab.Judge("6.32", notebook.Go, measure.Fact(wrong == 0, "in %d of %d runs each of %d or %d waits that ended with their context returned its own cause", n-wrong, n, patientGuests, 2*patientGuests))
	text := fmt.Sprintf("%d waits ended with their contexts, and each could say why: it returned the cause of the context that its own was made from.", patientGuests)
	lab.Answer("6.32", notebook.Go, notebook.Wording{measure.Yes: text, measure.No: "Not every wait that ended with its context could say why."})

	grows := went.Ratio("wake-ups, 2 cond", "wake-ups, cond")
	lab.Judge("6.33", notebook.Go, grows.Decide(fmt.Sprintf("wake-ups of %d / of %d", 2*patientGuests, patientGuests), 4, 2).
		DespiteLoad("they are counted, in virtual time"))
	text = fmt.Sprintf("Until %d had given up, there were %s wake-ups; until %d had, %s.",
		patientGuests, measure.Count(went.Estimate("wake-ups, cond").Median), 2*patientGuests, measure.Count(went.Estimate("wake-ups, 2 cond").Median))
	lab.Answer("6.33", notebook.Go, notebook.Wording{measure.Yes: text, measure.No: text})
}

// A waitFunc waits until ready returns true, which it calls under a lock, or
// until the context ends.
type waitFunc func(ctx context.Context, ready func() bool) error

// onCond and onCondition return how a guest waits on the one and on the other.
func onCond() waitFunc {
	cond := sync.NewCond(new(sync.Mutex))
	return func(ctx context.Context, ready func() bool) error {
		cond.L.Lock()
		defer cond.L.Unlock()
		return waitOnCond(ctx, cond, ready)
	}
}

func onCondition() waitFunc {
	var condition primitive.Condition
	return func(ctx context.Context, ready func() bool) error {
		condition.Lock()
		defer condition.Unlock()
		return condition.WaitFor(ctx, ready)
	}
}

// losePatience lets guests wait for a dish that never comes. Each gives up a
// minute after the one before. It returns how often a waiting guest woke up, and
// what each was told.
func losePatience(ctx context.Context, guests int, wait waitFunc) (wakeUps int, told []error) {
	asked := 0 // guarded by the lock that wait holds
	told = make([]error, guests)
	var all sync.WaitGroup
	for i := range guests {
		all.Go(func() {
			patience := time.Duration(i+1) * time.Minute
			ctx, cancel := context.WithTimeoutCause(ctx, patience, impatient(i))
			defer cancel()
			told[i] = wait(ctx, func() bool { asked++; return false })
		})
	}
	all.Wait()
	return asked - guests, told // each asks once before it waits
}

// An impatient guest is why a wait has ended.
type impatient int

func (i impatient) Error() string { return fmt.Sprintf("guest %d has lost patience", int(i)) }
