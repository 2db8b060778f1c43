package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"concurrency-notebook/internal/virtual"
)

var (
	kitchen          sync.Mutex
	onTheStove, most int
)

// cook waits, and is a function like any other.
func cook(dish string, takes time.Duration) string {
	putOnStove(1)
	time.Sleep(takes)
	putOnStove(-1)
	return dish
}

func putOnStove(dishes int) {
	kitchen.Lock() // two cooks may come at the same moment
	defer kitchen.Unlock()
	onTheStove += dishes
	most = max(most, onTheStove)
}

func inTurn(takes time.Duration) (soup, cake string) {
	soup = cook("soup", takes)
	cake = cook("cake", takes)
	return soup, cake
}

func atOnce(takes time.Duration) (soup, cake string) {
	var cooks sync.WaitGroup
	cooks.Go(func() { soup = cook("soup", takes) })
	cooks.Go(func() { cake = cook("cake", takes) })
	cooks.Wait()
	return soup, cake
}

func twoWorlds(ctx context.Context, w io.Writer) error {
	// In virtual time, so that both cooks begin before one is done.
	return virtual.Run(ctx, func(context.Context) error {
		for _, way := range []struct {
			name string
			cook func(time.Duration) (soup, cake string)
		}{{"in_turn", inTurn}, {"at_once", atOnce}} {
			most = 0
			soup, cake := way.cook(time.Minute)
			fmt.Fprintf(w, "%s: %s and %s, %d on the stove at a time\n",
				way.name, soup, cake, most)
		}
		return nil
	})
}
