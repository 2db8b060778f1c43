package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"concurrency-notebook/03-processes/procpool"
)

// A visit is to a table. If there's a trap, a file, the first worker
// to come dies.
type visit struct {
	Table int
	Trap  string
}

var serve = procpool.Define("serve", func(v visit) (string, error) {
	if v.Trap != "" && os.Remove(v.Trap) == nil {
		os.Exit(1) // as after a bug in C code, or when memory is short
	}
	return fmt.Sprintf("table %d is served", v.Table), nil
})

func workerDies(ctx context.Context, w io.Writer) error {
	folder, err := os.MkdirTemp("", "trap-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	trap := filepath.Join(folder, "trap")
	if err := os.WriteFile(trap, nil, 0o600); err != nil {
		return err
	}

	pool, err := procpool.New(2)
	if err != nil {
		return err
	}
	defer pool.Close()
	visits := []visit{{Table: 0}, {Table: 1}, {2, trap}, {Table: 3}}
	served, err := serve.Map(ctx, pool, visits)
	for _, table := range served {
		fmt.Fprintln(w, table)
	}
	return err
}
