package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
)

// The tea waits for its water; the toast doesn't wait for the tea.
func anyOrder(_ context.Context, w io.Writer) error {
	teaWaits, waterBoils := make(chan bool), make(chan bool)
	var tea sync.WaitGroup
	tea.Go(func() {
		fmt.Fprintln(w, "tea: waiting for the water")
		close(teaWaits)
		<-waterBoils
		fmt.Fprintln(w, "tea: ready")
	})
	<-teaWaits
	var toast sync.WaitGroup
	toast.Go(func() { fmt.Fprintln(w, "toast: ready") })
	toast.Wait()
	close(waterBoils)
	tea.Wait()

	dishes := finishingOrder([]string{"cake", "rice", "soup", "tea"})
	slices.Sort(dishes)
	fmt.Fprintln(w, "finished, once sorted:", strings.Join(dishes, " "))
	return nil
}

// finishingOrder lets a goroutine for each dish start at the same signal.
func finishingOrder(dishes []string) (finished []string) {
	start, done := make(chan struct{}), make(chan string, len(dishes))
	var wg sync.WaitGroup
	for _, dish := range dishes {
		wg.Go(func() {
			<-start
			done <- dish
		})
	}
	close(start)
	wg.Wait()
	for range dishes {
		finished = append(finished, <-done)
	}
	return finished
}
