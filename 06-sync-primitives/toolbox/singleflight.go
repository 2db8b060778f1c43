package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/virtual"
	"concurrency-notebook/internal/workload"
)

// A cache keeps the prices that it has fetched.
type cache struct {
	fetch  func(dish string) (price int, err error)
	known  sync.Map
	flight singleflight.Group
}

// lookOrFetch fetches the price if it is not known. So does everybody
// else, until the first answer has come.
func (c *cache) lookOrFetch(dish string) (int, error) {
	if price, ok := c.known.Load(dish); ok {
		return price.(int), nil
	}
	price, err := c.fetch(dish)
	if err == nil {
		c.known.Store(dish, price)
	}
	return price, err
}

// price lets one ask, and gives its answer to all who wait for it.
// The flight looks again: who saw no price before the last flight
// landed may come here after it.
func (c *cache) price(ctx context.Context, dish string) (int, error) {
	if price, ok := c.known.Load(dish); ok {
		return price.(int), nil
	}
	flight := c.flight.DoChan(dish, func() (any, error) {
		return c.lookOrFetch(dish)
	})
	select {
	case landed := <-flight:
		return landed.Val.(int), landed.Err
	case <-ctx.Done(): // the flight goes on, for the others
		return 0, context.Cause(ctx)
	}
}

var ways = []struct {
	name string
	get  func(c *cache, ctx context.Context, dish string) (int, error)
}{
	{"stampede", func(c *cache, _ context.Context, dish string) (int, error) { return c.lookOrFetch(dish) }},
	{"price", (*cache).price},
}

func fetchWithSingleflight(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(ctx context.Context) error {
		for _, way := range ways {
			var fetched atomic.Int64
			prices := cache{fetch: func(string) (int, error) {
				fetched.Add(1)
				time.Sleep(time.Second)
				return 5, nil
			}}
			group, ctx := errgroup.WithContext(ctx)
			for range 100 {
				group.Go(func() error {
					_, err := way.get(&prices, ctx, "soup")
					return err
				})
			}
			if err := group.Wait(); err != nil {
				return err
			}
			price, err := way.get(&prices, ctx, "soup") // known by now
			fmt.Fprintf(w, "%s: 100 ask, %d fetched; price %d, error %v\n", way.name, fetched.Load(), price, err)
		}

		fetched := 0
		prices := cache{fetch: func(string) (int, error) {
			fetched++ // no two at a time
			time.Sleep(time.Second)
			return 7, nil
		}}
		// The first to ask starts the flight, and is the first to leave.
		hasty, cancel := context.WithTimeoutCause(ctx, time.Millisecond, errCold)
		defer cancel()
		_, err := prices.price(hasty, "cake")
		fmt.Fprintln(w, "in a hurry:", err)
		price, err := prices.price(ctx, "cake")
		fmt.Fprintf(w, "who waited on: %d fetched; price %d, error %v\n", fetched, price, err)
		return nil
	})
}

func compareFlights(ctx context.Context, lab *notebook.Lab) error {
	const guests, delay = 50, 10 * time.Millisecond
	lab.Predict("%d ask at once for a price that is not in the cache: without singleflight each of them makes a request, with it one does", guests)

	site, err := workload.Serve(delay)
	if err != nil {
		return err
	}
	defer site.Close()
	var asked measure.Samples
	var variants []measure.Variant
	for _, way := range ways {
		variants = append(variants, measure.Variant{Name: way.name, Run: func(ctx context.Context) error {
			before := site.Asked()
			prices := cache{fetch: func(string) (int, error) { return 5, site.Fetch(ctx) }}
			var group errgroup.Group
			for range guests {
				group.Go(func() error {
					_, err := way.get(&prices, ctx, "soup")
					return err
				})
			}
			err := group.Wait()
			requests := float64(site.Asked() - before)
			asked.Add(way.name, requests)
			asked.Add("not one, "+way.name, requests-1)
			return err
		}})
	}
	if _, err := lab.InTurn(ctx, variants...); err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"url": site.URL, "guests": guests})

	unit := fmt.Sprintf("requests, where %d ask", guests)
	lab.Show("Go, a cache", unit, asked.Estimate("stampede"), guests)
	lab.Show("Go, a cache and singleflight", unit, asked.Estimate("price"), 1)
	lab.Show("CPython, a cache", unit, twin.Estimate("stampede"), guests)
	lab.Show("CPython, a cache and Futures", unit, twin.Estimate("flight"), 1)
	if many, rounds := asked.Count("not one, stampede"); many < rounds { // nobody came while a request was on its way
		lab.Judge("6.31", notebook.Go, measure.Cannot("without singleflight, too, there was 1 request in %d of %d rounds", rounds-many, rounds))
	} else {
		lab.Judge("6.31", notebook.Go, inEvery(asked, "not one, price", "%d asked, and there was 1 request", guests))
	}
	return nil
}
