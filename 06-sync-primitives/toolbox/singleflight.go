package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"

	"concurrency-notebook/06-sync-primitives/primitive"
)

type cache struct {
	fetch  func(dish string) (price int, err error)
	known  sync.Map
	flight singleflight.Group
}

// lookOrFetch is a plain cache: while it's empty, everybody fetches.
func (c *cache) lookOrFetch(_ context.Context, dish string) (int, error) {
	if price, ok := c.known.Load(dish); ok {
		return price.(int), nil
	}
	price, err := c.fetch(dish)
	if err == nil {
		c.known.Store(dish, price)
	}
	return price, err
}

// price lets one fetch, and gives what it brings to all the others.
func (c *cache) price(ctx context.Context, dish string) (int, error) {
	flight := c.flight.DoChan(dish, func() (any, error) {
		return c.lookOrFetch(ctx, dish) // looks again: it may be known by now
	})
	select {
	case landed := <-flight:
		return landed.Val.(int), landed.Err
	case <-ctx.Done(): // the flight goes on, for the others
		return 0, context.Cause(ctx)
	}
}

func fetchWithSingleflight(ctx context.Context, w io.Writer) error {
	var fetched atomic.Int64
	allHaveLooked := primitive.NewBarrier(10, nil)
	stampede := cache{fetch: func(string) (int, error) {
		fetched.Add(1)
		_, err := allHaveLooked.Wait(ctx)
		return 5, err
	}}
	if err := ask(ctx, stampede.lookOrFetch, 10); err != nil {
		return err
	}
	fmt.Fprintln(w, "a cache: 10 ask, fetched", fetched.Swap(0))

	prices := cache{fetch: func(string) (int, error) { fetched.Add(1); return 5, nil }}
	err := ask(ctx, prices.price, 10)
	fmt.Fprintln(w, "one for all: 10 ask, fetched", fetched.Load())
	return err
}

func ask(ctx context.Context, get func(ctx context.Context, dish string) (int, error), guests int) error {
	var group errgroup.Group
	for range guests {
		group.Go(func() error {
			_, err := get(ctx, "soup")
			return err
		})
	}
	return group.Wait()
}
