package main

import (
	"context"
	"fmt"
	"io"

	"concurrency-notebook/03-processes/procpool"
)

// An order, of which the fields with a capital are sent.
type order struct {
	Dish   string
	Guests int
}

var addGuest = procpool.Define("add-guest",
	func(o *order) (*order, error) {
		o.Guests++
		return o, nil
	})

var askFunction = procpool.Define("ask-function",
	func(f func() int) (int, error) { return f(), nil })

func talking(ctx context.Context, w io.Writer) error {
	pool, err := procpool.New(1)
	if err != nil {
		return err
	}
	defer pool.Close()

	// Even of a pointer, what it points to is sent.
	o := &order{"tea", 2}
	answer, err := addGuest.Call(ctx, pool, o)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "there are", answer.Guests, "guests in what came back")
	fmt.Fprintln(w, "there are", o.Guests, "guests in what was sent")

	_, err = askFunction.Call(ctx, pool, func() int { return o.Guests })
	if err != nil {
		fmt.Fprintln(w, "a lambda can't be sent")
	}
	return nil
}
