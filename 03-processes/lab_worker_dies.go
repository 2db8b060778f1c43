package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/timeline"
	"concurrency-notebook/internal/workload"
)

// A service tells who served a table, and when.
type service struct {
	Table, Worker int
	Start, End    time.Time
}

// serveAndTell serves as serve does, and tells of it, so that it can be drawn:
// the worker that dies in the trap writes into the file that it leaves there.
var serveAndTell = procpool.Define("serve-and-tell", func(v visit) (service, error) {
	s := service{Table: v.Table, Worker: os.Getpid(), Start: time.Now()}
	workload.CountPrimes(0, 60_000)
	s.End = time.Now()
	if v.Trap == "" || os.Remove(v.Trap) != nil {
		return s, nil
	}
	text, err := json.Marshal(s)
	if err != nil {
		return s, err
	}
	if err := os.WriteFile(v.Trap+lastWords, text, 0o600); err != nil {
		return s, err
	}
	os.Exit(1)
	return s, nil
})

const lastWords = ".last-words"

func compareDeaths(ctx context.Context, lab *notebook.Lab) error {
	const tables = 8
	lab.Predict("%d tables, and a worker that dies at one of them: a pool that notices serves all %d, or says that it can't; one that doesn't notice waits forever", tables, tables)
	folder, err := os.MkdirTemp("", "trap-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	trap := filepath.Join(folder, "trap")
	if err := os.WriteFile(trap, nil, 0o600); err != nil {
		return err
	}
	visits := make([]visit, tables)
	for table := range visits {
		visits[table].Table = table
	}
	visits[tables/2].Trap = trap

	pool, err := procpool.New(2)
	if err != nil {
		return err
	}
	defer pool.Close()
	rec := timeline.Start()
	served, err := serveAndTell.Map(ctx, pool, visits)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(trap + lastWords)
	if err != nil {
		return err
	}
	var last service
	if err := json.Unmarshal(text, &last); err != nil {
		return fmt.Errorf("reading the last words of a worker: %w", err)
	}
	drawDeath(lab, rec, served, last)

	const wait = time.Second
	theirs := lab.Twin(ctx, map[string]any{"tables": tables, "patience": wait.Seconds()})
	judgeDeaths(lab, tables, wait, len(served), theirs)
	return nil
}

func judgeDeaths(lab *notebook.Lab, tables int, wait time.Duration, served int, theirs measure.Samples) {
	unit := notebook.Unit{Name: fmt.Sprintf("tables served, of %d", tables), Say: measure.Count}
	executor, pool := theirs.Estimate("executor"), theirs.Estimate("pool")
	lab.Figure(unit, "CPython, ProcessPoolExecutor", executor)
	lab.Figure(unit, "CPython, multiprocessing.Pool", pool)
	lab.Figure(unit, "Go, procpool", measure.EstimateOf([]float64{float64(served)}))

	broken, silent := theirs.Estimate("executor raised BrokenProcessPool"), theirs.Estimate("pool said nothing")
	verdict := measure.Cannot("%s", broken.Missing)
	if broken.N > 0 {
		verdict = measure.Fact(broken.Median == 1, "ProcessPoolExecutor served %s of %d tables, and raised BrokenProcessPool for the others: %s",
			measure.Count(executor.Median), tables, yesOrNo(broken.Median == 1))
	}
	lab.Judge("3.8", notebook.CPython, verdict)
	lab.Judge("3.9", ourPool, measure.Fact(served == tables, "a worker died at a table; %d of %d tables were served", served, tables))

	other := ""
	if silent.Median == 1 {
		other = fmt.Sprintf(" multiprocessing.Pool served %s, and never said that one was lost: we stopped waiting after %s.", measure.Count(pool.Median), measure.Seconds(wait.Seconds()))
	}
	lab.Answer("3.8", notebook.CPython, notebook.Wording{
		measure.Yes: fmt.Sprintf("When a worker died, %s of %d tables were served by ProcessPoolExecutor; for each of the others it raised BrokenProcessPool, so you know which.", measure.Count(executor.Median), tables) + other,
		measure.No:  fmt.Sprintf("ProcessPoolExecutor served %s of %d tables, and didn't raise BrokenProcessPool for the others.", measure.Count(executor.Median), tables) + other,
	})
	lab.Tell("3.9", ourPool, notebook.Wording{
		measure.Yes: fmt.Sprintf("procpool gave the table to a new worker, and served all %d.", tables),
		measure.No:  fmt.Sprintf("procpool served %d of %d tables.", served, tables),
	})
}

// drawDeath draws who served which table, and where one died.
func drawDeath(lab *notebook.Lab, rec *timeline.Recorder, served []service, last service) {
	lanes := make(map[int]string) // by process id
	name := func(worker int) string {
		if lanes[worker] == "" {
			lanes[worker] = fmt.Sprint("worker ", len(lanes)+1)
		}
		return lanes[worker]
	}
	label := func(table int) string {
		if table == last.Table {
			return fmt.Sprint("table ", table)
		}
		return "another table"
	}
	for _, s := range served {
		if s.Table == last.Table {
			rec.Add(name(last.Worker), label(s.Table), last.Start, last.End)
			rec.Add(name(last.Worker), "dies", last.End, last.End)
		}
		rec.Add(name(s.Worker), label(s.Table), s.Start, s.End)
	}
	lab.Draw(timeline.Chart{
		Title:  fmt.Sprintf("A worker dies at table %d, and another one serves it", last.Table),
		Panels: []timeline.Panel{{Lanes: rec.Timeline()}},
	})
}
