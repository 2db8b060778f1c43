package timeline_test

import (
	"context"
	"fmt"
	"sync"
	"time"

	"concurrency-notebook/internal/timeline"
	"concurrency-notebook/internal/virtual"
)

func ExampleChart_Text() {
	var lanes []timeline.Lane
	err := virtual.Run(context.Background(), func(context.Context) error {
		rec := timeline.Start()
		var kitchen sync.WaitGroup
		kitchen.Go(func() {
			defer rec.Span("cook 1", "soup")()
			time.Sleep(30 * time.Second)
		})
		kitchen.Go(func() {
			end := rec.Span("cook 2", "cake")
			time.Sleep(20 * time.Second)
			end()
			rec.Add("cook 2", "burnt", time.Now(), time.Now())
		})
		kitchen.Wait()
		lanes = rec.Timeline()
		return nil
	})
	chart := timeline.Chart{Title: "Dinner for two", Panels: []timeline.Panel{{Lanes: lanes}}}
	fmt.Print(chart.Text(40, false))
	fmt.Println(err)
	// Output:
	// Dinner for two
	//
	//   cook 1  Ssssssssssssssssssssssssssssss
	//   cook 2  Cccccccccccccccccccc✕
	//           ├─────────┼─────────┼────────┼
	//           0         10        20    30 s
	//
	//   c cake   s soup   ✕ burnt
	// <nil>
}
