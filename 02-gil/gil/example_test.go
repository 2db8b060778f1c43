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

		chart := timeline.Chart{Panels: []timeline.Panel{{
			Title: "the holder of the lock", Lanes: rec.Timeline(),
		}}}
		fmt.Print(chart.Text(60, false))
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
}
