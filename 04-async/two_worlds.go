package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"concurrency-notebook/internal/virtual"
)

// cook waits, and is a function like any other.
func cook(dish string, takes time.Duration) string {
	time.Sleep(takes)
	return dish
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
	return virtual.Run(ctx, func(context.Context) error {
		for _, way := range []func(time.Duration) (string, string){
			inTurn, atOnce,
		} {
			start := time.Now()
			soup, cake := way(3 * time.Minute)
			fmt.Fprintf(w, "%s %s after %.0f min\n",
				soup, cake, time.Since(start).Minutes())
		}
		return nil
	})
}
