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
	// The site answers nobody until ten are waiting.
	site, err := openSite(together(workers))
	if err != nil {
		return err
	}
	defer site.Close()
	answers, err := fetchAtOnce(site.Addr().String(), workers, each)
	fmt.Fprintln(w, answers, "answers,", workers, "at a time")
	return err
}
