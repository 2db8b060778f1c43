package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"concurrency-notebook/06-sync-primitives/primitive"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/workload"
)

func countLooks(ctx context.Context, lab *notebook.Lab) error {
	const delay = 10 * time.Millisecond
	lab.Predict("a guest that waits for a condition looks twice, however long it takes: before the wait, and when notified. If the dish comes as the wait ends, the wait reports that its time is over")
	site, err := workload.Serve(delay)
	if err != nil {
		return err
	}
	defer site.Close()
	var went measure.Samples
	_, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"url": site.URL}, measure.Variant{Name: "wait", Run: func(ctx context.Context) error {
		looks, err := looksUntilServed(ctx, site)
		if err != nil {
			return err
		}
		timedOut, _ := meetTimeout(ctx, func(*primitive.Condition) {})
		_, notified := meetTimeout(ctx, func(filled *primitive.Condition) { filled.Notify(1) })
		went.Add("looks", float64(looks))
		went.Add("timed out, and there", measure.Truth(timedOut))
		went.Add("notified", float64(notified))
		return nil
	}})
	if err != nil {
		return err
	}
	judgeCondition(lab, went, theirs)
	return nil
}

// looksUntilServed lets a guest wait for a dish that comes when the site has
// answered, and returns how often the guest looked at the counter.
func looksUntilServed(ctx context.Context, site *workload.Site) (looks int, err error) {
	counter := newCounter()
	here := make(chan struct{})
	var guest sync.WaitGroup
	guest.Go(func() {
		counter.mu.Lock()
		defer counter.mu.Unlock()
		close(here)
		for looks++; len(counter.dishes) == 0; looks++ {
			counter.filled.Wait()
		}
	})
	<-here
	err = site.Fetch(ctx)
	counter.put("soup")
	guest.Wait()
	return looks, err
}

// meetTimeout lets two guests wait for a dish, the first of them with a timeout.
// Its time is over while the cook has the lock; only then does the cook put the
// dish down, and notify. It returns whether the first guest heard that its time
// was over though the dish was there, and how many guests were notified.
func meetTimeout(ctx context.Context, notify func(filled *primitive.Condition)) (timedOut bool, notified int) {
	var filled primitive.Condition
	dishes := 0
	hurried, hurry := context.WithCancel(ctx)
	defer hurry()
	patient, leave := context.WithCancel(ctx)
	defer leave()

	var guests sync.WaitGroup
	for i, ctx := range []context.Context{hurried, patient} {
		here := make(chan struct{})
		guests.Go(func() {
			filled.Lock()
			defer filled.Unlock()
			close(here)
			if err := filled.Wait(ctx); err == nil {
				notified++
			} else if i == 0 {
				timedOut = dishes > 0
			}
		})
		<-here
		filled.Lock() // we have the lock, so the guest is in Wait
		dishes = 0
		filled.Unlock()
	}
	filled.Lock()
	hurry()
	time.Sleep(time.Millisecond) // the guest wakes and wants the lock
	dishes++
	notify(&filled)
	filled.Unlock()
	leave()
	guests.Wait()
	return timedOut, notified
}

func judgeCondition(lab *notebook.Lab, went, theirs measure.Samples) {
	looks := notebook.Unit{Name: "looks at the counter until the dish was there", Say: measure.Count}
	both := []struct {
		of      notebook.Subject
		samples measure.Samples
		yes     measure.Answer
	}{{notebook.CPython, theirs, measure.Yes}, {notebook.Go, went, measure.Same}}
	for _, b := range both {
		looked := b.samples.Estimate("looks")
		lab.Figure(looks, string(b.of), looked, 2)
		verdict := measure.Cannot("%s", looked.Missing)
		if looked.N > 0 {
			verdict = measure.Fact(looked.High == 2, "the guest looked at the counter at most %s in a round", times(looked.High))
		}
		lab.Judge("6.13", b.of, verdict)
		text := fmt.Sprintf("A guest that waited for a dish looked at the counter %s.", times(looked.High))
		lab.Answer("6.13", b.of, notebook.Wording{
			b.yes: fmt.Sprintf("However long the dish took, the guest looked at the counter %s: once before it slept, and once when it was notified.",
				times(looked.Median)),
			measure.No: text, measure.Different: text,
		})
	}

	unit := notebook.Unit{Name: "a notify meets the end of a wait", Say: measure.Count}
	for _, b := range []struct {
		of      notebook.Subject
		samples measure.Samples
	}{{notebook.CPython, theirs}, {ourPrimitives, went}} {
		there, n := b.samples.Count("timed out, and there")
		notified, _ := b.samples.Count("notified")
		if n == 0 {
			lab.Judge("6.14", b.of, measure.Cannot("%s", b.samples.Estimate("notified").Missing))
			lab.Judge("6.15", b.of, measure.Cannot("%s", b.samples.Estimate("notified").Missing))
			lab.Answer("6.14", b.of, nil)
			lab.Tell("6.15", b.of, nil)
			continue
		}
		lab.Figure(unit, string(b.of)+", rounds", measure.EstimateOf([]float64{float64(n)}))
		lab.Figure(unit, string(b.of)+", rounds in which one was notified", measure.EstimateOf([]float64{float64(notified)}))
		lab.Judge("6.14", b.of, measure.Fact(there > 0, "in %d of %d rounds a wait said that its time was over, and the dish was there", there, n))
		lab.Judge("6.15", b.of, measure.Fact(notified == n, "of two waiting guests, one was notified in %d of %d rounds", notified, n))
		if b.of == ourPrimitives {
			continue // its page tells how it differs
		}
		text := fmt.Sprintf("In %d of %d rounds a wait said that its time was over, and the dish was there.", there, n)
		lab.Answer("6.14", b.of, notebook.Wording{measure.Yes: text, measure.No: text})
		met := "Two waited, and the time of one was over just as `notify` was called. In %d of %d rounds, %s of them was notified."
		lab.Tell("6.15", b.of, notebook.Wording{
			measure.Yes: fmt.Sprintf(met, notified, n, "one"),
			measure.No:  fmt.Sprintf(met, n-notified, n, "neither"),
		})
	}
}
