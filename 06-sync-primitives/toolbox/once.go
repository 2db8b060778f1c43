package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/workload"
)

func once(_ context.Context, w io.Writer) error {
	// part: value
	printed := 0
	menu := sync.OnceValue(func() string {
		printed++ // nobody else is here, so no lock is needed
		return "soup, cake, tea"
	})
	var guests sync.WaitGroup
	for range 100 {
		guests.Go(func() { menu() })
	}
	guests.Wait()
	fmt.Fprintf(w, "%s: 100 ask, printed %d time\n", menu(), printed)

	// part: error
	// Once is once: an error is kept like any other result.
	tries := 0
	kettle := sync.OnceValues(func() (string, error) {
		tries++
		if tries == 1 {
			return "", errors.New("no water")
		}
		return "hot", nil
	})
	for range 2 {
		_, err := kettle()
		fmt.Fprintln(w, "the kettle:", err)
	}
	// part: end
	return nil
}

func compareOnce(ctx context.Context, lab *notebook.Lab) error {
	const guests, delay = 20, 5 * time.Millisecond
	lab.Predict("%d ask at once for what one request can tell: sync.OnceValue makes 1, and functools.cache up to %d, since it stores a result but does not make anybody wait for one that is on its way", guests, guests)

	site, err := workload.Serve(delay)
	if err != nil {
		return err
	}
	defer site.Close()
	var went measure.Samples
	_, err = lab.InTurn(ctx, measure.Variant{Name: "once", Run: func(ctx context.Context) error {
		before := site.Asked()
		menu := sync.OnceValue(func() error { return site.Fetch(ctx) })
		var group errgroup.Group
		for range guests {
			group.Go(menu)
		}
		err := group.Wait()
		asked := float64(site.Asked() - before)
		went.Add("once", asked)
		went.Add("not once", asked-1)
		return err
	}})
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"url": site.URL, "guests": guests})

	unit := fmt.Sprintf("requests, where %d ask", guests)
	lab.Show("Go, sync.OnceValue", unit, went.Estimate("once"), 1)
	lab.Show("CPython, functools.cache", unit, twin.Estimate("cache"), guests)
	lab.Show("CPython, a lock and a flag", unit, twin.Estimate("lock"), 1)
	lab.Judge("6.27", notebook.Go, inEvery(went, "not once", "%d asked, and the site had 1 request,", guests))
	lab.Judge("6.28", notebook.CPython, seen(twin, "again", "the cached function was called again before its first call had ended,"))
	return nil
}
