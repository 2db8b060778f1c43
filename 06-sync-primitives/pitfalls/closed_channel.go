package main

import (
	"context"
	"io"
)

func closedChannel(ctx context.Context, w io.Writer) error {
	return pair{name: "closed_channel", goOnly: true}.show(ctx, w)
}
