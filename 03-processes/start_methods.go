package main

import (
	"context"
	"fmt"
	"io"

	"concurrency-notebook/03-processes/procpool"
)

var menu = "soup"

var readMenu = procpool.Define("read-menu",
	func(int) (string, error) { return menu, nil })

var setMenu = procpool.Define("set-menu",
	func(dish string) (string, error) {
		menu = dish
		return menu, nil
	})

func startMethods(ctx context.Context, w io.Writer) error {
	menu = "cake"
	fmt.Fprintln(w, "here:", menu)

	// A worker is this program, started again from its beginning.
	pool, err := procpool.New(1)
	if err != nil {
		return err
	}
	defer pool.Close()
	dish, err := readMenu.Call(ctx, pool, 0)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "in a fresh worker:", dish)

	if _, err := setMenu.Call(ctx, pool, menu); err != nil {
		return err
	}
	dish, err = readMenu.Call(ctx, pool, 0)
	fmt.Fprintln(w, "in one that was told:", dish)
	return err
}
