package main

import (
	"context"
	"fmt"
	"sync"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

const reads = 100_000

func countTornReads(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("while the cook changes first the dish and then the price, a guest reads the one from the new offer and the other from the old; under a lock, or if the whole is replaced, never")
	menus := map[string]func() changing{
		"no lock":  func() changing { return new(menu) },
		"locked":   func() changing { return new(lockedMenu) },
		"replaced": func() changing { return new(replacedMenu) },
	}
	var went measure.Samples
	_, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"reads": reads}, measure.Variant{Name: "reads", Run: func(context.Context) error {
		for way, newMenu := range menus {
			went.Add(way, float64(countTorn(newMenu(), 5*reads))/5)
		}
		var lock sync.Mutex
		lock.Lock()
		went.Add("again", measure.Truth(lock.TryLock()))
		lock.Unlock()
		went.Add("held by another", float64(lockHeld(100)))
		return nil
	}})
	if err != nil {
		return err
	}
	lab.Remark("In Python the threads take turns after a microsecond here, and not after five milliseconds, so that they meet in every round.")
	judgeMutex(lab, went, theirs)
	return nil
}

// countTorn reads the menu while a cook changes it all the time, and returns
// how often the dish had the price of another.
func countTorn(m changing, reads int) (torn int) {
	m.change("soup", priceOf)
	stop := make(chan struct{})
	var cook sync.WaitGroup
	cook.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				m.change("cake", priceOf)
				m.change("soup", priceOf)
			}
		}
	})
	for range reads {
		if seen := m.read(); seen.price != prices[seen.dish] {
			torn++
		}
	}
	close(stop)
	cook.Wait()
	return torn
}

// lockHeld lets others try a lock that is held, and returns how many got it.
func lockHeld(others int) (got int) {
	var lock, counting sync.Mutex
	lock.Lock()
	defer lock.Unlock()
	var all sync.WaitGroup
	for range others {
		all.Go(func() {
			if lock.TryLock() {
				counting.Lock()
				defer counting.Unlock()
				got++
			}
		})
	}
	all.Wait()
	return got
}

func judgeMutex(lab *notebook.Lab, went, theirs measure.Samples) {
	unit := notebook.Unit{Name: "torn, of " + measure.Count(reads) + " reads", Say: measure.Count}
	both := []struct {
		of      notebook.Subject
		samples measure.Samples
		yes     measure.Answer
	}{{notebook.CPython, theirs, measure.Yes}, {notebook.Go, went, measure.Same}}
	for _, b := range both {
		lab.Figure(unit, string(b.of)+", no lock", b.samples.Estimate("no lock"))
		lab.Figure(unit, string(b.of)+", under a lock", b.samples.Estimate("locked"), 0)
		lab.Figure(unit, string(b.of)+", replaced as a whole", b.samples.Estimate("replaced"), 0)

		torn := b.samples.Estimate("no lock")
		verdict := measure.Cannot("%s", torn.Missing)
		switch {
		case torn.N > 0 && torn.High == 0:
			verdict = measure.Cannot("no read was torn in %d rounds, which proves nothing", torn.N)
		case torn.N > 0:
			verdict = measure.Fact(true, "of %s reads without a lock up to %s were torn in a round", measure.Count(reads), measure.Count(torn.High))
		}
		lab.Judge("6.3", b.of, verdict)

		verdict = measure.Cannot("%s", b.samples.Estimate("held by another").Missing)
		if wrong, n := b.samples.Count("held by another"); n > 0 {
			verdict = measure.Fact(wrong == 0, "while one held the lock, 100 others tried to get it: all were refused in %d of %d rounds", n-wrong, n)
		}
		lab.Judge("6.4", b.of, verdict)
		others := "none of them got it"
		if wrong, n := b.samples.Count("held by another"); wrong > 0 {
			others = fmt.Sprintf("in %d of %d rounds some of them got it", wrong, n)
		}
		text := fmt.Sprintf("While one held the lock, 100 others tried to take it: %s.", others)
		lab.Answer("6.3", b.of, notebook.Wording{b.yes: fmt.Sprintf(
			"Of %s reads, %s got the dish of one offer and the price of another. Under a lock, %s did. Where the cook replaces the whole offer, %s did.",
			measure.Count(reads), noneOr(torn), noneOr(b.samples.Estimate("locked")), noneOr(b.samples.Estimate("replaced")))})
		held := notebook.Wording{measure.Yes: text, measure.No: text, measure.Same: text, measure.Different: text}
		lab.Answer("6.4", b.of, held)
	}

	again := theirs.Estimate("again")
	verdict := measure.Cannot("%s", again.Missing)
	got, n := theirs.Count("again")
	if n > 0 {
		verdict = measure.Fact(got == n, "a thread that had an RLock acquired it again without blocking in %d of %d rounds", got, n)
	}
	lab.Judge("6.9", notebook.CPython, verdict)
	text := fmt.Sprintf("A thread that held an `RLock` took it again at once, in %d of %d rounds.", got, n)
	lab.Answer("6.9", notebook.CPython, notebook.Wording{measure.Yes: text, measure.No: text})
	got, n = went.Count("again")
	lab.Judge("6.9", notebook.Go, measure.Fact(got == 0, "Go has no reentrant lock: a sync.Mutex that is held was locked again in %d of %d rounds", got, n).Means(measure.Different, measure.Same))
	lab.Answer("6.9", notebook.Go, notebook.Wording{
		measure.Different: fmt.Sprintf("It has no reentrant lock: a `sync.Mutex` that was held couldn't be locked again, in %d of %d rounds.", n-got, n),
		measure.Same:      fmt.Sprintf("A `sync.Mutex` that was held was locked again in %d of %d rounds.", got, n),
	})
}
