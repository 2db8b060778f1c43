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
	"concurrency-notebook/internal/workload"
)

// A counter is where a kitchen puts its dishes: there is room for
// two. One lock, and two conditions that may become true under it.
type counter struct {
	mu     sync.Mutex
	filled *sync.Cond // told when a dish comes
	freed  *sync.Cond // told when a dish goes
	dishes []string
}

func newCounter() *counter {
	c := new(counter)
	c.filled, c.freed = sync.NewCond(&c.mu), sync.NewCond(&c.mu)
	return c
}

func (c *counter) put(dish string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.dishes) == 2 {
		c.freed.Wait()
	}
	c.dishes = append(c.dishes, dish)
	c.filled.Signal()
}

// take waits for a dish. Wait gives the lock back while it waits
// and has it again when it returns; by then somebody else may have
// taken the dish, so the question is asked again: for, not if.
func (c *counter) take() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.dishes) == 0 {
		c.filled.Wait()
	}
	dish := c.dishes[0]
	c.dishes = c.dishes[1:]
	c.freed.Signal()
	return dish
}

func condition(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(ctx context.Context) error {
		serve(w)
		stealWakeUp(w)
		return losePatience(ctx, w)
	})
}

// serve cooks a dish a minute; the guests come after the hour.
func serve(w io.Writer) {
	start := time.Now()
	counter := newCounter()
	menu := []string{"soup", "cake", "tea"}
	var cook sync.WaitGroup
	cook.Go(func() {
		for _, dish := range menu {
			time.Sleep(time.Minute)
			counter.put(dish)
			fmt.Fprintln(w, dish, "on the counter after", time.Since(start))
		}
	})
	time.Sleep(time.Hour)
	counter.take()
	cook.Wait()
	counter.take()
	counter.take()
}

// stealWakeUp lets a guest wait who asks only once. A dish comes and
// the guest is signalled, but before it has the lock again somebody
// who never waited has taken the dish.
func stealWakeUp(w io.Writer) {
	counter := newCounter()
	var guest sync.WaitGroup
	guest.Go(func() {
		counter.mu.Lock()
		defer counter.mu.Unlock()
		if len(counter.dishes) == 0 {
			counter.filled.Wait()
		}
		fmt.Fprintln(w, "woken, with", len(counter.dishes), "dishes on the counter")
	})
	time.Sleep(time.Minute) // by now the guest waits

	counter.mu.Lock()
	counter.dishes = append(counter.dishes, "soup")
	counter.filled.Signal()
	counter.dishes = counter.dishes[1:] // stolen
	counter.mu.Unlock()
	guest.Wait()
}

// losePatience waits with a context, which sync.Cond cannot.
func losePatience(ctx context.Context, w io.Writer) error {
	var filled primitive.Condition // with a mutex of its own
	var dishes []string
	ctx, cancel := context.WithTimeoutCause(ctx, 5*time.Minute,
		errors.New("the guest has lost patience"))
	defer cancel()

	filled.Lock()
	defer filled.Unlock()
	err := filled.WaitFor(ctx, func() bool { return len(dishes) > 0 })
	fmt.Fprintln(w, "no dish:", err)
	return nil
}

func compareWaiting(ctx context.Context, lab *notebook.Lab) error {
	const delay = 20 * time.Millisecond
	lab.Predict("a goroutine that asks over and over keeps 1 CPU busy while it waits, one that waits for the condition keeps 0")

	site, err := workload.Serve(delay)
	if err != nil {
		return err
	}
	defer site.Close()
	// The dish comes when the site has answered.
	order := func(take func(*counter)) func(context.Context) error {
		return func(ctx context.Context) error {
			counter := newCounter()
			var cook sync.WaitGroup
			var failed error
			cook.Go(func() {
				failed = site.Fetch(ctx)
				counter.put("soup")
			})
			take(counter)
			cook.Wait()
			return failed
		}
	}
	went, err := lab.InTurn(ctx,
		measure.Variant{Name: "asking", Run: order(func(c *counter) {
			for served := false; !served; {
				c.mu.Lock()
				served = len(c.dishes) > 0
				c.mu.Unlock()
			}
		})},
		measure.Variant{Name: "waiting", Run: order(func(c *counter) { c.take() })})
	if err != nil {
		return err
	}
	for range lab.Rounds() {
		timedOut, _ := meetTimeout(ctx, func(*primitive.Condition) {})
		_, told := meetTimeout(ctx, func(filled *primitive.Condition) { filled.Notify(1) })
		went.Add("timed out, and there", truth(timedOut))
		went.Add("told", float64(told))
	}
	twin := lab.Twin(ctx, map[string]any{"url": site.URL})

	judge := func(of notebook.Subject, samples measure.Samples) {
		waiting := samples.Estimate("waiting/cpus")
		lab.Show(string(of)+", asking over and over", "CPUs kept busy", samples.Estimate("asking/cpus"), 1)
		lab.Show(string(of)+", waiting", "CPUs kept busy", waiting, 0)
		lab.Show(string(of), "told, of 2 who wait", samples.Estimate("told"))
		lab.Judge("6.13", of, waiting.Decide("CPUs kept busy by waiting", 0, 1))
		there, rounds := samples.Count("timed out, and there")
		if rounds == 0 {
			lab.Judge("6.14", of, measure.Cannot("%s", waiting.Missing))
			lab.Judge("6.15", of, measure.Cannot("%s", waiting.Missing))
			return
		}
		lab.Judge("6.14", of, measure.Fact(there > 0, "in %d of %d rounds a wait said that its time was over, and the dish was there", there, rounds))
		told, _ := samples.Count("told")
		lab.Judge("6.15", of, measure.Fact(told == rounds, "of two who waited, somebody was told in %d of %d rounds", told, rounds))
	}
	judge(notebook.CPython, twin)
	judge(notebook.Go, went)
	return nil
}

// meetTimeout lets two guests wait for a dish, the first of them with
// a timeout. Its time is over while the cook has the lock; only then
// does the cook put the dish down, and tell whom it wants to tell. It
// returns whether the first guest heard that its time was over though
// the dish was there, and how many guests were told of the dish.
func meetTimeout(ctx context.Context, tell func(filled *primitive.Condition)) (timedOut bool, told int) {
	var filled primitive.Condition
	dishes := 0
	hurried, hurry := context.WithCancel(ctx)
	patient, leave := context.WithCancel(ctx)

	var guests sync.WaitGroup
	for i, ctx := range []context.Context{hurried, patient} {
		here := make(chan struct{})
		guests.Go(func() {
			filled.Lock()
			defer filled.Unlock()
			close(here)
			if err := filled.Wait(ctx); err == nil {
				told++
			} else if i == 0 {
				timedOut = dishes > 0
			}
		})
		<-here
		filled.Lock() // it can be had: so the guest waits
		dishes = 0
		filled.Unlock()
	}
	filled.Lock()
	hurry()
	time.Sleep(time.Millisecond) // the guest wakes and wants the lock
	dishes++
	tell(&filled)
	filled.Unlock()
	leave()
	guests.Wait()
	return timedOut, told
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
