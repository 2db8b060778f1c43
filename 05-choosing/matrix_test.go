package main

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

func startTestWaiter(t *testing.T, crowd int) *waiter {
	t.Helper()
	server, err := startWaiter(crowd)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	return server
}

func TestWaiter(t *testing.T) {
	server := startTestWaiter(t, 1)
	require.Len(t, server.Addresses, doors())
	for _, address := range server.Addresses[:2] {
		c, err := net.Dial("tcp", address)
		require.NoError(t, err)
		require.NoError(t, ask(c, 1))
		require.NoError(t, ask(c, 0))
		require.NoError(t, c.Close())
	}
}

// Whoever is inside when the server closes is sent away, and not waited for.
func TestWaiterCloses(t *testing.T) {
	server, err := startWaiter(2)
	require.NoError(t, err)
	c, err := net.Dial("tcp", server.Addresses[0])
	require.NoError(t, err)
	defer c.Close()
	require.NoError(t, ask(c, 0))
	require.NoError(t, server.Close())
	_, err = io.ReadFull(c, make([]byte, 1))
	require.Error(t, err)
}

// Those who wait for the crowd are answered when it is there, and not before; who
// has gone is no part of it.
func TestCrowd(t *testing.T) {
	const crowd = 3
	server := startTestWaiter(t, crowd)
	connect := func() net.Conn {
		c, err := net.Dial("tcp", server.Addresses[0])
		require.NoError(t, err)
		t.Cleanup(func() { c.Close() })
		_, err = c.Write([]byte{together})
		require.NoError(t, err)
		return c
	}
	gathered := func(n int) func() bool {
		return func() bool {
			server.mu.Lock()
			defer server.mu.Unlock()
			return len(server.gathered) == n
		}
	}
	for range 2 { // and again
		first, gone := connect(), connect()
		require.Eventually(t, gathered(2), 10*time.Second, time.Millisecond)
		require.NoError(t, gone.Close())
		require.Eventually(t, gathered(1), 10*time.Second, time.Millisecond)
		for _, c := range []net.Conn{connect(), connect(), first} {
			_, err := io.ReadFull(c, make([]byte, 1))
			require.NoError(t, err)
		}
		require.True(t, gathered(0)())
	}
}

func TestWaiterElsewhere(t *testing.T) {
	var addresses []string
	server, err := waiterElsewhere.Start(t.Context(), 1, &addresses)
	require.NoError(t, err)
	c, err := net.Dial("tcp", addresses[0])
	require.NoError(t, err)
	require.NoError(t, ask(c, 1))
	require.NoError(t, server.Stop())
	_, err = io.ReadFull(c, make([]byte, 1))
	require.Error(t, err, "the server has gone")
}

// Every model does every job, with the same results; and a task that fails is
// told of.
func TestModelsAgree(t *testing.T) {
	server := startTestWaiter(t, 1)
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, nobody.Close())
	tasks := []task{{Primes: 100}, {Server: server.Addresses[0], Requests: 2, Wait: 1}, {}}
	for name, run := range goModels(2) {
		results := []int{-1, -1, -1}
		require.NoError(t, run(t.Context(), tasks, func(i, result int) { results[i] = result }), name)
		require.Equal(t, []int{25, 2, 0}, results, name)
		require.NoError(t, run(t.Context(), nil, nil), "%s of nothing", name)

		err := run(t.Context(), []task{{Server: nobody.Addr().String(), Requests: 1}}, func(int, int) { t.Error("it is not done") })
		require.ErrorContains(t, err, "refused", name)
	}
}

