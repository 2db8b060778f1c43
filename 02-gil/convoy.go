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

	"concurrency-notebook/02-gil/gil"
	"concurrency-notebook/internal/again"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/virtual"
)

func convoy(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(context.Context) error {
		for _, computing := range []int{0, 1} {
			lock, err := gil.New(gil.DefaultInterval, nil)
			if err != nil {
				return err
			}
			var stop atomic.Bool
			var wg sync.WaitGroup
			for range computing {
				wg.Go(func() {
					thread := lock.Thread("computes")
					thread.Run(func() {
						for !stop.Load() {
							thread.Compute(1, func() { time.Sleep(2 * time.Millisecond) })
						}
					})
				})
			}

			// It gives the lock back to wait for a message. When one
			// comes, it needs the lock again to answer.
			var waited time.Duration
			waiter := lock.Thread("waits")
			time.Sleep(time.Millisecond) // those that compute come first
			waiter.Run(func() {
				var came time.Time
				waiter.Block(func() {
					time.Sleep(100 * time.Millisecond)
					came = time.Now()
				})
				waited = time.Since(came)
			})
			stop.Store(true)
			wg.Wait()
			fmt.Fprintf(w, "beside %d that compute, the message waited %v\n", computing, waited)
		}
		return nil
	})
}

// Pings are what a client sends to a server.
type pings struct {
	Address        string
	Pause, Seconds float64 // between two of them, and for all
}

// ping is the client of the experiment: this program again, so that no lock but
// the server's is in its way. It sends messages, and says how many seconds each
// answer took. Between them it pauses for longer than the switch interval, in
// which the server, which needs the lock after its answer too, is ready for the
// next; and for a random time more, so that they come at any moment.
var ping = again.Define("ping", func(p pings) error {
	runtime.LockOSThread() // without, each ping takes some tens of microseconds more
	connection, err := net.Dial("tcp", p.Address)
	if err != nil {
		return err
	}
	defer connection.Close()
	var took []float64
	message, pause := make([]byte, 64), inSeconds(p.Pause)
	for end := time.Now().Add(inSeconds(p.Seconds)); len(took) < 4 || time.Now().Before(end); {
		start := time.Now()
		if _, err := connection.Write(message); err != nil {
			return err
		}
		if _, err := io.ReadFull(connection, message); err != nil {
			return err
		}
		took = append(took, time.Since(start).Seconds())
		time.Sleep(pause + rand.N(4*time.Millisecond))
	}
	return again.Say(took[1:]) // the first one paid for the connection
})

func inSeconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// A pinged server answers messages of 64 bytes; around each wait it calls block.
func answer(listener net.Listener, block func(wait func())) error {
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
	took, err := again.Run[[]float64](ctx, ping, pings{listener.Addr().String(), interval, max(seconds, 24*interval)})
	if err != nil {
		listener.Close() // nobody comes
		<-served
		return nil, err
	}
	return took, <-served
}

