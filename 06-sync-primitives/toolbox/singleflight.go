package main

import (
	"context"
	"fmt"
	"io"
	"sync"
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

// stampede asks for the price if it is not known. So does everybody
// else, until the first answer has come.
func (c *cache) stampede(dish string) (any, error) {
	if price, ok := c.known.Load(dish); ok {
		return price, nil
	}
	price, err := c.fetch(dish)
	if err == nil {
		c.known.Store(dish, price)
	}
	return price, err
}

// price lets one ask, and gives its answer to all who wait for it.
// It looks twice: who saw no price before the first flight landed
// may come here after it.
func (c *cache) price(dish string) (any, error) {
	if price, ok := c.known.Load(dish); ok {
		return price, nil
	}
	price, err, _ := c.flight.Do(dish, func() (any, error) {
		return c.stampede(dish)
	})
	return price, err
}

func fetchWithSingleflight(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(context.Context) error {
		for _, way := range []string{"stampede", "price"} {
			var mu sync.Mutex
			fetched := 0
			prices := cache{fetch: func(string) (int, error) {
				mu.Lock()
				fetched++
				mu.Unlock()
				time.Sleep(time.Second)
				return 5, nil
			}}
			get := prices.price
			if way == "stampede" {
				get = prices.stampede
			}
			var guests sync.WaitGroup
			for range 100 {
				guests.Go(func() { get("soup") })
			}
			guests.Wait()
			price, err := get("soup") // known by now
			fmt.Fprintf(w, "%s: 100 ask, %d fetched; price %v, error %v\n", way, fetched, price, err)
		}
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
	ask := func(name string, get func(*cache, string) (any, error)) measure.Variant {
		return measure.Variant{Name: name, Run: func(ctx context.Context) error {
			before := site.Asked()
			prices := cache{fetch: func(string) (int, error) { return 5, site.Fetch(ctx) }}
			var group errgroup.Group
			for range guests {
				group.Go(func() error {
					_, err := get(&prices, "soup")
					return err
				})
			}
			err := group.Wait()
			requests := float64(site.Asked() - before)
			asked.Add(name, requests)
			asked.Add("not one, "+name, requests-1)
			return err
		}}
	}
	if _, err := lab.InTurn(ctx, ask("stampede", (*cache).stampede), ask("flight", (*cache).price)); err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"url": site.URL, "guests": guests})

	unit := fmt.Sprintf("requests, where %d ask", guests)
	lab.Show("Go, a cache", unit, asked.Estimate("stampede"), guests)
	lab.Show("Go, a cache and singleflight", unit, asked.Estimate("flight"), 1)
	lab.Show("CPython, a cache", unit, twin.Estimate("stampede"), guests)
	lab.Show("CPython, a cache and Futures", unit, twin.Estimate("flight"), 1)
	if many, rounds := asked.Count("not one, stampede"); many < rounds { // nobody came while a request was on its way
		lab.Judge("6.31", notebook.Go, measure.Cannot("without singleflight, too, there was 1 request in %d of %d rounds", rounds-many, rounds))
	} else {
		lab.Judge("6.31", notebook.Go, inEvery(asked, "not one, flight", "%d asked, and there was 1 request", guests))
	}
	return nil
}
