package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"concurrency-notebook/02-gil/gil"
	"concurrency-notebook/internal/again"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// A verdict on the copy is none on Go, which has no such lock.
const ourLock notebook.Subject = "gil"

const modelSteps = 500_000 // divided among the threads that compute

// A modelCase is a switch interval, how many threads compute beside the one
// that answers, and how long it is pinged in each round.
type modelCase struct {
	Name      string  `json:"name"`
	Interval  float64 `json:"interval"` // seconds
	Computing int     `json:"computing"`
	Seconds   float64 `json:"seconds"`
}

// Beside several threads a ping is a matter of luck, so that it takes many to
// know how long: that is what the short interval is for. There is no verdict on
// it all the same, for which waiter is woken is the system's choice: within
// minutes, the model's pings took as long as CPython's and three times as long.
var (
	besideSeveral = []modelCase{{"2 ms, 1", 0.002, 1, 0.03}, {"2 ms, 2", 0.002, 2, 0.1}, {"2 ms, 4", 0.002, 4, 0.1}}
	besideOne     = []modelCase{{"5 ms, 1", 0.005, 1, 0.06}, {"10 ms, 1", 0.010, 1, 0.12}} // of the model only
)

func measureModel(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("one thread of the model at a time computes, so two and four take as long as one; a ping beside one that computes waits for the switch interval; beside several it depends on which waiter the system wakes, and nothing is predicted")
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	var found measure.Samples
	variants := []measure.Variant{computeTogether(&found)}
	for _, c := range slices.Concat(besideSeveral, besideOne) {
		variants = append(variants, measure.Variant{Name: "ping, " + c.Name, Run: func(ctx context.Context) error {
			took, err := pingUnderModel(ctx, c)
			found.Add("model, "+c.Name, took)
			return err
		}})
	}
	_, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"cases": besideSeveral, "program": exe}, variants...)
	if err != nil {
		return err
	}
	lab.Remark("A sample of a ping is the mean of those of a round, all answered by the same threads.")
	judgeModel(lab, found, theirs)
	return nil
}

func judgeModel(lab *notebook.Lab, found, theirs measure.Samples) {
	several := notebook.Time("time of a ping, at a switch interval of 2 ms")
	lab.Headline(several, "A ping beside threads that compute")
	for _, c := range besideSeveral {
		name := fmt.Sprintf(", beside %d that compute", c.Computing)
		var ideal, theirIdeal []float64
		if c.Computing == 1 {
			name, ideal = ", beside 1 that computes", []float64{c.Interval}
			theirIdeal = []float64{lab.UnderGIL(c.Interval, 0)}
		}
		lab.Figure(several, "CPython"+name, theirs.Estimate(c.Name), theirIdeal...)
		lab.Figure(several, "the model"+name, found.Estimate("model, "+c.Name), ideal...)
	}
	one := notebook.Time("time of a ping, beside 1 that computes")
	for _, c := range besideOne {
		lab.Figure(one, "the model, switch interval "+measure.Seconds(c.Interval), found.Estimate("model, "+c.Name), c.Interval)
	}
	together := notebook.Unit{Name: "time that threads take together, as a multiple of what one takes", Say: measure.Times}
	busy := notebook.Unit{Name: "CPUs kept busy by threads that compute", Say: measure.Number}
	for _, n := range []int{2, 4} {
		lab.Figure(together, fmt.Sprint("the model, ", n, " threads"), found.Ratio(fmt.Sprint("model, ", n), "model, 1"), 1)
	}

	two, four := found.Estimate("model, 2, cpus"), found.Estimate("model, 4, cpus")
	lab.Figure(busy, "the model, 2 threads", two, 1)
	lab.Figure(busy, "the model, 4 threads", four, 1)
	lab.Judge("2.14", ourLock, measure.All(
		two.Within("CPUs kept busy by 2 threads of the model", 0.95, 1.05),
		four.Within("CPUs kept busy by 4 threads of the model", 0.95, 1.05)))
	text := fmt.Sprintf("Two threads of the model that compute keep %s CPUs busy, and four keep %s busy.",
		measure.Number(two.Median), measure.Number(four.Median))
	lab.Tell("2.14", ourLock, notebook.Wording{measure.Yes: text, measure.No: text})

	five, ten := found.Estimate("model, 5 ms, 1"), found.Estimate("model, 10 ms, 1")
	lab.Judge("2.15", ourLock, measure.All(
		five.Times(1/0.005).Within("a ping / a switch interval of 5 ms", 0.85, 1.15),
		ten.Times(1/0.010).Within("a ping / a switch interval of 10 ms", 0.85, 1.15)))
	text = fmt.Sprintf("Beside one thread that computes, a ping takes %s at a switch interval of 5 ms, and %s at 10 ms.",
		measure.Seconds(five.Median), measure.Seconds(ten.Median))
	lab.Tell("2.15", ourLock, notebook.Wording{measure.Yes: text, measure.No: text})
}

