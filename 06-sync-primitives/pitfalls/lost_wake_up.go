package main

import (
	"context"
	"io"
)

func lostWakeUp(ctx context.Context, w io.Writer) error {
	return pair{name: "lost_wake_up"}.show(ctx, w)
}
