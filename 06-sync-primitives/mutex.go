package main

import (
	"context"
	"fmt"
	"io"
	"sync"

	"concurrency-notebook/06-sync-primitives/primitive"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// A menu offers a dish at its price. The two change together.
type menu struct {
	mu    sync.Mutex
	dish  string
	price int
}

func (m *menu) change(dish string, price int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.dish, m.price = dish, price
}

func (m *menu) firstPart() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.dish
}

func (m *menu) secondPart() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.price
}

// bothParts locks once and reads both. What only reads or writes,
// and expects the lock to be held, has no lock of its own.
func (m *menu) bothParts() (string, int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.dish, m.price
}

func mutex(ctx context.Context, w io.Writer) error {
	m := &menu{dish: "soup", price: 4}

	// Each call is locked, the two together are not.
	dish := m.firstPart()
	var cook sync.WaitGroup
	cook.Go(func() { m.change("cake", 6) })
	cook.Wait()
	fmt.Fprintln(w, "two calls:  ", dish, "at", m.secondPart())

	// Nor can the lock be held around them: each of them locks it.
	m.mu.Lock()
	fmt.Fprintln(w, "locked:      can it be locked again?", m.mu.TryLock())
	m.mu.Unlock()

	dish, price := m.bothParts()
	fmt.Fprintln(w, "locked once:", dish, "at", price)

	// A reentrant lock is told who wants it.
	var lock primitive.RLock
	guest := &primitive.Owner{Name: "the guest"}
	for range 3 {
		if err := lock.Acquire(ctx, guest); err != nil {
			return err
		}
	}
	stranger := &primitive.Owner{Name: "a stranger"}
	fmt.Fprintln(w, "reentrant:   3 times by its owner; by a stranger?", lock.TryAcquire(stranger))
	for range 3 {
		lock.Release(guest)
	}
	return nil
}

func countTornReads(ctx context.Context, lab *notebook.Lab) error {
	const reads = 500_000
	lab.Predict("who reads a pair in two calls, each of them locked, gets some of one offer and some of another; who locks once, never")

	torn := func(read func(*menu) (string, int)) (count int) {
		m := &menu{dish: "soup", price: 4}
		stop := make(chan struct{})
		var cook sync.WaitGroup
		cook.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					m.change("cake", 6)
					m.change("soup", 4)
				}
			}
		})
		for range reads {
			if dish, price := read(m); (dish == "soup") != (price == 4) {
				count++
			}
		}
		close(stop)
		cook.Wait()
		return count
	}
	var went measure.Samples
	_, err := lab.InTurn(ctx, measure.Variant{Name: "reads", Run: func(context.Context) error {
		const thousands = reads / 1000
		went.Add("two calls", float64(torn(func(m *menu) (string, int) { return m.firstPart(), m.secondPart() }))/thousands)
		went.Add("locked once", float64(torn((*menu).bothParts))/thousands)
		return nil
	}})
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, nil)

	const unit = "torn of 1,000 reads"
	judge := func(of notebook.Subject, s measure.Samples) {
		apart, once := s.Estimate("two calls"), s.Estimate("locked once")
		lab.Show(string(of)+", two calls", unit, apart)
		lab.Show(string(of)+", locked once", unit, once, 0)
		switch n, rounds := s.Count("two calls"); {
		case rounds == 0:
			lab.Judge("6.3", of, measure.Cannot("%s", apart.Missing))
			lab.Judge("6.4", of, measure.Cannot("%s", apart.Missing))
		case n == 0: // nothing would have shown, with a lock or without
			lab.Judge("6.3", of, measure.Cannot("no read was torn this time, which proves nothing"))
			lab.Judge("6.4", of, measure.Cannot("no read was torn this time, not even in two calls"))
		default:
			lab.Judge("6.3", of, measure.Fact(true, "of 1,000 reads in two calls up to %s were torn", measure.Number(apart.High)))
			tornOnce, _ := s.Count("locked once")
			lab.Judge("6.4", of, measure.Fact(tornOnce == 0, "locked once, %s were, in as many reads", measure.Number(once.High)))
		}
	}
	judge(notebook.CPython, twin)
	judge(notebook.Go, went)

	var lock primitive.RLock
	owner := new(primitive.Owner)
	first, second := lock.TryAcquire(owner), lock.TryAcquire(owner)
	lab.Judge("6.9", notebook.Go, measure.Fact(first && second, "the owner of a primitive.RLock acquired it again without blocking (Go’s library has no reentrant lock)"))
	if again := twin.Estimate("acquired again"); again.N == 0 {
		lab.Judge("6.9", notebook.CPython, measure.Cannot("%s", again.Missing))
	} else {
		lab.Judge("6.9", notebook.CPython, measure.Fact(again.Low == 1, "a thread acquired its RLock again without blocking in %d rounds", again.N))
	}
	return nil
}
