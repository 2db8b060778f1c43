package gil_test

import (
	"context"
	"fmt"
	"sync"
	"time"

	"concurrency-notebook/02-gil/gil"
	"concurrency-notebook/internal/timeline"
	"concurrency-notebook/internal/virtual"
)

func Example() {
	err := virtual.Run(context.Background(), func(context.Context) error {
		rec := timeline.Start() // writes down who holds the lock
		lock, err := gil.New(5*time.Millisecond, rec)
		if err != nil {
			return err
		}
		ada, grace := lock.Thread("Ada"), lock.Thread("Grace")
		step := func() { time.Sleep(2 * time.Millisecond) }
		callC := func() { time.Sleep(18 * time.Millisecond) }

		ada.Take() // so that she's first
		var wg sync.WaitGroup
		wg.Go(func() {
			grace.Run(func() { grace.Compute(8, step) })
		})
		ada.Compute(6, step)
		ada.Compute(1, callC) // one step, however long
		ada.Compute(2, step)
		ada.Drop()
		wg.Wait()

		lanes := rec.Timeline()
		chart := timeline.Chart{Panels: []timeline.Panel{{
			Title: "the holder of the lock", Lanes: lanes,
		}}}
		fmt.Print(chart.Text(60, false))
		for _, lane := range lanes {
			for _, held := range lane.Spans {
				fmt.Println(lane.Name, "had it from", held.Start, "to", held.End)
			}
		}
		return nil
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// the holder of the lock
	//   Ada    ██████      ██████      ███████████████████    ████
	//   Grace        ██████      ██████                   ████
	//          ├─────────┼─────────┼─────────┼─────────┼─────────┼
	//          0         10        20        30        40    50 ms
	// Ada had it from 0s to 6ms
	// Ada had it from 12ms to 18ms
	// Ada had it from 24ms to 42ms
	// Ada had it from 46ms to 50ms
	// Grace had it from 6ms to 12ms
	// Grace had it from 18ms to 24ms
	// Grace had it from 42ms to 46ms
}
