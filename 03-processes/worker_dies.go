package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/timeline"
	"concurrency-notebook/internal/workload"
)

// An order is for a table. If there is a trap, a file, the first
// worker to serve the table is killed before it can say so.
type order struct {
	Table int
	Trap  string
}

var serve = procpool.Define("serve", func(o order) (visit, error) {
	v := visit{Table: o.Table, Worker: os.Getpid(), Start: time.Now()}
	workload.CountPrimes(0, 60_000)
	v.End = time.Now()
	return v, o.spring(v)
})

// A visit tells who served a table, and when.
type visit struct {
	Table, Worker int
	Start, End    time.Time
}

// spring kills this process if the trap has caught nobody yet.
func (o order) spring(v visit) error {
	if o.Trap == "" {
		return nil
	}
	if caught, err := os.ReadFile(o.Trap); err != nil || len(caught) > 0 {
		return err
	}
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if err := os.WriteFile(o.Trap, text, 0o600); err != nil {
		return err
	}
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		return err
	}
	return errors.Join(self.Kill(), errors.New("still alive"))
}

// takeOrders returns orders for so many tables, with a trap at one.
func takeOrders(tables int) (orders []order, folder string, err error) {
	folder, err = os.MkdirTemp("", "trap-")
	if err != nil {
		return nil, "", err
	}
	for table := range tables {
		orders = append(orders, order{Table: table})
	}
	trap := filepath.Join(folder, "trap")
	orders[tables/2].Trap = trap
	return orders, folder, os.WriteFile(trap, nil, 0o600)
}

func workerDies(ctx context.Context, w io.Writer) error {
	pool, err := procpool.New(2)
	if err != nil {
		return err
	}
	defer pool.Close()
	orders, folder, err := takeOrders(4)
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)

	// The first worker to serve table 2 is killed. The order goes
	// to a new one, and none is lost.
	visits, err := serve.Map(ctx, pool, orders)
	if err != nil {
		return err
	}
	for _, v := range visits {
		fmt.Fprintln(w, "table", v.Table, "is served")
	}

	// A task that kills its workers is given up after three.
	_, err = crash.Call(ctx, pool, 0)
	fmt.Fprintln(w, err)
	return nil
}

func compareDeaths(ctx context.Context, lab *notebook.Lab) error {
	const tables, patience = 8, time.Second
	lab.Predict("%d orders, and a worker killed at one of them: a pool that notices serves all %d, or says that it cannot; one that does not notice waits for ever",
		tables, tables)

	pool, err := procpool.New(2)
	if err != nil {
		return err
	}
	defer pool.Close()
	orders, folder, err := takeOrders(tables)
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	rec := timeline.Start()
	visits, err := serve.Map(ctx, pool, orders)
	if err != nil {
		return err
	}
	var caught visit
	text, err := os.ReadFile(orders[tables/2].Trap)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, &caught); err != nil {
		return fmt.Errorf("reading whom the trap caught: %w", err)
	}
	drawDeath(lab, rec, visits, caught)
	twin := lab.Twin(ctx, map[string]any{"tables": tables, "patience": patience.Seconds()})

	unit := fmt.Sprintf("orders served, of %d", tables)
	lab.Show("Go, procpool", unit, measure.EstimateOf([]float64{float64(len(visits))}), tables)
	lab.Show("CPython, multiprocessing.Pool", unit, twin.Estimate("pool"))
	lab.Show("CPython, ProcessPoolExecutor", unit, twin.Estimate("executor"))

	lab.Judge("3.9", notebook.Go, measure.Fact(len(visits) == tables && caught.Worker != visits[tables/2].Worker,
		"worker %d was killed at table %d, which worker %d served; %d of %d orders are served",
		caught.Worker, caught.Table, visits[tables/2].Worker, len(visits), tables))
	broken := twin.Estimate("BrokenProcessPool")
	if broken.N == 0 {
		lab.Judge("3.8", notebook.CPython, measure.Cannot("%s", broken.Missing))
		return nil
	}
	lab.Judge("3.8", notebook.CPython, measure.Fact(broken.Median == 1,
		"ProcessPoolExecutor served %.0f of %d orders (how many, varies), and raised BrokenProcessPool for the others", twin.Estimate("executor").Median, tables))
	if twin.Estimate("TimeoutError").Median == 1 {
		lab.Remark("multiprocessing.Pool served %.0f, and had not said a word about the other after %v.", twin.Estimate("pool").Median, patience)
	}
	return nil
}

// drawDeath draws who served which table, and where one was killed.
func drawDeath(lab *notebook.Lab, rec *timeline.Recorder, visits []visit, caught visit) {
	lanes := make(map[int]string) // by process id
	name := func(worker int) string {
		if lanes[worker] == "" {
			lanes[worker] = fmt.Sprint("worker ", len(lanes)+1)
		}
		return lanes[worker]
	}
	label := func(table int) string {
		if table == caught.Table {
			return fmt.Sprint("table ", table)
		}
		return "another table"
	}
	for _, v := range visits {
		if v.Table == caught.Table {
			rec.Add(name(caught.Worker), label(v.Table), caught.Start, caught.End)
			rec.Add(name(caught.Worker), "killed", caught.End, caught.End)
		}
		rec.Add(name(v.Worker), label(v.Table), v.Start, v.End)
	}
	lab.Draw(timeline.Chart{
		Title:  fmt.Sprintf("Worker killed, table %d served again", caught.Table),
		Panels: []timeline.Panel{{Lanes: rec.Timeline()}},
	})
}
