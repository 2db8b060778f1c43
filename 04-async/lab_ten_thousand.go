package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// Names of rows.
const tasksEach, goroutinesEach = "CPython, an asyncio task each", "Go, a goroutine each"

func holdConnections(ctx context.Context, lab *notebook.Lab) error {
	// Each side of a connection is a descriptor, of one program each.
	connections := min(10_000, measure.OpenFiles()/2)
	few := min(1000, connections)
	lab.Predict("%s connections that say nothing keep no CPU busy, however they're held; what differs is the memory for each", measure.Count(float64(connections)))
	program, err := os.Executable()
	if err != nil {
		return err
	}
	var all []held
	for _, h := range []held{
		{name: "CPython, a thread each", kind: "threads", python: true, connections: few},
		{name: tasksEach, kind: "tasks", python: true, connections: few},
		{name: tasksEach, kind: "tasks", python: true, connections: connections},
		{name: "Go, a system thread each", kind: "threads", connections: few},
		{name: goroutinesEach, kind: "goroutines", connections: few},
		{name: goroutinesEach, kind: "goroutines", connections: connections},
	} {
		if slices.ContainsFunc(all, func(other held) bool { return other.name == h.name && other.connections == h.connections }) ||
			!h.python && h.kind == "threads" && runtime.GOOS != "linux" {
			continue
		}
		lab.Progress("%s, of %d", h.name, h.connections)
		if h.python {
			h.Samples = lab.Twin(ctx, map[string]any{"kind": h.kind, "guests": program, "connections": h.connections, "windows": idleWindows, "window": idleWindow.Seconds()})
		} else if h.Samples, err = hold(ctx, h.kind, h.connections); err != nil {
			return err
		}
		all = append(all, h)
	}
	judgeConnections(lab, connections, all)
	return nil
}

// held are connections that say nothing, and what it takes to hold them.
type held struct {
	name, kind  string
	python      bool
	connections int
	measure.Samples
}

// hold lets a server of that kind hold so many connections. Where the guests
// can't have them, the samples are missing: not every system that has a limit
// can be asked for it.
func hold(ctx context.Context, kind string, connections int) (s measure.Samples, err error) {
	var address string
	server, err := idleServer.Start(ctx, kind, &address)
	if err != nil {
		return s, err
	}
	defer func() {
		err = cmp.Or(err, server.Stop())
	}()
	var before, after idleUsage
	if err := server.Ask(&before); err != nil {
		return s, err
	}
	party, err := echoGuests.Start(ctx, guests{address, connections}, new(string))
	if err != nil {
		if ctx.Err() != nil {
			return s, err
		}
		return measure.Missing(err.Error()), nil
	}
	defer party.Stop()
	if err := server.Ask(&after); err != nil {
		return s, err
	}
	if kind == "threads" && after.Threads < connections {
		return s, fmt.Errorf("%d connections were held by %d threads: that isn't one each", connections, after.Threads)
	}
	s.Add("cpus", after.CPUs...)
	if before.Memory > 0 {
		s.Add("memory", float64(after.Memory-before.Memory)/float64(connections))
	}
	for range 9 {
		var seconds float64
		if err := party.Ask(&seconds); err != nil {
			return s, err
		}
		s.Add("answer", seconds)
	}
	return s, nil
}

func judgeConnections(lab *notebook.Lab, connections int, all []held) {
	many := measure.Count(float64(connections))
	memory := func(n int) notebook.Unit {
		return notebook.Unit{Name: "memory for a connection, one of " + measure.Count(float64(n)), Say: measure.Bytes}
	}
	few := connections
	found, fewest := make(map[string]held), make(map[string]held)
	for _, h := range all {
		few = min(few, h.connections)
		if _, ok := fewest[h.name]; !ok { // they come first
			fewest[h.name] = h
		}
		if h.connections == connections {
			found[h.name] = h
		}
		lab.Figure(memory(h.connections), h.name, h.Estimate("memory"))
		lab.Figure(notebook.Unit{Name: "CPUs kept busy by all " + measure.Count(float64(h.connections))}, h.name, h.Estimate("cpus"), 0)
		lab.Figure(notebook.Time("time until one is answered, of "+measure.Count(float64(h.connections))), h.name, h.Estimate("answer"))
	}
	lab.Headline(memory(few), "Memory for a connection, one of "+measure.Count(float64(few)))

	judge := func(name, thread, what string, of notebook.Subject) {
		h, ok := found[name]
		if !ok {
			h.Samples = measure.Missing(name + " was not measured")
		}
		busy := h.Estimate("cpus")
		lab.Judge("4.17", of, busy.Below("CPUs kept busy by "+many+" connections", 0.05))
		text := fmt.Sprintf("%s connections on which nothing was said kept %s CPUs busy, and one of them was answered within %s.",
			many, measure.Number(busy.Median), h.Estimate("answer").Seconds())
		one, other := fewest[name], fewest[thread]
		if one.Estimate("memory").N > 0 && other.Estimate("memory").N > 0 {
			text += fmt.Sprintf(" With %s open, each took %s in %s, and was answered within %s; in a thread, it took %s and was answered within %s.",
				measure.Count(float64(few)), measure.Bytes(one.Estimate("memory").Median), what, one.Estimate("answer").Seconds(),
				measure.Bytes(other.Estimate("memory").Median), other.Estimate("answer").Seconds())
		}
		lab.Answer("4.17", of, notebook.Wording{measure.Yes: text, measure.No: text, measure.Same: text, measure.Different: text})
	}
	judge(tasksEach, "CPython, a thread each", "a task", notebook.CPython)
	judge(goroutinesEach, "Go, a system thread each", "a goroutine", notebook.Go)
}
