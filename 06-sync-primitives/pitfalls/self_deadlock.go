package main

import (
	"context"
	"io"
)

func selfDeadlock(ctx context.Context, w io.Writer) error {
	return pair{name: "self_deadlock"}.show(ctx, w)
}
