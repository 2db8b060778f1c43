package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"
)

type prices struct {
	fetch   func(dish string) (price int, err error)
	looked  func() // after each look
	known   sync.Map
	flights singleflight.Group
}

// lookOrFetch is a plain cache: while it's empty, everybody fetches.
func (p *prices) lookOrFetch(_ context.Context, dish string) (any, error) {
	price, ok := p.known.Load(dish)
	if p.looked(); ok {
		return price, nil
	}
	price, err := p.fetch(dish)
	if err == nil {
		p.known.Store(dish, price)
	}
	return price, err
}

// price lets one fetch, and gives what it brings to all the others.
func (p *prices) price(ctx context.Context, dish string) (any, error) {
	price, ok := p.known.Load(dish)
	if p.looked(); ok {
		return price, nil
	}
	flight := p.flights.DoChan(dish, func() (any, error) {
		return p.lookOrFetch(ctx, dish) // it may be known by now
	})
	select {
	case landed := <-flight:
		return landed.Val, landed.Err
	case <-ctx.Done(): // the flight goes on, for the others
		return nil, context.Cause(ctx)
	}
}

func fetchWithSingleflight(ctx context.Context, w io.Writer) error {
	for _, way := range []struct {
		name string
		ask  func(*prices, context.Context, string) (any, error)
	}{{"a cache", (*prices).lookOrFetch}, {"one for all", (*prices).price}} {
		var looks, fetched atomic.Int64
		allHaveLooked := make(chan struct{})
		p := prices{looked: func() {
			if looks.Add(1) == 10 {
				close(allHaveLooked)
			}
		}, fetch: func(string) (int, error) {
			fetched.Add(1)
			<-allHaveLooked // there's no price before
			return 5, nil
		}}
		var guests errgroup.Group
		for range 10 {
			guests.Go(func() error {
				_, err := way.ask(&p, ctx, "soup")
				return err
			})
		}
		if err := guests.Wait(); err != nil {
			return err
		}
		fmt.Fprintf(w, "%s: 10 ask, fetched %d\n", way.name, fetched.Load())
	}
	return nil
}
