package main

import (
	"context"
	"io"
)

func forgottenJoin(ctx context.Context, w io.Writer) error {
	return pair{name: "forgotten_join"}.show(ctx, w)
}
