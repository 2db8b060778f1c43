package main

import (
	"context"
	"io"
)

func starvation(ctx context.Context, w io.Writer) error {
	return pair{name: "starvation"}.show(ctx, w)
}
