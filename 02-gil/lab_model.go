package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
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

const (
	modelSteps  = 500_000 // divided among the threads that compute
	pingSeconds = 0.06    // how long one case is pinged in each round
)

// A modelCase is a switch interval, and how many threads compute beside the
// one that answers.
type modelCase struct {
	Name      string  `json:"name"`
	Interval  float64 `json:"interval"` // seconds
	Computing int     `json:"computing"`
}

// modelCases are pinged. Beside several threads a ping is a matter of luck, so
// it takes many to know how long: that is what the short interval is for.
var modelCases = []modelCase{
	{"1 ms, 1", 0.001, 1}, {"1 ms, 2", 0.001, 2}, {"1 ms, 4", 0.001, 4},
	{"5 ms, 1", 0.005, 1}, {"10 ms, 1", 0.010, 1},
}

func measureModel(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("one thread of the model at a time computes, so two and four take as long as one; a ping beside one that computes waits for the switch interval; how long it waits beside several there is no formula for, but CPython's pings should do the same")
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	var found measure.Samples
	variants := []measure.Variant{
		computeTogether(&found, "model", newGIL, 4),
		computeTogether(&found, "old", func() *gil.GIL { return gil.NewOld(100, nil) }, 1),
	}
	for _, c := range modelCases {
		variants = append(variants, measure.Variant{Name: "ping, " + c.Name, Run: func(ctx context.Context) error {
			took, err := pingUnderModel(ctx, c)
			found.Add("model, "+c.Name, took)
			return err
		}})
	}
	_, theirs, err := lab.InTurnWithTwin(ctx,
		map[string]any{"cases": modelCases, "program": exe, "seconds": pingSeconds}, variants...)
	if err != nil {
		return err
	}
	lab.Remark("Each pass of each round makes %s steps of the model, and each round pings for %s; beside several threads its sample is the mean of its pings.",
		measure.Count(modelSteps), measure.Seconds(pingSeconds))
	judgeModel(lab, found, theirs, lab.UnderGIL(1, 0) == 1)
	return nil
}

func judgeModel(lab *notebook.Lab, found, theirs measure.Samples, pythonHasGIL bool) {
	ping := notebook.Time("time of a ping, beside threads that compute")
	lab.Headline(ping, "A ping beside threads that compute")
	for _, c := range modelCases {
		name := fmt.Sprintf(", %s, interval %s", computing(c.Computing), measure.Seconds(c.Interval))
		var ideal []float64
		if c.Computing == 1 {
			ideal = []float64{c.Interval}
		}
		lab.Figure(ping, "the model"+name, found.Estimate("model, "+c.Name), ideal...)
		lab.Figure(ping, "CPython"+name, theirs.Estimate(c.Name), ideal...)
	}
	together := notebook.Unit{Name: "time that threads take together, as a multiple of what one takes", Say: measure.Times}
	inVain := notebook.Unit{Name: "times that a thread was woken in vain", Say: measure.Count}
	ratio := func(lock string, n int) measure.Estimate {
		return found.Ratio(fmt.Sprint(lock, ", ", n), fmt.Sprint(lock, ", 1"))
	}
	vain := func(lock string, n int) measure.Estimate {
		return found.Estimate(fmt.Sprint(lock, ", ", n, ", in vain"))
	}
	for _, n := range []int{2, 4} {
		lab.Figure(together, fmt.Sprint("the model, ", n, " threads"), ratio("model", n), 1)
		lab.Figure(together, fmt.Sprint("the old lock, ", n, " threads"), ratio("old", n))
	}
	for _, n := range []int{2, 4} {
		lab.Figure(inVain, fmt.Sprint("the model, ", n, " threads"), vain("model", n))
		lab.Figure(inVain, fmt.Sprint("the old lock, ", n, " threads"), vain("old", n))
	}

	lab.Judge("2.14", ourLock, measure.All(
		ratio("model", 2).Within("2 threads of the model / 1", 0.95, 1.05),
		ratio("model", 4).Within("4 threads of the model / 1", 0.95, 1.05)))
	text := fmt.Sprintf("Two threads of the model take %s the time of one, and four %s. Under the old lock it's %s and %s.",
		times(ratio("model", 2)), times(ratio("model", 4)), times(ratio("old", 2)), times(ratio("old", 4)))
	lab.Answer("2.14", ourLock, notebook.Wording{measure.Yes: text, measure.No: text})

	five, ten := found.Estimate("model, 5 ms, 1"), found.Estimate("model, 10 ms, 1")
	lab.Judge("2.15", ourLock, measure.All(
		five.Times(1/0.005).Within("a ping / a switch interval of 5 ms", 0.85, 1.15),
		ten.Times(1/0.010).Within("a ping / a switch interval of 10 ms", 0.85, 1.15)))
	text = fmt.Sprintf("Beside one thread that computes, a ping takes %s at a switch interval of 5 ms, and %s at 10 ms.",
		measure.Seconds(five.Median), measure.Seconds(ten.Median))
	lab.Answer("2.15", ourLock, notebook.Wording{measure.Yes: text, measure.No: text})

	both := found.With(theirs)
	alike := measure.All(
		both.Ratio("model, 1 ms, 2", "1 ms, 2").Within("a ping of the model / of CPython, beside 2 that compute", 0.5, 2),
		both.Ratio("model, 1 ms, 4", "1 ms, 4").Within("beside 4", 0.5, 2))
	if !pythonHasGIL {
		alike = measure.Cannot("the Python here has no GIL")
	}
	lab.Judge("2.16", ourLock, alike)
	text = fmt.Sprintf("Beside two threads that compute, a ping to the model takes %s and one to CPython %s; beside four, %s and %s.",
		measure.Seconds(found.Estimate("model, 1 ms, 2").Median), measure.Seconds(theirs.Estimate("1 ms, 2").Median),
		measure.Seconds(found.Estimate("model, 1 ms, 4").Median), measure.Seconds(theirs.Estimate("1 ms, 4").Median))
	lab.Answer("2.16", ourLock, notebook.Wording{measure.Yes: text, measure.No: text})
}