// computeTogether times the same work in one, two and four threads, in short
// pieces and in turn, so that a slow moment hits all three.
func computeTogether(found *measure.Samples) measure.Variant {
	counts := []int{1, 2, 4}
	return measure.Variant{Name: "model", Run: func(context.Context) error {
		for range 2 {
			for _, n := range counts {
				lock, cpu, start := newGIL(), measure.CPUTime(), measure.WallTime()
				computeInThreads(lock, n, modelSteps)
				took := (measure.WallTime() - start).Seconds()
				found.Add(fmt.Sprint("model, ", n), took)
				found.Add(fmt.Sprint("model, ", n, ", cpus"), (measure.CPUTime()-cpu).Seconds()/took)
			}
			slices.Reverse(counts)
		}
		return nil
	}}
}

// turn is a little real work: what the model does between two looks at the eval
// breaker. CPython takes about as long for a turn of a loop.
func turn(n *int) {
	for range 50 {
		*n++
	}
}

// newGIL returns the lock of the model, with CPython's switch interval.
func newGIL() *gil.GIL {
	lock, err := gil.New(gil.DefaultInterval, nil)
	if err != nil {
		panic(err) // the default is positive
	}
	return lock
}

// computeInThreads makes so many turns under the lock, divided among threads of
// the model. Each has an OS thread to itself, as in CPython: to wake one is the
// system's work.
func computeInThreads(lock *gil.GIL, threads, turns int) {
	var wg sync.WaitGroup
	for range threads {
		wg.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			thread, counter := lock.Thread("computes"), new(int)
			thread.Run(func() {
				thread.Compute(turns/threads, func() { turn(counter) })
			})
		})
	}
	wg.Wait()
}

// pingUnderModel answers pings under the lock of the model, beside threads that
// compute, and returns the mean of what they took.
func pingUnderModel(ctx context.Context, c modelCase) (mean float64, err error) {
	lock, err := gil.New(time.Duration(c.Interval*float64(time.Second)), nil)
	if err != nil {
		return 0, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("starting a server on loopback: %w", err)
	}
	defer listener.Close()
	var stop atomic.Bool
	var served error
	var wg sync.WaitGroup
	for range c.Computing {
		wg.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			thread, counter := lock.Thread("computes"), 0
			thread.Run(func() {
				for !stop.Load() {
					thread.Compute(1000, func() { turn(&counter) })
				}
			})
		})
	}
	wg.Go(func() {
		thread := lock.Thread("answers")
		thread.Run(func() { served = answerPings(listener, thread.Block) })
	})
	took, err := again.Run[[]float64](ctx, pinger, pings{listener.Addr().String(), c.Interval, c.Seconds})
	listener.Close() // if nobody came
	stop.Store(true)
	wg.Wait()
	if err == nil {
		err = served
	}
	if err != nil {
		return 0, err
	}
	for _, seconds := range took {
		mean += seconds / float64(len(took))
	}
	return mean, nil
}

// answerPings answers messages of 64 bytes, with a call of block around each
// wait.
func answerPings(listener net.Listener, block func(wait func())) error {
	var connection net.Conn
	var err error
	block(func() { connection, err = listener.Accept() })
	if err != nil {
		return err
	}
	defer connection.Close()
	message := make([]byte, 64)
	for {
		block(func() { _, err = io.ReadFull(connection, message) })
		if err != nil {
			return nil // the client has gone
		}
		block(func() { _, err = connection.Write(message) })
		if err != nil {
			return nil
		}
	}
}
