package main

import (
	"context"
	"fmt"
	"io"
	"sync"
)

var things = []string{"tobacco", "paper", "matches"}

func cigaretteSmokers(_ context.Context, w io.Writer) error {
	onTray, canSmoke := make(map[string]chan bool), make(map[string]chan bool)
	for _, thing := range things {
		onTray[thing], canSmoke[thing] = make(chan bool, 1), make(chan bool, 1)
	}
	smoked := make(chan bool)
	var lock sync.Mutex
	liesThere := make(map[string]bool)

	var helpers, smokers sync.WaitGroup
	for _, thing := range things {
		helpers.Go(func() {
			for range onTray[thing] {
				lock.Lock()
				liesThere[thing] = true
				if len(liesThere) == 2 {
					canSmoke[missing(liesThere)] <- true
					clear(liesThere)
				}
				lock.Unlock()
			}
		})
		smokers.Go(func() {
			for range canSmoke[thing] {
				fmt.Fprintln(w, "smokes: the one with", thing)
				smoked <- true
			}
		})
	}
	for _, two := range [][2]string{{"paper", "matches"}, {"matches", "tobacco"}, {"tobacco", "paper"}} {
		fmt.Fprintln(w, "on the tray:", two[0], "and", two[1])
		onTray[two[0]] <- true
		onTray[two[1]] <- true
		<-smoked
	}
	for _, thing := range things {
		close(onTray[thing])
		close(canSmoke[thing])
	}
	helpers.Wait()
	smokers.Wait()
	return nil
}

func missing(liesThere map[string]bool) (thing string) {
	for _, thing := range things {
		if !liesThere[thing] {
			return thing
		}
	}
	return ""
}
