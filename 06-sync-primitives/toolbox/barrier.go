package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"concurrency-notebook/06-sync-primitives/primitive"
)

func barrier(ctx context.Context, w io.Writer) error {
	served := 0
	// Go's library has no barrier; this one is the notebook's.
	table := primitive.NewBarrier(3, func() {
		served++
		fmt.Fprintln(w, "course", served, "is served")
	})
	meal, leave := context.WithTimeout(ctx, 10*time.Second)
	defer leave()
	var failed [3]error
	var cooks sync.WaitGroup
	for i := range failed {
		cooks.Go(func() {
			_, first := table.Wait(meal)
			_, second := table.Wait(meal)
			failed[i] = errors.Join(first, second)
		})
	}
	cooks.Wait()
	if err := errors.Join(failed[:]...); err != nil {
		return err
	}

	for _, who := range []string{"one alone, in vain", "the next one"} {
		ctx, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
		defer cancel()
		if _, err := table.Wait(ctx); errors.Is(err, primitive.ErrBroken) {
			fmt.Fprintln(w, who+": broken")
		}
	}
	return nil
}