func TestCells(t *testing.T) {
	const crowd = 20
	server := startTestWaiter(t, crowd)
	run := func(model, job string) (outcome, error) {
		return cell{model, job, server.Addresses, crowd, 2}.start(t.Context())
	}
	for _, model := range goNames {
		o, err := run(model, "crash")
		if model == processes {
			require.NoError(t, err)
			require.Equal(t, 9, o.Done, "one is lost, and no other")
			continue
		}
		require.ErrorIs(t, err, errKilled, model)
	}
	for _, model := range []string{threads, goroutines, eventLoop} {
		o, err := run(model, manyWaits)
		require.NoError(t, err, model)
		require.Equal(t, crowd, o.Done, model)
		require.Positive(t, o.Seconds, model)
		require.Positive(t, o.Threads, model)
	}
	o, err := run(threads, manyWaits)
	require.NoError(t, err)
	require.GreaterOrEqual(t, o.Threads, crowd, "all of them were there at once")

	_, err = cell{sequential, fewWaits, []string{"soup"}, 1, 1}.start(t.Context())
	require.ErrorContains(t, err, "soup", "what went wrong is told")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("we are closing"))
	_, err = cell{sequential, tiny, nil, 1, 1}.start(ctx)
	require.EqualError(t, err, "we are closing")
}

func TestRounds(t *testing.T) {
	for _, c := range []struct{ asked, few, many int }{{9, 6, 3}, {25, 16, 8}, {1, 1, 1}} {
		require.Equal(t, c.few, jobByName(fewWaits).rounds(c.asked))
		require.Equal(t, c.many, jobByName(manyWaits).rounds(c.asked))
	}
}

func TestBuild(t *testing.T) {
	for _, j := range jobs {
		tasks := j.build([]string{"a", "b"}, 7)
		switch {
		case j.times == 0:
			require.Len(t, tasks, 7)
			require.Equal(t, []string{"a", "b", "a"}, []string{tasks[0].Server, tasks[1].Server, tasks[2].Server})
		default:
			require.Len(t, tasks, j.times*len(j.tasks))
		}
		for _, original := range j.tasks {
			require.Empty(t, original.Server, "a job is used again: %s", j.name)
		}
	}
}

// madeUp is a measurement in which everything takes as many seconds as its
// model's place in the list.
func madeUp(python bool) *measured {
	m := &measured{cpus: 2, many: 5000, inGo: make(map[string]measure.Samples), inPython: make(map[string]measure.Samples)}
	for _, j := range jobs {
		of := func(models []string) (s measure.Samples) {
			for i, model := range models {
				o := outcome{Seconds: float64(i + 1), CPU: 3, Done: 9, Memory: (i + 1) << 20, Threads: i + 1}
				if j.crashes && model != processes {
					o.Done = 0
				}
				if !j.never(model) {
					o.addTo(&s, j, model)
				}
				s.Add(model+"/waited", map[string]float64{eventLoop: 1, asyncio: 0.9, sequential: 1}[model])
			}
			return s
		}
		m.inGo[j.name] = of(goNames)
		m.inPython[j.name] = measure.Missing("no python3")
		if python {
			m.inPython[j.name] = of(append(pythonNames, executor))
		}
	}
	return m
}

