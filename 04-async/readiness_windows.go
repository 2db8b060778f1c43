package main

import (
	"context"
	"fmt"
	"io"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

func readiness(_ context.Context, w io.Writer) error {
	fmt.Fprintln(w, "This cannot be shown on Windows, whose sockets tell when something is done, not when it can be.")
	return nil
}

func compareAsking(_ context.Context, lab *notebook.Lab) error {
	lab.Judge("4.10", notebook.Go, measure.Cannot("on Windows, sockets tell when something is done, not when it can be"))
	return nil
}
