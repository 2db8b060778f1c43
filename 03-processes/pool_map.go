package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"concurrency-notebook/03-processes/procpool"
)

// shareKettle returns how many ml of a full kettle each cook gets.
var shareKettle = procpool.Define("share-kettle",
	func(cooks int) (ml int, err error) {
		if cooks < 0 {
			return 0, fmt.Errorf("there are no %d cooks", cooks)
		}
		return 1500 / cooks, nil
	})

func poolMap(ctx context.Context, w io.Writer) error {
	pool, err := procpool.New(2)
	if err != nil {
		return err
	}
	defer pool.Close()

	ml, err := shareKettle.Map(ctx, pool, []int{1, 2, 3, 4})
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "each gets", ml[0], ml[1], ml[2], ml[3])

	_, err = shareKettle.Map(ctx, pool, []int{1, 2, -3, 4})
	var failed *procpool.TaskError
	if errors.As(err, &failed) {
		fmt.Fprintln(w, "the worker says:", failed.Message)
	}

	one, err := shareKettle.Call(ctx, pool, 5)
	fmt.Fprintln(w, "and goes on:", one)
	return err
}
