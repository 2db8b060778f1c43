package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"concurrency-notebook/06-sync-primitives/primitive"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/virtual"
)

var errClosed = errors.New("the kitchen closes")

// waitOnCond waits on the condition, whose lock is held, until ready
// returns true or the context ends.
func waitOnCond(ctx context.Context, c *sync.Cond, ready func() bool) error {
	// A Cond knows no context. So its end has to wake the waiter
	// and, since Signal might wake another one, all of them.
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

// onCond and onCondition return how a guest waits on the one and on
// the other.
func onCond() func(ctx context.Context, ready func() bool) error {
	cond := sync.NewCond(new(sync.Mutex))
	return func(ctx context.Context, ready func() bool) error {
		cond.L.Lock()
		defer cond.L.Unlock()
		return waitOnCond(ctx, cond, ready)
	}
}

func onCondition() func(ctx context.Context, ready func() bool) error {
	var condition primitive.Condition
	return func(ctx context.Context, ready func() bool) error {
		condition.Lock()
		defer condition.Unlock()
		return condition.WaitFor(ctx, ready)
	}
}

// losePatience lets guests wait for a dish that never comes. Each
// gives up a minute after the one before. It returns how often a
// waiting guest woke up, and what each was told.
func losePatience(ctx context.Context, guests int, wait func(context.Context, func() bool) error) (wakeUps int, told []error) {
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

func waitWithContext(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(ctx context.Context) error {
		// part: cause
		start := time.Now()
		evening, end := context.WithTimeoutCause(ctx, 3*time.Hour, errClosed)
		defer end()
		// A table is part of the evening, and may end before it.
		first, leave := context.WithCancelCause(evening)
		defer leave(nil)
		second, stay := context.WithCancel(evening)
		defer stay()

		leave(errCold)
		<-first.Done()
		fmt.Fprintln(w, "first table:", time.Since(start), context.Cause(first))
		<-second.Done()
		fmt.Fprintln(w, "second table:", time.Since(start), context.Cause(second))

		// part: wake
		const guests = 10
		woken, _ := losePatience(ctx, guests, onCond())
		fmt.Fprintln(w, guests, "give up on a sync.Cond:", woken, "wake-ups")
		woken, told := losePatience(ctx, guests, onCondition())
		fmt.Fprintln(w, guests, "give up on a Condition:", woken, "wake-ups")
		fmt.Fprintln(w, "the last is told:", told[guests-1])
		// part: end
		return nil
	})
}

func compareWakeUps(ctx context.Context, lab *notebook.Lab) error {
	const guests = 100
	lab.Predict("each of N who give up wakes all who still wait: N(N+1)/2 wake-ups, %d for %d and %d for %d, 4 times as many for twice as many guests; on a Condition it wakes itself, N, 2 times as many",
		guests*(guests+1)/2, guests, guests*(2*guests+1), 2*guests)

	// In virtual time, in which each is seen to give up before the
	// next does; the work is real.
	var woken measure.Samples
	right, all := 0, 0
	wait := func(name string, guests int, on func() func(context.Context, func() bool) error) measure.Variant {
		return measure.Variant{Name: name, Run: func(ctx context.Context) error {
			return virtual.Run(ctx, func(ctx context.Context) error {
				waitOn := on()
				wakeUps, told := losePatience(ctx, guests, func(ctx context.Context, ready func() bool) error {
					child, cancel := context.WithCancel(ctx) // the cause is its parent's
					defer cancel()
					return waitOn(child, ready)
				})
				woken.Add(name, float64(wakeUps))
				for i, err := range told {
					all++
					if errors.Is(err, impatient(i)) {
						right++
					}
				}
				return nil
			})
		}}
	}
	went, err := lab.InTurn(ctx,
		wait("cond", guests, onCond), wait("2 cond", 2*guests, onCond),
		wait("condition", guests, onCondition), wait("2 condition", 2*guests, onCondition))
	if err != nil {
		return err
	}

	unit := fmt.Sprintf("wake-ups of %d guests", 2*guests)
	lab.Show("sync.Cond, AfterFunc and Broadcast", unit, woken.Estimate("2 cond"), guests*(2*guests+1))
	lab.Show("primitive.Condition", unit, woken.Estimate("2 condition"), 2*guests)
	const growth = "times as many wake-ups for twice as many guests"
	grows := woken.Ratio("2 cond", "cond")
	lab.Show("sync.Cond, AfterFunc and Broadcast", growth, grows, 4)
	lab.Show("primitive.Condition", growth, woken.Ratio("2 condition", "condition"), 2)
	lab.Show("sync.Cond, AfterFunc and Broadcast", "ms, 200 guests", went.Estimate("2 cond").Times(1e3))
	lab.Show("primitive.Condition", "ms, 200 guests", went.Estimate("2 condition").Times(1e3))
	lab.Judge("6.32", notebook.Go, measure.Fact(right == all, "%d waits ended with their context, and %d returned its own cause", all, right))
	lab.Judge("6.33", notebook.Go, grows.Decide(fmt.Sprintf("counted, not timed: wake-ups of %d / of %d", 2*guests, guests), 4, 2))
	return nil
}