func times(e measure.Estimate) string { return measure.Times(e.Median) }

// computing says how many threads compute.
func computing(n int) string {
	if n == 1 {
		return "beside 1 thread"
	}
	return fmt.Sprintf("beside %d threads", n)
}

// computeTogether times the same work in one, two and four threads under a new
// lock, in short pieces and in turn, so that a slow moment hits all three.
func computeTogether(found *measure.Samples, name string, newLock func() *gil.GIL, passes int) measure.Variant {
	counts := []int{1, 2, 4}
	return measure.Variant{Name: name, Run: func(context.Context) error {
		for range passes {
			for _, n := range counts {
				lock, start := newLock(), time.Now()
				computeInThreads(lock, n, modelSteps)
				found.Add(fmt.Sprint(name, ", ", n), time.Since(start).Seconds())
				found.Add(fmt.Sprint(name, ", ", n, ", in vain"), float64(lock.Futile()))
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

// modelPings are what a client sends to a server.
type modelPings struct {
	Address        string
	Pause, Seconds float64 // between two of them, and for all
}

// pingModel is the client: this program again, so that no lock but the server's
// is in its way. It sends messages, and says how many seconds each answer took.
// Between them it pauses for longer than the switch interval, in which the
// server, which needs the lock after its answer too, is ready for the next; and
// for a random time more, so that they come at any moment.
var pingModel = again.Define("ping-model", func(p modelPings) error {
	runtime.LockOSThread() // without, each ping takes some tens of microseconds more
	connection, err := net.Dial("tcp", p.Address)
	if err != nil {
		return err
	}
	defer connection.Close()
	duration := func(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
	var took []float64
	message := make([]byte, 64)
	for end := time.Now().Add(duration(p.Seconds)); len(took) < 3 || time.Now().Before(end); {
		start := time.Now()
		if _, err := connection.Write(message); err != nil {
			return err
		}
		if _, err := io.ReadFull(connection, message); err != nil {
			return err
		}
		took = append(took, time.Since(start).Seconds())
		time.Sleep(duration(p.Pause) + rand.N(2*time.Millisecond))
	}
	return again.Say(took[1:]) // the first one paid for the connection
})

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
	took, err := again.Run[[]float64](ctx, pingModel, modelPings{listener.Addr().String(), c.Interval, pingSeconds})
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
