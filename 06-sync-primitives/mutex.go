package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
)

var prices = map[string]int{"soup": 4, "cake": 6}

type offer struct {
	dish  string
	price int
}

// A menu changes one part after the other. (Each part is atomic, so
// that the race detector stays quiet. It's just wrong.)
type menu struct {
	dish  atomic.Value
	price atomic.Int64
}

func (m *menu) change(dish string, priceOf func(string) int) {
	m.dish.Store(dish)
	m.price.Store(int64(priceOf(dish)))
}

func (m *menu) read() offer {
	return offer{m.dish.Load().(string), int(m.price.Load())}
}

// A lockedMenu changes both under a lock, and reads both under it.
type lockedMenu struct {
	mu    sync.Mutex
	offer offer
}

func (m *lockedMenu) change(dish string, priceOf func(string) int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.offer.dish = dish
	m.offer.price = priceOf(dish)
}

func (m *lockedMenu) read() offer {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.offer
}

// A replacedMenu makes a new offer, and puts it in the place of the
// old one.
type replacedMenu struct{ offer atomic.Pointer[offer] }

func (m *replacedMenu) change(dish string, priceOf func(string) int) {
	m.offer.Store(&offer{dish, priceOf(dish)})
}

func (m *replacedMenu) read() offer { return *m.offer.Load() }

func mutex(_ context.Context, w io.Writer) error {
	var m menu
	m.change("soup", priceOf)
	fmt.Fprintln(w, "one part after the other:", readMeanwhile(&m, false))

	var locked lockedMenu
	locked.change("soup", priceOf)
	fmt.Fprintln(w, "under a lock:", readMeanwhile(&locked, true))

	var replaced replacedMenu
	replaced.change("soup", priceOf)
	fmt.Fprintln(w, "replaced as a whole:", readMeanwhile(&replaced, false))
	return nil
}

func priceOf(dish string) int { return prices[dish] }

type changing interface {
	change(dish string, priceOf func(string) int)
	read() offer
}

// readMeanwhile returns what a guest reads while the cook looks up
// the price.
func readMeanwhile(m changing, mustWait bool) string {
	var guest sync.WaitGroup
	var seen offer
	m.change("cake", func(dish string) int {
		guest.Go(func() { seen = m.read() })
		if !mustWait {
			guest.Wait()
		}
		return prices[dish]
	})
	guest.Wait()
	return fmt.Sprintf("%s at %d", seen.dish, seen.price)
}
