package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

type service struct {
	name string
	ask  func(context.Context) (string, error)
}

// askAll asks all of them, and returns what was there in time. The
// error of one that is late is context.DeadlineExceeded.
func askAll(
	ctx context.Context, within time.Duration, services []service,
) (answers []string, errs []error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	answers = make([]string, len(services))
	errs = make([]error, len(services))
	var wg sync.WaitGroup
	for i, s := range services {
		wg.Go(func() { answers[i], errs[i] = s.ask(ctx) })
	}
	wg.Wait() // so each of them has to look at ctx
	return answers, errs
}

func partialAnswers(ctx context.Context, w io.Writer) error {
	services := []service{ // put your requests here
		{"price", func(context.Context) (string, error) {
			return "9.99", nil
		}},
		{"reviews", func(context.Context) (string, error) {
			return "", errors.New("unavailable")
		}},
		{"stock", func(ctx context.Context) (string, error) {
			<-ctx.Done()
			return "", ctx.Err()
		}},
	}
	answers, errs := askAll(ctx, 50*time.Millisecond, services)
	for i, s := range services {
		switch err := errs[i]; {
		case errors.Is(err, context.DeadlineExceeded):
			fmt.Fprintf(w, "%s: too late\n", s.name)
		case err != nil:
			fmt.Fprintf(w, "%s: %v\n", s.name, err)
		default:
			fmt.Fprintf(w, "%s: %s\n", s.name, answers[i])
		}
	}
	return nil
}
