package main

import (
	"context"
	"io"
)

func undrainedQueue(ctx context.Context, w io.Writer) error {
	return pair{name: "undrained_queue"}.show(ctx, w)
}
