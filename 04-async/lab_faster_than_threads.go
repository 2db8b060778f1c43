package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// openSite answers a line with ok, once beforeAnswer has returned.
func openSite(beforeAnswer func()) (net.Listener, error) {
	door, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	go func() {
		for {
			guest, err := door.Accept()
			if err != nil {
				return // the door is closed
			}
			go func() {
				defer guest.Close()
				lines := bufio.NewScanner(guest)
				for lines.Scan() {
					beforeAnswer()
					io.WriteString(guest, "ok\n")
				}
			}()
		}
	}()
	return door, nil
}

// together returns a function that returns when n calls of it have come, and
// then waits for the next n.
func together(n int) func() {
	var mu sync.Mutex
	arrived, gate := 0, make(chan struct{})
	return func() {
		mu.Lock()
		mine := gate
		if arrived++; arrived == n {
			close(gate)
			arrived, gate = 0, make(chan struct{})
		}
		mu.Unlock()
		<-mine
	}
}

func compareWaits(ctx context.Context, lab *notebook.Lab) error {
	const workers, each, delay = 10, 4, 5 * time.Millisecond
	lab.Predict("%d requests that are answered after %v: %d at a time take %v, all at once %v, in threads, tasks or goroutines", workers*each, delay, workers, each*delay, delay)
	site, err := openSite(func() { time.Sleep(delay) })
	if err != nil {
		return err
	}
	defer site.Close()
	address := site.Addr().(*net.TCPAddr)
	atOnce := func(workers, each int) func(context.Context) error {
		return func(context.Context) error {
			_, err := fetchAtOnce(address.String(), workers, each)
			return err
		}
	}
	went, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"host": address.IP.String(), "port": address.Port, "workers": workers, "each": each},
		measure.Variant{Name: "ten", Run: atOnce(workers, each)},
		measure.Variant{Name: "forty", Run: atOnce(workers*each, 1)})
	if err != nil {
		return err
	}
	lab.Remark("The article's own figures are 7.9 s in threads and 4.37 s in asyncio, with a different client in each.")
	judgeWaits(lab, went, theirs)
	return nil
}

func judgeWaits(lab *notebook.Lab, went, theirs measure.Samples) {
	time := notebook.Time("time for 40 requests of 5 ms")
	lab.Headline(time, "Forty requests of 5 ms")
	for _, row := range []struct {
		name, variant string
		samples       measure.Samples
		ideal         float64
	}{
		{"CPython, one after another", "in turn", theirs, 0.2},
		{"CPython, ten threads", "ten threads", theirs, 0.02},
		{"CPython, ten tasks", "ten tasks", theirs, 0.02},
		{"CPython, forty threads", "forty threads", theirs, 0.005},
		{"CPython, forty tasks", "forty tasks", theirs, 0.005},
		{"Go, ten goroutines", "ten", went, 0.02},
		{"Go, forty goroutines", "forty", went, 0.005},
	} {
		lab.Figure(time, row.name, row.samples.Estimate(row.variant), row.ideal)
	}
	// The article has 4.37 s against 7.9 s.
	lab.Judge("4.9", notebook.CPython, theirs.Ratio("ten tasks", "ten threads").Decide("ten tasks / ten threads", 4.37/7.9, 1))
	tasks, threads := theirs.Estimate("ten tasks").Seconds(), theirs.Estimate("ten threads").Seconds()
	lab.Answer("4.9", notebook.CPython, notebook.Wording{
		measure.Yes: fmt.Sprintf("With the same requests and as many of them at a time, ten tasks took %s, and ten threads %s.", tasks, threads),
		measure.No:  fmt.Sprintf("With the same requests and as many of them at a time, ten tasks took %s, and ten threads %s: asyncio makes no such difference.", tasks, threads),
	})
}
