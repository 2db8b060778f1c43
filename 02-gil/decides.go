package main

import (
	"context"
	"io"
	"sync"
	"time"

	"concurrency-notebook/02-gil/gil"
	"concurrency-notebook/internal/timeline"
	"concurrency-notebook/internal/virtual"
)

// In virtual time: a step takes exactly two milliseconds.
func decides(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(context.Context) error {
		rec := timeline.Start()
		lock, err := gil.New(gil.DefaultInterval, rec) // 5 ms
		if err != nil {
			return err
		}
		step := func() { time.Sleep(2 * time.Millisecond) }

		// Ada computes. Grace computes too, but waits for a site in
		// the middle. Both want the lock from the start.
		ada, grace := lock.Thread("Ada"), lock.Thread("Grace")
		ada.Take()
		var wg sync.WaitGroup
		wg.Go(func() {
			grace.Run(func() {
				grace.Compute(2, step)
				grace.Block(func() { time.Sleep(8 * time.Millisecond) })
				grace.Compute(4, step)
			})
		})
		ada.Compute(14, step)
		ada.Drop()
		wg.Wait()

		chart := timeline.Chart{Panels: []timeline.Panel{{
			Title: "the holder of the lock",
			Lanes: rec.Timeline(),
		}}}
		_, err = io.WriteString(w, chart.Text(60, false))
		return err
	})
}
