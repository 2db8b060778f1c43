package main

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// Every model does every job, with the same results; and a task that fails is
// told of.
func TestModelsAgree(t *testing.T) {
	server := startTestWaiter(t, 1)
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, nobody.Close())
	tasks := []task{{Primes: 100}, {Server: server.Addresses[0], Requests: 2, Wait: 1}, {}}
	pool, err := procpool.New(2)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, pool.Close()) })
	models := goModels(nil, 2)
	models["processes that are there"] = goModels(pool, 2)[processes]
	for name, run := range models {
		results, err := run(t.Context(), tasks)
		require.NoError(t, err, name)
		require.Equal(t, []int{25, 2, 0}, results, name)
		results, err = run(t.Context(), nil)
		require.NoError(t, err, "%s of nothing", name)
		require.Empty(t, results)

		_, err = run(t.Context(), []task{{Server: nobody.Addr().String(), Requests: 1}})
		require.ErrorContains(t, err, "refused", name)
	}
}

func TestClock(t *testing.T) {
	halfAnHourAgo := time.Now().Add(-time.Hour / 2)
	result, err := task{Since: halfAnHourAgo.UnixMicro()}.run(t.Context())
	require.NoError(t, err)
	require.GreaterOrEqual(t, result, int((time.Hour / 2).Microseconds()))
	require.LessOrEqual(t, result, int(time.Since(halfAnHourAgo).Microseconds())+1)
}

func TestCells(t *testing.T) {
	const crowd = 20
	server := startTestWaiter(t, crowd)
	for _, model := range []string{threads, goroutines, eventLoop} {
		o, err := cell{model, manyWaits, server.Addresses, crowd, 2}.start(t.Context())
		require.NoError(t, err, model)
		require.GreaterOrEqual(t, o.Seconds, aWhile.Seconds(), model)
	}
	_, err := cell{sequential, fewWaits, []string{"soup"}, 1, 1}.start(t.Context())
	require.ErrorContains(t, err, "soup", "what went wrong is told")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("we are closing"))
	_, err = cell{sequential, tiny, []string{"soup"}, 1, 1}.start(ctx)
	require.EqualError(t, err, "we are closing")
}

func TestBuild(t *testing.T) {
	for _, j := range jobs {
		tasks := j.build([]string{"a", "b"}, 7)
		require.Len(t, tasks, len(j.tasks)*j.repeated(7))
		if len(tasks) > 2 {
			require.Equal(t, []string{"a", "b", "a"}, []string{tasks[0].Server, tasks[1].Server, tasks[2].Server})
		}
		for _, original := range j.tasks {
			require.Empty(t, original.Server, "a job is used again: %s", j.name)
		}
	}
	require.Equal(t, 7, jobByName(manyWaits).repeated(7))
}

func TestSlower(t *testing.T) {
	tasks := []task{{Primes: 900}, request}
	require.Equal(t, []task{{Primes: 100}, request}, slower(tasks))
	require.Equal(t, 900, tasks[0].Primes)
}

// took makes up what a job took: seconds and, for many waits, bytes a connection.
type took map[string][2]float64

func madeUp(python, golang map[string]took) *measured {
	m := &measured{cpus: 2, many: manyTasks, inGo: make(map[string]measure.Samples), inPython: make(map[string]measure.Samples)}
	fill := func(all map[string]measure.Samples, from map[string]took) {
		for _, j := range jobs {
			values := make(map[string]float64)
			for model, v := range from[j.name] {
				values[model], values[model+"/opening"], values[model+"/memory"], values[model+"/busy"], values[model+"/waited"] = v[0], v[0], v[1], 1, v[1]
			}
			all[j.name] = notebook.MadeUp(values)
			if from == nil {
				all[j.name] = noPython
			}
		}
	}
	fill(m.inPython, python)
	fill(m.inGo, golang)
	return m
}

func TestGrid(t *testing.T) {
	m := madeUp(map[string]took{
		computing: {sequential: {0.375}, threadPool: {0.4}, processPool: {0.25}, asyncio: {0.375}, uvloop: {0.125}},
		tiny:      {sequential: {0.002}},
	}, map[string]took{computing: {goroutines: {0.08}}})
	g := m.grid()
	var names []string
	for _, row := range g.Rows {
		names = append(names, row.Name)
	}
	require.Equal(t, []string{
		"CPython, one after another", "CPython, ThreadPoolExecutor", "CPython, ProcessPoolExecutor", "CPython, asyncio", "CPython, asyncio on uvloop", "CPython, the best took",
		"Go, one after another", "Go, goroutines", "Go, OS threads", "Go, processes", "Go, event loop", "Go, the best took",
	}, names, "what was not found has no row")
	require.Equal(t, []string{"compute", "few\nwaits", "many\nwaits", "mixed", "tiny"}, g.Columns)
	first := func(row int) notebook.GridCell { return g.Rows[row].Cells[0] }
	require.Equal(t, notebook.GridCell{Text: "1.5×", Factor: 1.5}, first(0))
	require.Equal(t, notebook.GridCell{Text: "1×", Factor: 1, Mark: notebook.Best}, first(2))
	require.Equal(t, notebook.GridCell{Text: "0.5×", Factor: 0.5, Mark: notebook.Best}, first(4), "the best is one that every machine has")
	require.Equal(t, notebook.GridCell{Text: "250 ms"}, first(5))
	require.Equal(t, notebook.GridCell{Text: "1 µs"}, g.Rows[5].Cells[4], "of one task")
	require.Equal(t, notebook.GridCell{Text: "never", Mark: notebook.NotRun}, g.Rows[0].Cells[2])
	require.Equal(t, notebook.GridCell{Text: "failed", Mark: notebook.Bad}, first(6))

	require.Len(t, madeUp(nil, map[string]took{computing: {goroutines: {1}}}).grid().Rows, 6, "without Python there are no rows for it")
}

func TestOpening(t *testing.T) {
	var s measure.Samples
	outcome{Seconds: 0.5}.addTo(&s, jobByName(manyWaits), goroutines)
	outcome{Seconds: 0.5}.addTo(&s, jobByName(fewWaits), threads)
	require.InDelta(t, 0.4, s.Estimate(goroutines+"/opening").Median, 1e-9, "the wait itself is no model's fault")
	require.InDelta(t, 0.5, s.Estimate(threads+"/opening").Median, 1e-9)
}

func TestNever(t *testing.T) {
	require.True(t, jobByName(manyWaits).never(processPool))
	require.False(t, jobByName(manyWaits).never(asyncio))
	require.False(t, jobByName(fewWaits).never(processPool))
}
