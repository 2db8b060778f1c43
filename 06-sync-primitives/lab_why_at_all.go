package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"regexp"
	"sync"
	"sync/atomic"
	"time"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/program"
)

const clerks, sales = 2, 100_000 // of each clerk

func countLosses(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("two clerks that count without a lock lose some of their sales; in Python none of the orders that they append, in Go some of those, too")
	shelf := program.NewShelf(programs)
	defer shelf.Close()
	var lost measure.Samples
	missing, message := "", ""
	_, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"sales": sales}, measure.Variant{Name: "clerks", Run: func(ctx context.Context) error {
		lost.Add("sales", loseSales())
		orders, err := loseOrders(ctx, shelf)
		if cannot, ok := errors.AsType[*program.CannotBuild](err); ok {
			missing = cannot.Error()
			return nil
		} else if err != nil {
			return err
		}
		lost.Add("orders", orders)
		if message == "" {
			message, err = writeToOneMap(ctx, shelf)
		}
		return err
	}})
	if err != nil {
		return err
	}
	lab.Remark("In Python the threads take turns after a microsecond here, and not after five milliseconds, so that they meet in every round.")
	if message != "" {
		lab.Remark("Two goroutines that write to one map: %s", message)
	}
	appended := lost.Estimate("orders")
	if missing != "" {
		appended = measure.Estimate{Missing: missing}
	}
	judgeLosses(lab, lost.Estimate("sales"), appended, theirs, lab.UnderGIL(1, 0) == 1)
	return nil
}

// loseSales counts without a lock, and returns how many of 200,000 sales were
// lost. An atomic fetch and an atomic store are still two steps, and so lose
// some as sold++ does, without its data race.
func loseSales() float64 {
	const more = 20 // they are quick
	var sold atomic.Int64
	var ready, done sync.WaitGroup
	ready.Add(clerks)
	for range clerks {
		done.Go(func() {
			ready.Done()
			ready.Wait()
			for range more * sales {
				sold.Store(sold.Load() + 1)
			}
		})
	}
	done.Wait()
	return float64(clerks*more*sales-sold.Load()) / more
}

func judgeLosses(lab *notebook.Lab, counted, appended measure.Estimate, theirs measure.Samples, gil bool) {
	unit := notebook.Unit{Name: "lost, of " + measure.Count(clerks*sales), Say: measure.Count}
	lab.Figure(unit, "CPython, c.value += one()", theirs.Estimate("sales"))
	lab.Figure(unit, "CPython, orders.append(…)", theirs.Estimate("orders"), 0)
	lab.Figure(unit, "Go, read, add, write", counted)
	lab.Figure(unit, "Go, orders = append(orders, …)", appended)

	judge := func(of notebook.Subject, e measure.Estimate) {
		verdict := measure.Cannot("%s", e.Missing)
		switch {
		case e.N > 0 && e.High == 0:
			verdict = measure.Cannot("no sale was lost in %d rounds, which proves nothing", e.N)
		case e.N > 0:
			verdict = measure.Fact(true, "of %s sales, counted without a lock, up to %s were lost in a round", measure.Count(clerks*sales), measure.Count(e.High))
		}
		lab.Judge("6.1", of, verdict)
	}
	counts := theirs.Estimate("sales")
	judge(notebook.CPython, counts)
	judge(notebook.Go, counted)

	kept := theirs.Estimate("orders")
	verdict := measure.Cannot("%s", kept.Missing)
	switch {
	case kept.N == 0:
	case kept.High > 0:
		verdict = measure.Fact(false, "up to %s of %s appended orders were lost in a round", measure.Count(kept.High), measure.Count(clerks*sales))
	case !gil:
		verdict = measure.Cannot("no appended order was lost in %d rounds, and without a GIL no number of rounds proves that none ever is", kept.N)
	default:
		verdict = measure.Fact(true, "append is one call into C, under the GIL; in %d rounds it lost nothing, where the count lost up to %s", kept.N, measure.Count(counts.High))
	}
	lab.Judge("6.2", notebook.CPython, verdict)

	verdict = measure.Cannot("%s", appended.Missing)
	switch {
	case appended.N > 0 && appended.High == 0:
		verdict = measure.Cannot("no order was lost in %d rounds, which proves nothing", appended.N)
	case appended.N > 0:
		verdict = measure.Fact(true, "append lost up to %s of %s orders in a round", measure.Count(appended.High), measure.Count(clerks*sales)).Means(measure.Different, measure.Same)
	}
	lab.Judge("6.2", notebook.Go, verdict)

	all := measure.Count(clerks * sales)
	lab.Answer("6.1", notebook.CPython, notebook.Wording{
		measure.Yes: fmt.Sprintf("Two threads counted %s sales without a lock, and lost %s of them.", all, noneOr(counts))})
	lab.Answer("6.1", notebook.Go, notebook.Wording{
		measure.Same: fmt.Sprintf("Two goroutines counted %s sales without a lock, and lost %s of them.", all, noneOr(counted))})
	text := fmt.Sprintf("Two threads appended %s orders to a list, and lost %s of them.", all, noneOr(kept))
	lab.Answer("6.2", notebook.CPython, notebook.Wording{measure.Yes: text, measure.No: text})
	lab.Answer("6.2", notebook.Go, notebook.Wording{measure.Different: fmt.Sprintf(
		"There, `append` is several steps. Two goroutines appended %s orders to a slice without a lock, and lost %s of them.", all, noneOr(appended))})
}

//go:embed testdata
var programs embed.FS

const patience = 10 * time.Second // with a program

// loseOrders runs the program that appends without a lock, and returns how many
// of 200,000 orders were lost. A slice that is half old and half new may point
// anywhere: a run in some hundreds crashes instead, and is made again.
func loseOrders(ctx context.Context, shelf *program.Shelf) (float64, error) {
	appends, err := shelf.Get(ctx, program.Plain, "testdata/appends")
	if err != nil {
		return 0, err
	}
	for tries := 1; ; tries++ {
		ran, err := appends.Run(ctx, patience)
		if err != nil {
			return 0, err
		}
		var lost, of float64
		if n, _ := fmt.Sscanf(ran.Output, "%g of %g orders lost", &lost, &of); n == 2 {
			return lost / of * clerks * sales, nil
		}
		if tries == 5 {
			return 0, fmt.Errorf("the program that appends ended with exit status %d: %s", ran.ExitCode, ran.Output)
		}
	}
}

var fatal = regexp.MustCompile(`(?m)^fatal error: .*$`)

// writeToOneMap runs the program in which two goroutines write to one map, and
// returns how it ended, unless it ended well.
func writeToOneMap(ctx context.Context, shelf *program.Shelf) (string, error) {
	maps, err := shelf.Get(ctx, program.Plain, "testdata/mapwrites")
	if err != nil {
		return "", err
	}
	ran, err := maps.Run(ctx, patience)
	if err != nil {
		return "", err
	}
	if message := fatal.FindString(ran.Output); message != "" {
		return fmt.Sprintf("exit status %d, “%s”.", ran.ExitCode, message), nil
	}
	return "", nil
}
