package notebook

import (
	"context"
	"errors"

	"concurrency-notebook/internal/python"
)

type pythonKey struct{}

// Python returns the interpreter for a demo that runs programs in Python: the
// first that the reader has named, or else the one on PATH. The error says why
// there is none.
func Python(ctx context.Context) (*python.Interpreter, error) {
	i, ok := ctx.Value(pythonKey{}).(interpreter)
	switch {
	case !ok: // no reader is there, as in an Example
		return python.Find(ctx, "")
	case i.missing != "":
		return nil, errors.New(i.missing)
	}
	return i.Interpreter, nil
}

func withPython(ctx context.Context, i interpreter) context.Context {
	return context.WithValue(ctx, pythonKey{}, i)
}
