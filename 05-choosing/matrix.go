package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// A job is a number of tasks, the same for every model.
type job struct {
	name  string
	tasks []task
	times int // that they are repeated; 0: once a connection

	computes time.Duration // about, all tasks together
	workers  int           // processes for it; 0: one a CPU
	counts   int           // the task that counts; 0: the last to end
	crashes  bool          // and is meant to
}

var jobs = []job{
	{name: computing, times: 10, computes: 150 * time.Millisecond,
		tasks: []task{{Primes: 210_000}}},
	{name: fewWaits, times: 10, workers: 10,
		tasks: []task{{Requests: 12, Wait: 1}}},
	{name: manyWaits, // at the same time
		tasks: []task{{Requests: 1, Wait: together}}},
	mixedJob,
	{name: tiny, times: 2000, tasks: []task{{}}},
	crashJob,
}

const (
	computing = "computing"
	fewWaits  = "few waits"
	manyWaits = "many waits"
	tiny      = "tiny"

	manyTasks = 5000
)

func jobByName(name string) job {
	all := append(slices.Clone(jobs), alone)
	return all[slices.IndexFunc(all, func(j job) bool { return j.name == name })]
}

func (j job) build(servers []string, many int) []task {
	n := j.times
	if n == 0 {
		n = many
	}
	var tasks []task
	for range n {
		tasks = append(tasks, j.tasks...)
	}
	for i := range tasks {
		if tasks[i].Requests > 0 {
			tasks[i].Server = servers[i%len(servers)]
		}
	}
	return tasks
}

// together reports whether the tasks wait for each other.
func (j job) together() bool {
	return slices.ContainsFunc(j.tasks, func(t task) bool { return t.Wait == together })
}

// never reports whether the job would never end in the model, which cannot have
// all of its tasks at once.
func (j job) never(model string) bool {
	return j.together() && (model == sequential || model == processes)
}

func (j job) processes(cpus int) int {
	if j.workers > 0 {
		return j.workers
	}
	return cpus
}

// rounds returns how often the job is measured, of the rounds that the reader
// asked for.
func (j job) rounds(asked int) int {
	if j.together() || j.crashes || j.name == tiny { // it takes long, or varies little
		return max(asked/3, 1)
	}
	return max(asked*2/3, 1)
}

// waits returns how long a task waits.
func (t task) waits() time.Duration {
	if t.Wait == together {
		return aWhile
	}
	return time.Duration(t.Requests) * time.Duration(t.Wait) * time.Millisecond
}

// inSequence returns how long the job takes one after another, and whether it
// ever ends.
func (j job) inSequence() (d time.Duration, ends bool) {
	d = j.computes
	for _, t := range j.build([]string{"a server"}, manyTasks) {
		d += t.waits()
	}
	return d, !j.together()
}

// atBest returns the least that it can take: the longest wait, or the computing
// divided among the CPUs.
func (j job) atBest(cpus int) time.Duration {
	if j.counts > 0 {
		return j.tasks[j.counts].waits()
	}
	best := j.computes / time.Duration(cpus)
	for _, t := range j.tasks {
		best = max(best, t.waits())
	}
	return best
}

func matrix(_ context.Context, w io.Writer) error {
	fmt.Fprintf(w, "%-12s %5s  %17s  %15s\n", "job", "tasks",
		"one after another", "best, on 2 CPUs")
	for _, j := range jobs {
		tasks := j.build([]string{"a server"}, manyTasks)
		takes := "never ends" // the first waits for the last
		if d, ends := j.inSequence(); ends {
			takes = d.String()
		}
		fmt.Fprintf(w, "%-12s %5s  %17s  %15v\n", j.name,
			number(len(tasks)), takes, j.atBest(2))
	}
	return nil
}

func measureMatrix(ctx context.Context, lab *notebook.Lab) error {
	cpus := lab.CPUs()
	lab.Predict("a rule holds where its model takes clearly less than the best of the others: processes 1/CPUs = %s of the time of what computes; threads and asyncio %s of the time of what waits, or of what waiting costs (CPU time for few, memory for many)",
		measure.Number(1/float64(cpus)), measure.Number(clearlyLess))
	m := &results
	var names []string
	for _, j := range jobs {
		names = append(names, j.name)
	}
	if err := m.measure(ctx, lab, names...); err != nil {
		return err
	}
	lab.Grid(m.times())
	lab.Grid(m.costs())
	if m.many < manyTasks {
		lab.Remark("Of many waits there were %s, and not %s: a program may have %s files open.", number(m.many), number(manyTasks), number(measure.OpenFiles()))
	}
	for _, language := range []notebook.Subject{notebook.CPython, notebook.Go} {
		rules := m.rules(language)
		for _, no := range slices.Sorted(maps.Keys(rules)) {
			lab.Judge(no, language, rules[no])
		}
	}
	return nil
}

