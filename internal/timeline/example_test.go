package timeline_test

import (
	"context"
	"fmt"
	"math"
	"strings"
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
			rec.Mark("cook 2", "burnt")
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

func ExampleBars_SVG() {
	bars := timeline.Bars{Unit: "seconds", Rows: []timeline.Bar{
		{Name: "Go, goroutines", Value: 2.61, Low: 2.58, High: 2.7, Ideal: 2.5, Text: "2.61 s"},
		{Name: "Go, in sequence", Value: 5.02, Low: 5.02, High: 5.02, Ideal: math.NaN(), Text: "5.02 s"},
	}}
	_, words, _ := strings.Cut(string(bars.SVG(false)), "<desc>")
	words, _, _ = strings.Cut(words, "</desc>")
	fmt.Println(strings.ReplaceAll(words, ". ", ".\n"))
	// Output:
	// Bars from 0 on, in this unit: seconds.
	// Go, goroutines: 2.61 s, interval 2.58 to 2.7, ideal 2.5.
	// Go, in sequence: 5.02 s.
}
