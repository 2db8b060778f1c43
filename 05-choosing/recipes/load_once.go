package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
)

// A once calls load once for all goroutines. If it fails, the next one
// tries again.
type once[T any] struct {
	load   func() (T, error)
	lock   sync.Mutex
	loaded bool
	value  T
}

func (o *once[T]) get() (T, error) {
	o.lock.Lock() // the others wait for the one that loads
	defer o.lock.Unlock()
	if !o.loaded {
		value, err := o.load()
		if err != nil {
			return value, err
		}
		o.value, o.loaded = value, true
	}
	return o.value, nil
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
