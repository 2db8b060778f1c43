package main

import (
	"context"
	"fmt"
	"io"
)

func threadCost(_ context.Context, w io.Writer) error {
	const guests = 1000
	whileWaiting(guests, true, func() {
		fmt.Fprintln(w, guests, "guests with a thread each")
	})
	whileWaiting(guests, false, func() {
		fmt.Fprintln(w, guests, "guests with something lighter each")
	})
	return nil
}
