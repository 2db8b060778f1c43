package main

import (
	"context"
	"io"
)

func lockOrder(ctx context.Context, w io.Writer) error {
	return pair{name: "lock_order"}.show(ctx, w)
}