// times returns the time of each cell, as a multiple of the best of its job and
// language.
func (m *measured) times() notebook.Grid {
	g := notebook.Grid{Title: "time, x the best", Note: "Green, bold, or with a star: the best in its language, and what is within 5 % of it. Never: the first task would wait for the last. The best time of tiny is that of one task."}
	timed := slices.DeleteFunc(slices.Clone(jobs), func(j job) bool { return j.crashes })
	for _, j := range timed {
		g.Columns = append(g.Columns, strings.ReplaceAll(j.name, " ", "\n"))
	}
	for _, language := range m.languages() {
		all, models := m.of(language)
		best := func(j job) measure.Estimate { return all[j.name].Estimate(bestOf(all[j.name], models, "", "")) }
		for _, model := range models {
			row := notebook.GridRow{Name: string(language) + ", " + model}
			for _, j := range timed {
				row.Cells = append(row.Cells, cellOf(j, model, all[j.name].Estimate(model), best(j), func(x float64) string { return measure.Number(x / best(j).Median) }))
			}
			g.Rows = append(g.Rows, row)
		}
		took := notebook.GridRow{Name: string(language) + ", the best took"}
		for _, j := range timed {
			var c notebook.GridCell
			switch b := best(j); {
			case b.N == 0:
			case j.name == tiny:
				c.Text = seconds(b.Median / float64(j.times))
			default:
				c.Text = seconds(b.Median)
			}
			took.Cells = append(took.Cells, c)
		}
		g.Rows = append(g.Rows, took)
	}
	predicted := notebook.GridRow{Name: "predicted, at best"}
	for _, j := range timed {
		predicted.Cells = append(predicted.Cells, notebook.GridCell{Text: seconds(j.atBest(m.cpus).Seconds())})
	}
	g.Rows = append(g.Rows, predicted)
	return g
}

// costs returns what the cells used, and what a crash cost.
func (m *measured) costs() notebook.Grid {
	columns := []struct {
		head, job, what string
		text            func(float64) string
		least           bool // is the best
	}{
		{"computing\nCPUs busy", computing, "/busy", measure.Number, false},
		{"few\nwaits\nCPU ms", fewWaits, "/cpu", scaled(1000), true},
		{"many\nwaits\nthreads", manyWaits, "/threads", scaled(1), false},
		{"many\nwaits\nMiB", manyWaits, "/memory", scaled(1.0 / (1 << 20)), true},
		{"crash\nlost", crashJob.name, "/lost", scaled(1), true},
	}
	g := notebook.Grid{Title: "what it cost", Note: fmt.Sprintf("CPU time is that of all processes together; memory is the most that was resident. A few threads are the Go runtime's own. Lost: of %d tasks beside the one that crashed.", others)}
	for _, c := range columns {
		g.Columns = append(g.Columns, c.head)
	}
	for _, language := range m.languages() {
		all, models := m.of(language)
		for _, model := range models {
			row := notebook.GridRow{Name: string(language) + ", " + model}
			for _, c := range columns {
				j, s := jobByName(c.job), all[c.job]
				e := s.Estimate(model + c.what)
				if e.N == 0 && (s.Estimate(model).N > 0 || j.never(model)) { // not known, or not run
					row.Cells = append(row.Cells, notebook.GridCell{})
					continue
				}
				best := measure.Estimate{Median: -1}
				if c.least {
					best = s.Estimate(bestOf(s, models, c.what, "") + c.what)
				}
				row.Cells = append(row.Cells, cellOf(j, model, e, best, c.text))
			}
			g.Rows = append(g.Rows, row)
		}
	}
	return g
}

// bySide is how much more than the best still counts as equal to it.
const bySide = 1.05

// cellOf returns the cell of a grid for what was estimated, if anything was.
func cellOf(j job, model string, e, best measure.Estimate, text func(float64) string) notebook.GridCell {
	switch {
	case j.never(model):
		return notebook.GridCell{Text: "never", Mark: notebook.NotRun}
	case e.N == 0:
		return notebook.GridCell{Text: "failed", Mark: notebook.Bad}
	case e.Median <= best.Median*bySide:
		return notebook.GridCell{Text: text(e.Median), Mark: notebook.Best}
	default:
		return notebook.GridCell{Text: text(e.Median)}
	}
}

// scaled returns a format for whole numbers of another unit.
func scaled(by float64) func(float64) string {
	return func(x float64) string { return number(int(x*by + 0.5)) }
}

// seconds formats a time, with its unit.
func seconds(s float64) string {
	switch {
	case s == 0:
		return "0 s"
	case s < 1e-6:
		return measure.Number(s*1e9) + " ns"
	case s < 1e-3:
		return measure.Number(s*1e6) + " µs"
	case s < 1:
		return measure.Number(s*1e3) + " ms"
	default:
		return measure.Number(s) + " s"
	}
}
