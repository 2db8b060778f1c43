package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

type counter struct {
	mu     sync.Mutex
	filled *sync.Cond // notified when a dish comes
	freed  *sync.Cond // notified when a dish goes
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

func (c *counter) take() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.dishes) == 0 {
		c.filled.Wait()
	}
	c.freed.Signal()
	dish := c.dishes[0]
	c.dishes = c.dishes[1:]
	return dish
}

// wakeForNothing returns how many dishes a guest finds that asks with
// if, not for.
func wakeForNothing(c *counter) (found int) {
	here := make(chan struct{})
	var guest sync.WaitGroup
	guest.Go(func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		close(here)
		if len(c.dishes) == 0 {
			c.filled.Wait()
		}
		found = len(c.dishes)
	})
	<-here
	c.mu.Lock() // we have the lock, so the guest is in Wait
	c.dishes = append(c.dishes, "soup")
	c.filled.Signal()
	c.dishes = nil // before the guest has the lock again
	c.mu.Unlock()
	guest.Wait()
	return found
}

func condition(ctx context.Context, w io.Writer) error {
	counter, menu := newCounter(), []string{"soup", "cake", "tea", "pie"}
	var cook sync.WaitGroup
	cook.Go(func() {
		for _, dish := range menu {
			counter.put(dish)
		}
	})
	var served []string
	for range menu {
		served = append(served, counter.take())
	}
	cook.Wait()
	fmt.Fprintln(w, "served:", strings.Join(served, " "))
	fmt.Fprintln(w, "woken, and there are", wakeForNothing(counter), "dishes")

	// A sync.Cond has no timeout. A channel of two is the same counter,
	// and can stand in a select.
	dishes := make(chan string, 2)
	ctx, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
	defer cancel()
	select {
	case dish := <-dishes:
		fmt.Fprintln(w, "served:", dish)
	case <-ctx.Done():
		fmt.Fprintln(w, "no dish in time")
	}
	return nil
}
