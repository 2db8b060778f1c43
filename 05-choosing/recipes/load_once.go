package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
)

// once calls load a single time for all goroutines. After a failure,
// it tries again.
type once[T any] struct {
	load func() (T, error)
	lock sync.Mutex
	try  func() (T, error) // nil, or what all of them call
}

func (o *once[T]) get() (T, error) {
	o.lock.Lock() // for a moment: nobody loads with the lock
	if o.try == nil {
		o.try = sync.OnceValues(func() (T, error) {
			value, err := o.load()
			if err != nil { // those that wait hear of it
				o.lock.Lock()
				o.try = nil // the next one tries again
				o.lock.Unlock()
			}
			return value, err
		})
	}
	try := o.try
	o.lock.Unlock()
	return try()
}

func loadOnce(_ context.Context, w io.Writer) error {
	loads := 0
	rate := once[float64]{load: func() (float64, error) {
		if loads++; loads == 1 {
			return 0, errors.New("no network")
		}
		return 1.08, nil // dollars for a euro
	}}
	_, err := rate.get()
	fmt.Fprintln(w, "first:", err)

	var got [4]float64
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() { got[i], _ = rate.get() })
	}
	wg.Wait()
	fmt.Fprintln(w, "then:", got[0], got[1], got[2], got[3])
	fmt.Fprintln(w, "loaded", loads, "times")
	return nil
}
