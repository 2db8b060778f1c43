package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// addGuest changes "tea for 2" to "tea for 3", in its own memory:
// what it gets is a copy, and what it returns is copied again.
var addGuest = procpool.Define("add-guest",
	func(order []byte) ([]byte, error) {
		order[len(order)-1]++
		return order, nil
	})

// addGuestThere does so in memory that both processes share. Only
// where to look goes through the pipe.
var addGuestThere = procpool.Define("add-guest-there",
	func(at place) (done bool, err error) {
		memory, err := at.memory()
		if err != nil {
			return false, err
		}
		memory[at.Size-1]++
		return true, nil
	})

// A place is the beginning of a file that is mapped into memory.
type place struct {
	File string
	Size int // bytes
}

var mapped = make(map[string][]byte) // by their files

// memory maps the file when it is first asked for.
func (p place) memory() ([]byte, error) {
	if mapped[p.File] == nil {
		memory, err := mapFile(p.File)
		if err != nil {
			return nil, err
		}
		mapped[p.File] = memory
	}
	return mapped[p.File], nil
}

// mapFile puts a file into memory: what one process writes there is at once
// what all others read that map it too.
func mapFile(path string) ([]byte, error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close() // the mapping stays
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	memory, err := mapMemory(file, int(info.Size()))
	if err != nil {
		return nil, fmt.Errorf("mapping %s: %w", path, err)
	}
	return memory, nil
}

// sharedFile makes a file of that size, to be mapped. In /dev/shm, where there
// is one, no disk is involved.
func sharedFile(size int64) (path string, err error) {
	folder := "/dev/shm"
	if _, err := os.Stat(folder); err != nil {
		folder = ""
	}
	file, err := os.CreateTemp(folder, "notebook-")
	if err != nil {
		return "", err
	}
	defer file.Close()
	return file.Name(), file.Truncate(size)
}

func talking(ctx context.Context, w io.Writer) error {
	pool, err := procpool.New(1)
	if err != nil {
		return err
	}
	defer pool.Close()

	order := []byte("tea for 2")
	answer, err := addGuest.Call(ctx, pool, order)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "through a pipe: %s came back, here it is still %s\n", answer, order)

	file, err := sharedFile(4096)
	if err != nil {
		return err
	}
	defer os.Remove(file)
	memory, err := mapFile(file)
	if err != nil {
		return err
	}
	defer unmap(memory)
	copy(memory, order)
	if _, err := addGuestThere.Call(ctx, pool, place{file, len(order)}); err != nil {
		return err
	}
	fmt.Fprintf(w, "in shared memory: here it is %s\n", memory[:len(order)])
	return nil
}

func compareTalking(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("a small message costs two hand-overs, whatever its size; of a large one each byte is copied into the pipe and out of it, there and back; in shared memory it is written once, and a channel passes a pointer")

	sizes, names, trips := []int{1, 1 << 10, 1 << 20}, []string{"1 B", "1 KiB", "1 MiB"}, []int{200, 200, 20}
	pool, err := procpool.New(1)
	if err != nil {
		return err
	}
	defer pool.Close()
	file, err := sharedFile(1 << 20)
	if err != nil {
		return err
	}
	defer os.Remove(file)
	memory, err := mapFile(file)
	if err != nil {
		return err
	}
	defer unmap(memory)
	orders := make(chan []byte) // to a goroutine and back
	defer close(orders)
	go func() {
		for order := range orders {
			order[len(order)-1]++
			orders <- order
		}
	}()

	var variants []measure.Variant
	add := func(way string, size int, times int, trip func(context.Context) error) {
		variants = append(variants, measure.Variant{Name: fmt.Sprint(way, " ", size), Run: func(ctx context.Context) error {
			for range times {
				if err := trip(ctx); err != nil {
					return err
				}
			}
			return nil
		}})
	}
	const more = 20 // times as many trips, for the channel
	for i, size := range sizes {
		order := make([]byte, size)
		add("channel", size, more*trips[i], func(context.Context) error {
			orders <- order
			<-orders
			return nil
		})
		add("pipe", size, trips[i], func(ctx context.Context) error {
			_, err := addGuest.Call(ctx, pool, order)
			return err
		})
		add("memory", size, trips[i], func(ctx context.Context) error {
			copy(memory, order)
			_, err := addGuestThere.Call(ctx, pool, place{file, size})
			return err
		})
	}
	went, err := lab.InTurn(ctx, variants...)
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"sizes": sizes, "trips": trips})

	for i, size := range sizes {
		unit := "µs there and back, " + names[i]
		each := func(s measure.Samples, way string, times int) measure.Estimate {
			return s.Estimate(fmt.Sprint(way, " ", size)).Times(1e6 / float64(times))
		}
		lab.Show("Go, channel", unit, each(went, "channel", more*trips[i]))
		lab.Show("Go, pipe", unit, each(went, "pipe", trips[i]))
		lab.Show("Go, shared memory", unit, each(went, "memory", trips[i]))
		lab.Show("CPython, pipe", unit, each(twin, "pipe", trips[i]))
		lab.Show("CPython, shared memory", unit, each(twin, "memory", trips[i]))
	}
	small, large := fmt.Sprint("pipe ", sizes[0]), fmt.Sprint("pipe ", sizes[2])
	shared := fmt.Sprint("memory ", sizes[2])
	for _, side := range []struct {
		of notebook.Subject
		s  measure.Samples
	}{{notebook.Go, went}, {notebook.CPython, twin}} {
		perTrip := float64(trips[0]) / float64(trips[2])
		if wake := side.s.Estimate(small); wake.N > 0 {
			copied := side.s.Estimate(large).Median*perTrip - wake.Median // for 1 MiB
			lab.Remark("%s, by pipe: from about %s KiB on, the copying takes longer than all the rest.", side.of, measure.Number(1024*wake.Median/copied))
		}
		lab.Judge("3.5", side.of, measure.All(
			side.s.Ratio(large, small).Times(perTrip).Decide("1 MiB / 1 B by pipe", 9, 1),
			side.s.Ratio(large, shared).Above("1 MiB, pipe / shared memory", 1)))
	}
	return nil
}
