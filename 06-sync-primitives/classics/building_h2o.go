package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"concurrency-notebook/06-sync-primitives/primitive"
)

func buildingH2o(ctx context.Context, w io.Writer) error {
	places := map[string]chan bool{"H": make(chan bool, 2), "O": make(chan bool, 1)}
	three := primitive.NewBarrier(3, nil)
	var lock sync.Mutex
	var bonded []string

	var all sync.WaitGroup
	for _, kind := range strings.Split("OOOOHHHHHHHH", "") {
		all.Go(func() {
			places[kind] <- true // two H and one O get in,
			three.Wait(ctx)      // and go on together
			lock.Lock()
			bonded = append(bonded, kind)
			lock.Unlock()
			<-places[kind]
		})
	}
	all.Wait()
	var molecules []string
	for three := range slices.Chunk(bonded, 3) {
		slices.Sort(three)
		molecules = append(molecules, strings.Join(three, ""))
	}
	fmt.Fprintln(w, strings.Join(molecules, " "))
	return ctx.Err()
}