func TestGrids(t *testing.T) {
	m := madeUp(true)
	times := m.times()
	require.Equal(t, []string{"computing", "few\nwaits", "many\nwaits", "mixed", "tiny"}, times.Columns)
	require.Len(t, times.Rows, 5+1+4+1+1)
	require.Equal(t, notebook.GridRow{Name: "Go, one after another", Cells: []notebook.GridCell{
		{Text: "1.00", Mark: notebook.Best}, {Text: "1.00", Mark: notebook.Best}, {Text: "never", Mark: notebook.NotRun},
		{Text: "1.00", Mark: notebook.Best}, {Text: "1.00", Mark: notebook.Best},
	}}, times.Rows[0])
	require.Equal(t, notebook.GridRow{Name: "Go, processes", Cells: []notebook.GridCell{
		{Text: "4.00"}, {Text: "4.00"}, {Text: "never", Mark: notebook.NotRun}, {Text: "4.00"}, {Text: "4.00"},
	}}, times.Rows[3])
	require.Equal(t, notebook.GridRow{Name: "CPython, the best took", Cells: []notebook.GridCell{
		{Text: "1.00 s"}, {Text: "1.00 s"}, {Text: "2.00 s"}, {Text: "1.00 s"}, {Text: "500 µs"},
	}}, times.Rows[10])

	require.Equal(t, notebook.GridRow{Name: "predicted, at best", Cells: []notebook.GridCell{
		{Text: "75.0 ms"}, {Text: "12.0 ms"}, {Text: "100 ms"}, {Text: "10.0 ms"}, {Text: "0 s"},
	}}, times.Rows[11])

	costs := m.costs()
	require.Len(t, costs.Rows, 9)
	require.Equal(t, "Go, OS threads", costs.Rows[1].Name)
	require.Equal(t, []notebook.GridCell{{Text: "1.50"}, {Text: "3,000", Mark: notebook.Best},
		{Text: "2"}, {Text: "2", Mark: notebook.Best}, {Text: "9"}}, costs.Rows[1].Cells)
	require.Empty(t, costs.Rows[0].Cells[2].Text, "what was not run costs nothing")

	losses := m.losses()
	require.Equal(t, []string{"Go", "CPython"}, losses.Columns)
	require.Equal(t, notebook.GridRow{Name: processes, Cells: []notebook.GridCell{
		{Text: "0 of 9", Mark: notebook.Best}, {Text: "0 of 9", Mark: notebook.Best}}}, losses.Rows[4])
	require.Equal(t, notebook.GridRow{Name: goroutines, Cells: []notebook.GridCell{{Text: "9 of 9", Mark: notebook.Bad}, {}}}, losses.Rows[2])

	alone := madeUp(false)
	require.Len(t, alone.times().Rows, 5+1+1, "without Python there are no rows for it")
	require.Len(t, alone.costs().Rows, 5)
	require.Equal(t, []string{"Go"}, alone.losses().Columns)
	require.Len(t, alone.losses().Rows[0].Cells, 1)
	alone.inGo[tiny] = measure.Samples{}
	require.Equal(t, notebook.GridCell{Text: "failed", Mark: notebook.Bad}, alone.times().Rows[0].Cells[4])
}

func TestRules(t *testing.T) {
	m := madeUp(true) // one after another is the best, then the threads
	verdicts := m.rules(notebook.Go)
	require.Equal(t, measure.No, verdicts["5.1"].Answer)
	require.Equal(t, "time of processes / one after another = 4.00, above the line at 0.75", verdicts["5.1"].Evidence)
	require.Equal(t, measure.No, verdicts["5.2"].Answer)
	require.Equal(t, "time of OS threads / one after another = 2.00, above the line at 0.90; CPU time of OS threads / goroutines = 1.00, above the line at 0.90", verdicts["5.2"].Evidence)
	require.Equal(t, measure.No, verdicts["5.3"].Answer)
	require.Equal(t, "time of event loop / OS threads = 2.50, above the line at 0.90; memory of event loop / OS threads = 2.50, above the line at 0.90", verdicts["5.3"].Evidence)
	require.Equal(t, "time of asyncio / OS threads = 2.00, above the line at 0.90; memory of asyncio / OS threads = 2.00, above the line at 0.90", m.rules(notebook.CPython)["5.3"].Evidence)
	require.Equal(t, measure.Yes, m.mixed(notebook.Go).Answer)
	require.Equal(t, measure.Yes, m.crash(notebook.Go).Answer)
	require.Equal(t, measure.Yes, m.crash(notebook.CPython).Answer)

	var cheap measure.Samples
	for _, model := range []string{threads, goroutines, eventLoop} {
		o := outcome{Seconds: 1, CPU: 1, Memory: 10}
		if model == eventLoop {
			o.Memory = 5
		}
		o.addTo(&cheap, jobByName(manyWaits), model)
	}
	m.inGo[manyWaits] = cheap
	verdict := m.rules(notebook.Go)["5.3"]
	require.Equal(t, measure.Yes, verdict.Answer, "it takes as long, and costs less: %s", verdict.Evidence)

	// Each rule holds by time alone, too.
	quick := func(jobName, best string) measure.Samples {
		var s measure.Samples
		for _, model := range goNames {
			o := outcome{Seconds: 2, CPU: 1, Memory: 10}
			if model == best {
				o.Seconds = 1
			}
			o.addTo(&s, jobByName(jobName), model)
		}
		return s
	}
	for no, c := range map[string]struct{ job, model string }{"5.1": {computing, processes}, "5.2": {fewWaits, threads}, "5.3": {manyWaits, eventLoop}} {
		m.inGo[c.job] = quick(c.job, c.model)
		require.Equal(t, measure.Yes, m.rules(notebook.Go)[no].Answer, no)
		m.inGo[c.job] = quick(c.job, goroutines)
		require.Equal(t, measure.No, m.rules(notebook.Go)[no].Answer, no)
	}
	var frugal measure.Samples
	for model, cpu := range map[string]float64{sequential: 1, threads: 2, goroutines: 4, processes: 9, eventLoop: 4} {
		outcome{Seconds: 1, CPU: cpu}.addTo(&frugal, jobByName(fewWaits), model)
	}
	m.inGo[fewWaits] = frugal
	require.Equal(t, measure.Yes, m.rules(notebook.Go)["5.2"].Answer, "one after another costs less, and is no choice")

	m.many = manyTasks / 5
	require.NotEqual(t, measure.CantTell, m.rules(notebook.Go)["5.3"].Answer)
	m.many--
	require.Equal(t, measure.CantTell, m.rules(notebook.Go)["5.3"].Answer)
	m.many = 100
	require.Equal(t, measure.Cannot("100 connections are not many, and the system allows no more"), m.rules(notebook.Go)["5.3"])

	var survived measure.Samples
	for _, model := range goNames {
		survived.Add(model+"/lost", 0)
	}
	m.inGo[crashJob.name] = survived
	require.Equal(t, measure.Fact(false, "of 9 other tasks, one after another lost 0"), m.crash(notebook.Go))

	alone := madeUp(false)
	for _, verdict := range []measure.Verdict{alone.rules(notebook.CPython)["5.1"], alone.rules(notebook.CPython)["5.3"], alone.mixed(notebook.CPython), alone.crash(notebook.CPython)} {
		require.Equal(t, measure.Cannot("no python3"), verdict)
	}
}

