package main

import (
	"context"
	"io"
)

func lostUpdate(ctx context.Context, w io.Writer) error {
	return pair{name: "lost_update"}.show(ctx, w)
}
