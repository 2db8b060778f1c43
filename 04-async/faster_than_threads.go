package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
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

// fetch makes requests one after another.
func fetch(address string, times int) error {
	site, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer site.Close()
	answers := bufio.NewScanner(site)
	for range times {
		if _, err := io.WriteString(site, "soup\n"); err != nil {
			return err
		}
		if !answers.Scan() || answers.Text() != "ok" {
			return errors.New("the site gave another answer")
		}
	}
	return nil
}

func fetchAtOnce(address string, workers, each int) (int64, error) {
	var answers atomic.Int64
	var group errgroup.Group
	for range workers {
		group.Go(func() error {
			err := fetch(address, each)
			if err == nil {
				answers.Add(int64(each))
			}
			return err
		})
	}
	err := group.Wait()
	return answers.Load(), err
}

func fasterThanThreads(_ context.Context, w io.Writer) error {
	const workers, each = 10, 4
	arrived := make(chan struct{})
	tenAreWaiting := make(chan struct{})
	site, err := openSite(func() {
		arrived <- struct{}{}
		<-tenAreWaiting
	})
	if err != nil {
		return err
	}
	defer site.Close()
	go func() { // lets ten go on, each time that ten have come
		for range each {
			for range workers {
				<-arrived
			}
			for range workers {
				tenAreWaiting <- struct{}{}
			}
		}
	}()
	answers, err := fetchAtOnce(site.Addr().String(), workers, each)
	fmt.Fprintln(w, answers, "answers,", workers, "at a time")
	return err
}