// serveModel answers under the lock of the model, beside threads that compute.
func serveModel(lock *gil.GIL, computing int) func(net.Listener) error {
	return func(listener net.Listener) error {
		var stop atomic.Bool
		var wg sync.WaitGroup
		for range computing {
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
		defer wg.Wait()
		defer stop.Store(true)
		server := lock.Thread("answers")
		var err error
		server.Run(func() { err = answer(listener, server.Block) })
		return err
	}
}

// serveGo answers in a goroutine, beside goroutines that compute, on so many
// processors.
func serveGo(processors, computing int) func(net.Listener) error {
	return func(listener net.Listener) error {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		var stop atomic.Bool
		var wg sync.WaitGroup
		for range computing {
			wg.Go(func() {
				for counter := 0; !stop.Load(); {
					turn(&counter)
				}
			})
		}
		defer wg.Wait()
		defer stop.Store(true)
		return answer(listener, func(wait func()) { wait() })
	}
}

// A convoyCase is a switch interval, and how many threads compute beside the
// one that answers.
type convoyCase struct {
	Name      string  `json:"name"`
	Interval  float64 `json:"interval"` // seconds
	Computing int     `json:"computing"`
}

func compareConvoys(ctx context.Context, lab *notebook.Lab) error {
	cpus := lab.CPUs()
	lab.Predict("alone, a ping takes a fraction of a millisecond; beside a thread that computes it waits for the lock, as long as the switch interval; Go has no such lock, but with one processor (GOMAXPROCS=1) a goroutine that computes has it for 10 to 20 ms")

	seconds := 0.03 * float64(lab.Rounds()) // of pings, in each case
	var cases []convoyCase
	for _, c := range []struct {
		interval  time.Duration
		computing []int
	}{{time.Millisecond, []int{1}}, {5 * time.Millisecond, []int{0, 1, 2, 4}}, {50 * time.Millisecond, []int{1, 2, 4}}} {
		for _, n := range c.computing {
			cases = append(cases, convoyCase{fmt.Sprintf("%v, %d", c.interval, n), c.interval.Seconds(), n})
		}
	}
	var model, goes measure.Samples
	for _, c := range cases {
		lock, err := gil.New(inSeconds(c.Interval), nil)
		if err != nil {
			return err
		}
		took, err := pingServer(ctx, c.Interval, seconds, serveModel(lock, c.Computing))
		if err != nil {
			return err
		}
		model.Add(c.Name, took...)
	}
	for _, processors := range []int{1, cpus} {
		for _, computing := range []int{0, 1} {
			took, err := pingServer(ctx, 0.005, seconds, serveGo(processors, computing))
			if err != nil {
				return err
			}
			goes.Add(fmt.Sprint(processors, ", ", computing), took...)
		}
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"cases": cases, "program": exe, "seconds": seconds})

	millis := func(e measure.Estimate) measure.Estimate { return e.Times(1000) }
	for _, of := range []struct {
		name string
		s    measure.Samples
	}{{"the model", model}, {"CPython", twin}} {
		for _, c := range cases {
			unit := fmt.Sprintf("ms a ping, interval %g ms", 1000*c.Interval)
			name := fmt.Sprintf("%s, beside %d that compute", of.name, c.Computing)
			if e := millis(of.s.Estimate(c.Name)); c.Computing == 1 {
				lab.Show(name, unit, e, 1000*c.Interval)
			} else {
				lab.Show(name, unit, e)
			}
		}
	}
	const unit = "ms a ping, Go"
	lab.Show("GOMAXPROCS 1, none computes", unit, millis(goes.Estimate("1, 0")))
	lab.Show("GOMAXPROCS 1, one computes", unit, millis(goes.Estimate("1, 1")))
	lab.Show(fmt.Sprintf("GOMAXPROCS %d, none computes", cpus), unit, millis(goes.Estimate(fmt.Sprint(cpus, ", 0"))))
	lab.Show(fmt.Sprintf("GOMAXPROCS %d, one computes", cpus), unit, millis(goes.Estimate(fmt.Sprint(cpus, ", 1"))))

	lab.Judge("2.15", theModel, measure.All(
		millis(model.Estimate("5ms, 1")).Within("ms a ping, interval 5 ms", 4.25, 5.75),
		millis(model.Estimate("50ms, 1")).Within("ms a ping, interval 50 ms", 42.5, 57.5)))
	var alike []measure.Verdict
	for _, name := range []string{"5ms, 2", "5ms, 4", "50ms, 2", "50ms, 4"} {
		ratio := model.Estimate(name).Over(twin.Estimate(name))
		alike = append(alike, ratio.Within("model / CPython, "+name+" compute", 0.5, 2))
	}
	lab.Judge("2.16", theModel, measure.All(alike...))
	// "Will not slow down": less than twice as slow.
	slower := func(s measure.Samples, beside, alone string) measure.Verdict {
		return s.Estimate(beside).Over(s.Estimate(alone)).Below("a ping beside one that computes / alone", 2)
	}
	lab.Judge("S13", notebook.CPython, slower(twin, "5ms, 1", "5ms, 0"))
	lab.Judge("S13", notebook.Go, slower(goes, fmt.Sprint(cpus, ", 1"), fmt.Sprint(cpus, ", 0")))
	return nil
}
