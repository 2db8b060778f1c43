package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"concurrency-notebook/04-async/eventloop"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/virtual"
)

var errClosing = errors.New("we are closing")

// polite waits for tea, goes when told to, and pays first.
func polite(co *eventloop.Coroutine, book logbook) error {
	err := eventloop.Sleep(co, time.Hour)
	book.note("polite hears:", err)
	_ = eventloop.Sleep(co, 5*time.Minute) // this await is not cancelled
	book.note("polite has paid, and goes")
	return err
}

// stubborn hears the same, and waits again.
func stubborn(co *eventloop.Coroutine, book logbook) error {
	if err := eventloop.Sleep(co, time.Hour); err != nil {
		book.note("stubborn hears:", err)
		_ = eventloop.Sleep(co, time.Hour)
	}
	book.note("stubborn has had the tea")
	return nil
}

func timeouts(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(ctx context.Context) error {
		loop := eventloop.Loop{Portable: true}
		err := loop.Run(ctx, func(co *eventloop.Coroutine) error {
			cancelGuests(co, newLogbook(w, "tasks, cancelled after a minute"))
			stopWaiting(co, newLogbook(w, "Timeout, of a minute"))
			return nil
		})
		tellGuests(ctx, newLogbook(w, "goroutines, told after a minute"))
		return err
	})
}

func cancelGuests(co *eventloop.Coroutine, book logbook) {
	var guests []*eventloop.Task[string]
	for _, wait := range []func(*eventloop.Coroutine, logbook) error{polite, stubborn} {
		guests = append(guests, eventloop.Go(co,
			func(co *eventloop.Coroutine) (string, error) {
				return "tea", wait(co, book)
			}))
	}
	// part: cancel
	_ = eventloop.Sleep(co, time.Minute)
	for _, guest := range guests {
		guest.Cancel(errClosing)
	}
	for _, guest := range guests {
		_, err := eventloop.Await(co, guest)
		book.note("so one has ended with:", err)
	}
	// part: end
}

// stopWaiting limits an await, and then a guest who does not care.
func stopWaiting(co *eventloop.Coroutine, book logbook) {
	err := eventloop.Timeout(co, time.Minute, func(co *eventloop.Coroutine) error {
		return eventloop.Sleep(co, time.Hour)
	})
	book.note("returns:", err)
	err = eventloop.Timeout(co, time.Minute, func(co *eventloop.Coroutine) error {
		return stubborn(co, book) // it returns nil, an hour later
	})
	book.note("returns:", err)
}

func tellGuests(ctx context.Context, book logbook) {
	ctx, cancel := context.WithTimeoutCause(ctx, time.Minute, errClosing)
	defer cancel()
	var guests sync.WaitGroup
	// part: goroutines
	guests.Go(func() {
		select {
		case <-time.After(time.Hour):
		case <-ctx.Done():
			book.note("who looks hears:", context.Cause(ctx))
		}
	})
	guests.Go(func() {
		time.Sleep(time.Hour)
		book.note("who does not look has had the tea")
	})
	// part: end
	guests.Wait()
}

func compareCancelling(ctx context.Context, lab *notebook.Lab) error {
	const polite, stubborn = 100, 10
	const wait, cleanup = 20 * time.Millisecond, 2 * time.Millisecond
	const part = float64(cleanup) / float64(wait)
	lab.Predict("%d tasks that wait %v and are cancelled at once all hear of it within one turn of the loop, clean up for %v, and have ended after %s of their wait; %d that catch it and wait again take all of it; so do goroutines that do not look",
		polite, wait, cleanup, measure.Number(part), stubborn)

	var went measure.Samples
	for range lab.Rounds() {
		if err := eventloop.Run(ctx, func(co *eventloop.Coroutine) error {
			cancelTasks(co, &went, polite, stubborn, wait, cleanup)
			return nil
		}); err != nil {
			return err
		}
		cancelContext(ctx, &went, polite, wait)
	}
	twin := lab.Twin(ctx, map[string]any{
		"polite": polite, "stubborn": stubborn, "wait": wait.Seconds(), "cleanup": cleanup.Seconds(),
	})

	const unit = "when they ended, x the wait"
	lab.Show("CPython, tasks that clean up", unit, twin.Estimate("polite, ended"), part)
	lab.Show("CPython, tasks that wait again", unit, twin.Estimate("stubborn, ended"), 1)
	lab.Show("Go, tasks of eventloop that clean up", unit, went.Estimate("polite, ended"), part)
	lab.Show("Go, tasks of eventloop that wait again", unit, went.Estimate("stubborn, ended"), 1)
	lab.Show("Go, goroutines that look at their context", unit, went.Estimate("looking, ended"), 0)
	lab.Show("Go, goroutines that sleep", unit, went.Estimate("sleeping, ended"), 1)

	judge := func(of notebook.Subject, samples measure.Samples) {
		share := func(name, format string, args ...any) measure.Verdict {
			return samples.Estimate(name).Decide(fmt.Sprintf(format, args...), 1, 0)
		}
		lab.Judge("4.13", of, share("heard", "share of %d tasks that heard of it within one turn", polite))
		lab.Judge("4.14", of, measure.All(
			share("cleaned up", "share of %d that cleaned up and ended as cancelled", polite),
			share("denied", "share of %d that waited again and ended without an error", stubborn)))
	}
	judge(notebook.CPython, twin)
	judge(ourLoop, went)
	lab.Judge("4.15", notebook.Go, went.Estimate("running").Decide(
		fmt.Sprintf("share of %d goroutines still running when the CancelFunc had returned", polite), 1, 0))
	return nil
}

