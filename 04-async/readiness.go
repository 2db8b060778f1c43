//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/workload"
)

func readiness(_ context.Context, w io.Writer) error {
	guest, kitchen, err := socketPair()
	if err != nil {
		return err
	}
	defer unix.Close(guest)
	defer unix.Close(kitchen)
	dish := make([]byte, 4096)

	// Nothing has come: a blocking read would wait here.
	_, err = unix.Read(guest, dish)
	fmt.Fprintln(w, "read, with nothing there: EAGAIN?", err == unix.EAGAIN)

	// Nobody reads: at some point the system takes no more.
	for err = nil; err == nil; {
		_, err = unix.Write(kitchen, dish)
	}
	fmt.Fprintln(w, "write, with no room left: EAGAIN?", err == unix.EAGAIN)

	// One call asks about both, and waits until one of them is ready.
	ask := []unix.PollFd{
		{Fd: int32(guest), Events: unix.POLLIN},
		{Fd: int32(kitchen), Events: unix.POLLOUT},
	}
	if _, err := unix.Poll(ask, -1); err != nil {
		return err
	}
	fmt.Fprintln(w, "can the guest read?     ", ask[0].Revents&unix.POLLIN != 0)
	fmt.Fprintln(w, "can the kitchen write?  ", ask[1].Revents&unix.POLLOUT != 0)
	return nil
}

// socketPair returns two sockets that are connected and do not block.
func socketPair() (a, b int, err error) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		return 0, 0, fmt.Errorf("making a pair of sockets: %w", err)
	}
	return pair[0], pair[1], errors.Join(unix.SetNonblock(pair[0], true), unix.SetNonblock(pair[1], true))
}

func compareAsking(ctx context.Context, lab *notebook.Lab) error {
	const delay = 20 * time.Millisecond
	lab.Predict("who reads over and over until something is there keeps 1 CPU busy, who asks the system to tell keeps 0")
	site, err := workload.Serve(delay)
	if err != nil {
		return err
	}
	defer site.Close()
	// A byte comes when the site has answered.
	await := func(read func(fd int) error) func(context.Context) error {
		return func(ctx context.Context) error {
			guest, kitchen, err := socketPair()
			if err != nil {
				return err
			}
			defer unix.Close(guest)
			defer unix.Close(kitchen)
			var cook sync.WaitGroup
			var failed error
			cook.Go(func() {
				failed = site.Fetch(ctx)
				unix.Write(kitchen, []byte("!"))
			})
			err = read(guest)
			cook.Wait()
			return errors.Join(err, failed)
		}
	}
	tryRead := func(fd int) error {
		_, err := unix.Read(fd, make([]byte, 1))
		return err
	}
	went, err := lab.InTurn(ctx,
		measure.Variant{Name: "asking", Run: await(func(fd int) (err error) {
			for err = unix.EAGAIN; err == unix.EAGAIN; {
				err = tryRead(fd)
			}
			return err
		})},
		measure.Variant{Name: "waiting", Run: await(func(fd int) (err error) {
			for err = unix.EINTR; err == unix.EINTR; {
				_, err = unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, -1)
			}
			return errors.Join(err, tryRead(fd))
		})})
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"url": site.URL})

	judge := func(of notebook.Subject, s measure.Samples) {
		asking, waiting := s.Estimate("asking/cpus"), s.Estimate("waiting/cpus")
		lab.Show(string(of)+", reading over and over", "CPUs kept busy", asking, 1)
		lab.Show(string(of)+", asking the system to tell", "CPUs kept busy", waiting, 0)
		lab.Judge("4.10", of, measure.All(
			asking.Decide("CPUs kept busy by reading", 1, 0), waiting.Decide("by asking", 0, 1)))
	}
	judge(notebook.CPython, twin)
	judge(notebook.Go, went)
	return nil
}
