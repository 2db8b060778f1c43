package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"concurrency-notebook/04-async/eventloop"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

func tenThousand(ctx context.Context, w io.Writer) error {
	return eventloop.Run(ctx, func(co *eventloop.Coroutine) error {
		door, err := eventloop.Listen(co, "127.0.0.1:0")
		if err != nil {
			return err
		}
		server := eventloop.Go(co, func(co *eventloop.Coroutine) (struct{}, error) {
			return struct{}{}, serveCoroutines(co, door)
		})
		// A hundred guests sit down and say nothing. What waits for
		// each of them is a coroutine, not a thread.
		const guests = 100
		var last *eventloop.Stream
		for range guests {
			if last, err = eventloop.Dial(co, door.Addr().String()); err != nil {
				return err
			}
		}
		answer := make([]byte, 4)
		if _, err := last.Write(co, []byte("soup")); err != nil {
			return err
		}
		if _, err := last.ReadFull(co, answer); err != nil {
			return err
		}
		fmt.Fprintln(w, "the last of", guests, "guests hears:", string(answer))
		server.Cancel(nil)
		return nil
	})
}

func holdConnections(ctx context.Context, lab *notebook.Lab) error {
	// Each side of a connection is a descriptor, of one program each.
	connections := min(10_000, measure.OpenFiles()/2)
	threads := min(1_000, connections)
	lab.Predict("%d connections that say nothing keep no CPU busy, whoever holds them; what differs is the memory for each", connections)

	const idle = 100 * time.Millisecond
	hold := func(kind string, n int) (s measure.Samples, err error) {
		var address string
		server, err := echoServer.Start(ctx, kind, &address)
		if err != nil {
			return s, err
		}
		defer func() {
			err = cmp.Or(err, server.Stop())
		}()
		var before, during, after usage
		if err := server.Ask(&before); err != nil {
			return s, err
		}
		party, err := echoGuests.Start(ctx, guests{address, n}, new(string))
		if err != nil {
			return s, err
		}
		defer party.Stop()
		if err := server.Ask(&during); err != nil {
			return s, err
		}
		time.Sleep(idle)
		if err := server.Ask(&after); err != nil {
			return s, err
		}
		s.Add("cpus", (after.CPU-during.CPU).Seconds()/idle.Seconds())
		if before.Memory > 0 {
			s.Add("memory", float64(after.Memory-before.Memory)/float64(n)/1024)
		}
		for range 9 {
			var seconds float64
			if err := party.Ask(&seconds); err != nil {
				return s, err
			}
			s.Add("answer", seconds*1000)
		}
		return s, nil
	}
	for _, holder := range []struct {
		kind, name string
		n          int
	}{
		{"event loop", "Go, event loop", connections},
		{"goroutines", "Go, goroutines", connections},
		{"threads", "Go, OS threads", threads},
	} {
		lab.Progress("%d connections, %s", holder.n, holder.kind)
		s, err := hold(holder.kind, holder.n)
		if err != nil {
			return err
		}
		show(lab, fmt.Sprintf("%s, %d", holder.name, holder.n), s)
		if holder.kind == "event loop" {
			lab.Judge("4.26", ourLoop, measure.All(
				s.Estimate("cpus").Below("CPUs kept busy", 0.05), s.Estimate("answer").Below("ms until the answer", 1)))
		}
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"guests": program, "connections": connections, "idle": idle.Seconds()})
	show(lab, fmt.Sprintf("CPython, asyncio, %d", connections), twin)
	return nil
}

func show(lab *notebook.Lab, name string, s measure.Samples) {
	lab.Show(name, "KiB a connection, without what the system needs", s.Estimate("memory"))
	lab.Show(name, "ms until one of them is answered", s.Estimate("answer"))
	lab.Show(name, "CPUs kept busy meanwhile", s.Estimate("cpus"), 0)
}
