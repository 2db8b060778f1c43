package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// crashJob is ten tasks without any work, but that one kills the process it is
// in, as the system does when memory is out.
var crashJob = job{name: "crash", times: 1, crashes: true,
	tasks: []task{{}, {}, {}, {}, {Crash: true}, {}, {}, {}, {}, {}}}

// others is how many tasks there are beside that one.
const others = 9

func crash(ctx context.Context, w io.Writer) error {
	fmt.Fprintln(w, "ten tasks, and the fifth kills its process;",
		"done of the others:")
	for _, model := range goNames {
		o, err := cell{Model: model, Job: crashJob.name, CPUs: 2}.start(ctx)
		if err != nil && !errors.Is(err, errKilled) {
			return err
		}
		fmt.Fprintf(w, "%-18s %d of %d\n", model, o.Done, others)
	}
	return nil
}

func measureCrash(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("of %d other tasks, procpool and multiprocessing.Pool lose 0, and every model in one process all %[1]d", others)
	m := &results
	if err := m.measure(ctx, lab, crashJob.name); err != nil {
		return err
	}
	lab.Grid(m.losses())
	for _, language := range []notebook.Subject{notebook.CPython, notebook.Go} {
		lab.Judge("5.6", language, m.crash(language))
	}
	return nil
}

// losses returns how many of the other tasks were lost with the one that crashed.
func (m *measured) losses() notebook.Grid {
	g := notebook.Grid{Title: "lost with the task that crashed", Note: "Processes: procpool."}
	for _, language := range m.languages() {
		g.Columns = append(g.Columns, string(language))
	}
	if len(g.Columns) > 1 {
		g.Note = "Processes: procpool, and multiprocessing.Pool. Executor: concurrent.futures.ProcessPoolExecutor."
	}
	lost := func(s measure.Samples, model string) notebook.GridCell {
		switch e := s.Estimate(model + "/lost"); {
		case e.N == 0:
			return notebook.GridCell{}
		case e.High == 0:
			return notebook.GridCell{Text: fmt.Sprintf("0 of %d", others), Mark: notebook.Best}
		case e.Low == e.High:
			return notebook.GridCell{Text: fmt.Sprintf("%.0f of %d", e.High, others), Mark: notebook.Bad}
		default:
			return notebook.GridCell{Text: fmt.Sprintf("%.0f to %.0f of %d", e.Low, e.High, others), Mark: notebook.Bad}
		}
	}
	for _, row := range []struct{ name, inGo, inPython string }{
		{sequential, sequential, sequential}, {threads, threads, threads}, {goroutines, goroutines, ""},
		{"event loop, asyncio", eventLoop, asyncio}, {processes, processes, processes}, {executor, "", executor},
	} {
		cells := []notebook.GridCell{lost(m.inGo[crashJob.name], row.inGo), lost(m.inPython[crashJob.name], row.inPython)}
		if cells = cells[:len(g.Columns)]; slices.ContainsFunc(cells, func(c notebook.GridCell) bool { return c.Text != "" }) {
			g.Rows = append(g.Rows, notebook.GridRow{Name: row.name, Cells: cells})
		}
	}
	return g
}

// crash judges what is lost with a task that kills its process.
func (m *measured) crash(language notebook.Subject) measure.Verdict {
	all, models := m.of(language)
	for _, model := range models {
		lost := all[crashJob.name].Estimate(model + "/lost")
		want := float64(others)
		if model == processes {
			want = 0
		}
		switch {
		case lost.N == 0:
			return measure.Cannot("%s", lost.Missing)
		case lost.Low != want || lost.High != want:
			return measure.Fact(false, "of %d other tasks, %s lost %v", others, model, lost)
		}
	}
	return measure.Fact(true, "of %d other tasks, the pool lost 0, and every model in one process %[1]d", others)
}
