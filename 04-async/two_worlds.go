package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/virtual"
	"concurrency-notebook/internal/workload"
)

// cook takes three minutes, and is a function like any other.
func cook(dish string) string {
	time.Sleep(3 * time.Minute)
	return dish
}

func twoWorlds(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(context.Context) error {
		start := time.Now()

		// A call runs the function, and waits for it.
		fmt.Fprintln(w, cook("soup"), "after", time.Since(start))

		// Whether to wait for it is decided here, where it is called,
		// and not there, where it is written.
		start = time.Now()
		var cooks sync.WaitGroup
		cooks.Go(func() { cook("soup") })
		cooks.Go(func() { cook("cake") })
		cooks.Wait()
		fmt.Fprintln(w, "two at once after", time.Since(start))
		return nil
	})
}

func compareWorlds(ctx context.Context, lab *notebook.Lab) error {
	const tasks, delay = 20, 5 * time.Millisecond
	lab.Predict("%d tasks that call a function which blocks take %d times as long as one; in Go, %[1]d goroutines that call it take as long as one", tasks, tasks)
	site, err := workload.Serve(delay)
	if err != nil {
		return err
	}
	defer site.Close()
	went, err := lab.InTurn(ctx,
		measure.Variant{Name: "one", Run: site.Fetch},
		measure.Variant{Name: "tasks", Run: func(ctx context.Context) error { return site.FetchAll(ctx, tasks, 1) }})
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"url": site.URL, "tasks": tasks})

	const unit = "x one call"
	lab.Show("CPython, tasks that call urlopen", unit, twin.Ratio("tasks", "one"), tasks)
	lab.Show("Go, goroutines that call Fetch", unit, went.Ratio("tasks", "one"), 1)
	blocked := func(s measure.Samples) measure.Verdict {
		return s.Ratio("tasks", "one").Decide(fmt.Sprintf("%d at once / one", tasks), tasks, 1)
	}
	lab.Judge("S1", notebook.CPython, blocked(twin))
	lab.Judge("S1", notebook.Go, blocked(went))
	lab.Judge("S2", notebook.Go, blocked(went))

	if lost := twin.Estimate("lost"); lost.N == 0 {
		lab.Judge("S2", notebook.CPython, measure.Cannot("%s", lost.Missing))
		lab.Judge("4.5", notebook.CPython, measure.Cannot("%s", lost.Missing))
		return nil
	}
	pairs, strangers := twin.Estimate("pairs").Median, twin.Estimate("strangers").Median
	lab.Judge("S2", notebook.CPython, measure.Fact(strangers == pairs && twin.Estimate("lost").Median > 0,
		"%.0f of %.0f classes that asyncio has a counterpart of refuse to work in the other world; and two tasks that add to one variable across an await lose %.0f of 2 updates",
		strangers, pairs, twin.Estimate("lost").Median))
	called, ran, warned := twin.Estimate("called").Median, twin.Estimate("ran").Median, twin.Estimate("warned").Median
	lab.Judge("4.5", notebook.CPython, measure.Fact(called == 1 && ran == 0,
		"a call without await returned a coroutine, and %.0f lines of it ran; when it was thrown away, CPython warned %.0f time", ran, warned))
	return nil
}
