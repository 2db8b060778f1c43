package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
)

func diningPhilosophers(_ context.Context, w io.Writer) error {
	fmt.Fprintln(w, "left fork first: stuck,", leftForkFirst(), "of 5")
	meals := lowerNumberFirst()
	fmt.Fprintln(w, "lower number first: meals,", meals[0], meals[1], meals[2], meals[3], meals[4])
	return nil
}

// dine lets a goroutine for each philosopher do this.
func dine(philosopher func(seat int)) {
	var all sync.WaitGroup
	for seat := range 5 {
		all.Go(func() { philosopher(seat) })
	}
	all.Wait()
}

func leftForkFirst() int64 {
	var forks [5]sync.Mutex
	var stuck atomic.Int64
	var allHaveOne, allHaveTried sync.WaitGroup
	allHaveOne.Add(5)
	allHaveTried.Add(5)
	dine(func(seat int) {
		forks[seat].Lock()
		defer forks[seat].Unlock()
		allHaveOne.Done()
		allHaveOne.Wait()
		if !forks[(seat+1)%5].TryLock() {
			stuck.Add(1) // with Lock, forever
		}
		allHaveTried.Done()
		allHaveTried.Wait()
	})
	return stuck.Load()
}

func lowerNumberFirst() (meals [5]int) {
	var forks [5]sync.Mutex
	dine(func(seat int) {
		left, right := seat, (seat+1)%5
		for range 3 {
			forks[min(left, right)].Lock()
			forks[max(left, right)].Lock()
			meals[seat]++
			forks[max(left, right)].Unlock()
			forks[min(left, right)].Unlock()
		}
	})
	return meals
}
