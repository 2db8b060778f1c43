package main

import (
	"context"
	"io"
)

func thunderingHerd(ctx context.Context, w io.Writer) error {
	return pair{name: "thundering_herd"}.show(ctx, w)
}