// cancelTasks cancels polite tasks, which clean up, and stubborn ones, which wait
// again.
func cancelTasks(co *eventloop.Coroutine, samples *measure.Samples, polite, stubborn int, wait, cleanup time.Duration) {
	var start time.Time
	heard, cleanedUp, denied := 0, 0, 0
	var politeEnded, stubbornEnded time.Duration
	var tasks []*eventloop.Task[struct{}]
	add := func(n int, body func(co *eventloop.Coroutine) error) {
		for range n {
			tasks = append(tasks, eventloop.Go(co, func(co *eventloop.Coroutine) (struct{}, error) {
				return struct{}{}, body(co)
			}))
		}
	}
	add(polite, func(co *eventloop.Coroutine) error {
		err := eventloop.Sleep(co, wait)
		if err != nil {
			heard++
			if eventloop.Sleep(co, cleanup) == nil {
				cleanedUp++
			}
		}
		politeEnded = time.Since(start)
		return err
	})
	add(stubborn, func(co *eventloop.Coroutine) error {
		if err := eventloop.Sleep(co, wait); err == nil {
			return nil
		}
		err := eventloop.Sleep(co, wait)
		stubbornEnded = time.Since(start)
		return err
	})
	_ = eventloop.Sleep(co, 0) // they have begun to wait
	start = time.Now()
	for _, t := range tasks {
		t.Cancel(nil)
	}
	_ = eventloop.Sleep(co, 0) // one turn
	samples.Add("heard", float64(heard)/float64(polite))

	cancelled := 0
	for i, t := range tasks {
		_, err := eventloop.Await(co, t)
		switch {
		case i < polite && errors.Is(err, eventloop.ErrCancelled):
			cancelled++
		case i >= polite && err == nil && stubbornEnded > 0:
			denied++
		}
	}
	samples.Add("cleaned up", float64(min(cleanedUp, cancelled))/float64(polite))
	samples.Add("denied", float64(denied)/float64(stubborn))
	samples.Add("polite, ended", politeEnded.Seconds()/wait.Seconds())
	samples.Add("stubborn, ended", stubbornEnded.Seconds()/wait.Seconds())
}

// cancelContext does the same to goroutines, of which half look at their context
// and half do not.
func cancelContext(ctx context.Context, samples *measure.Samples, goroutines int, wait time.Duration) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var begun, looking, sleeping sync.WaitGroup
	var running atomic.Int64
	begun.Add(2 * goroutines)
	running.Add(int64(goroutines))
	for range goroutines {
		looking.Go(func() {
			begun.Done()
			select {
			case <-time.After(wait):
			case <-ctx.Done():
			}
		})
		sleeping.Go(func() {
			begun.Done()
			time.Sleep(wait)
			running.Add(-1)
		})
	}
	begun.Wait()
	start := time.Now()
	cancel()
	samples.Add("running", float64(running.Load())/float64(goroutines))
	looking.Wait()
	samples.Add("looking, ended", time.Since(start).Seconds()/wait.Seconds())
	sleeping.Wait()
	samples.Add("sleeping, ended", time.Since(start).Seconds()/wait.Seconds())
}
