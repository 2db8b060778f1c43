package main

import (
	"context"
	"io"
)

func checkThenAct(ctx context.Context, w io.Writer) error {
	return pair{name: "check_then_act"}.show(ctx, w)
}
