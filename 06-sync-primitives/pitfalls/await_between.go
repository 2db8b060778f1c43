package main

import (
	"context"
	"io"
)

func awaitBetween(ctx context.Context, w io.Writer) error {
	return pair{name: "await_between"}.show(ctx, w)
}
