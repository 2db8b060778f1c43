package main

import (
	"context"
	"fmt"
	"io"
	"sync"
)

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
	toast.Wait() // the toast is ready, and the tea still waits
	close(waterBoils)
	tea.Wait()
	return nil
}

// finishingOrder starts a goroutine for each dish, all at once, and
// returns who finished when.
func finishingOrder(dishes []string) string {
	finished := make(chan string, len(dishes))
	var allHere, ended sync.WaitGroup
	allHere.Add(len(dishes))
	for _, dish := range dishes {
		ended.Go(func() {
			allHere.Done()
			allHere.Wait()
			finished <- dish
		})
	}
	ended.Wait()
	close(finished)
	order := ""
	for dish := range finished {
		order += dish + " "
	}
	return order
}
