package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"
)

type reading struct {
	city    string
	degrees int
	err     error
}

// readings asks all cities at once, and sends each answer as it comes.
func readings(
	ctx context.Context, cities []string,
	ask func(context.Context, string) (int, error),
) <-chan reading {
	// With room for all, nobody is stuck if you stop receiving.
	come := make(chan reading, len(cities))
	var wg sync.WaitGroup
	for _, city := range cities {
		wg.Go(func() {
			degrees, err := ask(ctx, city)
			come <- reading{city, degrees, err}
		})
	}
	go func() { wg.Wait(); close(come) }()
	return come
}

func asTheyCome(ctx context.Context, w io.Writer) error {
	takes := map[string]time.Duration{"Oslo": 30, "Rome": 10, "Bern": 20}
	ask := func(ctx context.Context, city string) (int, error) {
		select { // put your request here
		case <-time.After(takes[city] * time.Millisecond):
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		}
		if city == "Bern" {
			return 0, fmt.Errorf("the station is closed")
		}
		return 21, nil
	}
	cities := []string{"Oslo", "Rome", "Bern"}
	for r := range readings(ctx, cities, ask) {
		if r.err != nil {
			fmt.Fprintf(w, "%s: %v\n", r.city, r.err)
		} else {
			fmt.Fprintf(w, "%s: %d degrees\n", r.city, r.degrees)
		}
	}
	return nil
}
