package main

import (
	"context"
	"io"
)

func copiedLock(ctx context.Context, w io.Writer) error {
	return pair{name: "copied_lock", goOnly: true, vet: true}.show(ctx, w)
}
