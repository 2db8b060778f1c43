package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"concurrency-notebook/internal/again"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// Pings are what a client sends to a server.
type pings struct {
	Address        string
	Pause, Seconds float64 // between two of them, and for all
}

// pinger is the client of the experiment: this program again, so that no lock but
// the server's is in its way. It sends messages, and says how many seconds each
// answer took. Between them it pauses for longer than the switch interval, in
// which the server, which needs the lock after its answer too, is ready for the
// next; and for a random time more, so that they come at any moment.
var pinger = again.Define("ping", func(p pings) error {
	runtime.LockOSThread() // without, each ping takes some tens of microseconds more
	connection, err := net.Dial("tcp", p.Address)
	if err != nil {
		return err
	}
	defer connection.Close()
	var took []float64
	message, pause := make([]byte, 64), inSeconds(p.Pause)
	for end := time.Now().Add(inSeconds(p.Seconds)); len(took) < 3 || time.Now().Before(end); {
		start := measure.WallTime()
		if _, err := connection.Write(message); err != nil {
			return err
		}
		if _, err := io.ReadFull(connection, message); err != nil {
			return err
		}
		took = append(took, (measure.WallTime() - start).Seconds())
		time.Sleep(pause + rand.N(2*time.Millisecond))
	}
	return again.Say(took[1:]) // the first one paid for the connection
})

func inSeconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// pingServer starts the client, lets serve answer it, and returns how long its
// pings took.
func pingServer(ctx context.Context, interval, seconds float64, serve func(net.Listener) error) ([]float64, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("starting a server on loopback: %w", err)
	}
	defer listener.Close()
	served := make(chan error, 1)
	go func() { served <- serve(listener) }()
	took, err := again.Run[[]float64](ctx, pinger, pings{listener.Addr().String(), interval, max(seconds, 24*interval)})
	if err != nil {
		listener.Close() // nobody comes
		<-served
		return nil, err
	}
	return took, <-served
}

// serveGo answers in a goroutine, beside goroutines that compute, on so many
// CPUs.
func serveGo(cpus, computing int) func(net.Listener) error {
	return func(listener net.Listener) error {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cpus))
		var stop atomic.Bool
		var wg sync.WaitGroup
		for range computing {
			wg.Go(func() { compute(&stop) })
		}
		answer(listener)
		stop.Store(true)
		wg.Wait()
		return nil
	}
}

// A convoyCase is a switch interval, and how many threads compute beside the
// one that answers.
type convoyCase struct {
	Name      string  `json:"name"`
	Interval  float64 `json:"interval"` // seconds
	Computing int     `json:"computing"`
}

var convoyCases = []convoyCase{
	{"CPython, no other thread", 0.005, 0},
	{"CPython, beside one that computes", 0.005, 1},
	{"CPython, the same, switch interval 1 ms", 0.001, 1},
	{"CPython, the same, switch interval 50 ms", 0.05, 1},
}

func compareConvoys(ctx context.Context, lab *notebook.Lab) error {
	cpus := lab.CPUs()
	lab.Predict("alone, a ping takes a fraction of a millisecond; beside a thread that computes, it waits for the lock as long as the switch interval; Go has no such lock, but on one CPU (GOMAXPROCS=1) a goroutine that computes keeps it for 10 to 20 ms")
	seconds := 0.04 * float64(lab.Rounds()) // of pings, in each case
	var went measure.Samples
	for _, c := range goCases(cpus) {
		took, err := pingServer(ctx, 0.005, seconds, serveGo(c.cpus, c.computing))
		if err != nil {
			return err
		}
		went.Add(c.name, took...)
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	theirs := lab.Twin(ctx, map[string]any{"cases": convoyCases, "program": exe, "seconds": seconds})
	judgeConvoy(lab, went, theirs, cpus)
	return nil
}

// A goCase is how many CPUs Go may use, and how many goroutines compute.
type goCase struct {
	name            string
	cpus, computing int
}

func goCases(cpus int) []goCase {
	return []goCase{
		{"Go, no other goroutine", cpus, 0},
		{"Go, beside one that computes", cpus, 1},
		{"Go, no other goroutine, one CPU", 1, 0},
		{"Go, beside one that computes, one CPU", 1, 1},
	}
}

func judgeConvoy(lab *notebook.Lab, went, theirs measure.Samples, cpus int) {
	ping := notebook.Time("time for a ping")
	lab.Headline(ping, "A message and its answer")
	for _, c := range convoyCases {
		lab.Figure(ping, c.Name, theirs.Estimate(c.Name))
	}
	for _, c := range goCases(cpus) {
		lab.Figure(ping, c.name, went.Estimate(c.name))
	}
	// "Will not slow down": less than twice as slow.
	slower := func(s measure.Samples, beside, alone string) measure.Verdict {
		return s.Estimate(beside).Over(s.Estimate(alone)).Below("a ping beside one that computes / alone", 2)
	}
	ours := goCases(cpus)
	// A slow answer shows that the sentence is half right: the thread that
	// computes had the GIL, so the one that waited for a message had released it.
	lab.Judge("S13", notebook.CPython, slower(theirs, convoyCases[1].Name, convoyCases[0].Name).Means(measure.Yes, measure.InPart))
	lab.Judge("S13", notebook.Go, slower(went, ours[1].name, ours[0].name).Means(measure.Different, measure.Same))

	took := func(s measure.Samples, name string) string { return measure.Seconds(s.Estimate(name).Median) }
	text := fmt.Sprintf("An answer takes %s. Beside one thread that computes it takes %s.", took(theirs, convoyCases[0].Name), took(theirs, convoyCases[1].Name))
	lab.Answer("S13", notebook.CPython, notebook.Wording{
		measure.InPart: "A thread does release the GIL before it waits, but then it has to get it back. " + text,
		measure.Yes:    text,
	})
	text = fmt.Sprintf("An answer takes %s, and beside a goroutine that computes %s.", took(went, ours[0].name), took(went, ours[1].name))
	lab.Answer("S13", notebook.Go, notebook.Wording{
		measure.Different: fmt.Sprintf("%s On one CPU, Go is no better: %s.", text, took(went, ours[3].name)),
		measure.Same:      text,
	})
}