func TestAtBest(t *testing.T) {
	j := job{computes: 100 * time.Millisecond, tasks: []task{{Requests: 2, Wait: 10}, {Requests: 1, Wait: 30}}}
	require.Equal(t, 50*time.Millisecond, j.atBest(2), "the CPUs divide the computing")
	require.Equal(t, 30*time.Millisecond, j.atBest(10), "and not the longest wait")
	j.counts = 1
	require.Equal(t, 30*time.Millisecond, j.atBest(1))
}

func TestCellOf(t *testing.T) {
	mark := func(median float64) notebook.Mark {
		e := measure.EstimateOf([]float64{median})
		return cellOf(jobByName(tiny), goroutines, e, measure.EstimateOf([]float64{1}), measure.Number).Mark
	}
	require.Equal(t, notebook.Best, mark(1))
	require.Equal(t, notebook.Best, mark(1.04), "it counts as equal")
	require.Empty(t, mark(1.06))
}

func TestEnded(t *testing.T) {
	at := []time.Duration{3 * time.Second, 1 * time.Second, 0}
	done, seconds := jobByName(tiny).ended(at)
	require.Equal(t, 2, done)
	require.EqualValues(t, 3, seconds, "the last one counts")
	_, seconds = mixedJob.ended(at)
	require.EqualValues(t, 1, seconds, "the requests count")
}

func TestPartWaited(t *testing.T) {
	require.EqualValues(t, 0, partWaited(10, 10, 110))
	require.EqualValues(t, 1, partWaited(110, 10, 110))
	require.EqualValues(t, 0.25, partWaited(35, 10, 110))
}

func TestOneOf(t *testing.T) {
	holds, not, cannot := measure.Fact(true, "soup"), measure.Fact(false, "cake"), measure.Cannot("no tea")
	require.Equal(t, measure.Verdict{Answer: measure.Yes, Evidence: "cake; no tea; soup"}, oneOf(not, cannot, holds))
	require.Equal(t, measure.Verdict{Answer: measure.CantTell, Evidence: "cake; no tea"}, oneOf(not, cannot))
	require.Equal(t, measure.Verdict{Answer: measure.No, Evidence: "cake"}, oneOf(not, not))
}

func TestSeconds(t *testing.T) {
	for s, want := range map[float64]string{0: "0 s", 3.3e-8: "33.0 ns", 1.5e-5: "15.0 µs", 0.0487: "48.7 ms", 1.25: "1.25 s", 500: "500 s"} {
		require.Equal(t, want, seconds(s))
	}
}
