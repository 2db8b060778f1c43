package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"regexp"
	"sync"
	"sync/atomic"
	"time"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/program"
)

func whyAtAll(_ context.Context, w io.Writer) error {
	const clerks = 2
	var sold atomic.Int64
	var orders atomic.Pointer[[]string]
	orders.Store(new([]string))

	// Both clerks fetch before either stores: one sale and one order
	// are lost.
	var fetched, done sync.WaitGroup
	fetched.Add(clerks)
	for range clerks {
		done.Go(func() {
			count, list := sold.Load(), *orders.Load()
			fetched.Done()
			fetched.Wait()
			list = append(list, "soup")
			sold.Store(count + 1)
			orders.Store(&list)
		})
	}
	done.Wait()
	fmt.Fprintln(w, "count += 1:", sold.Load(), "of 2 sales")
	fmt.Fprintln(w, "append:    ", len(*orders.Load()), "of 2 orders")
	return nil
}

func countLostUpdates(ctx context.Context, lab *notebook.Lab) error {
	const clerks, sales = 2, 4_000_000
	lab.Predict("%d clerks who count sales without a lock lose some of them, and in Go some of the orders that they append, too", clerks)

	// An atomic fetch and an atomic store are still two steps, and so
	// lose updates as count++ does, without its data race.
	var lost measure.Samples
	_, err := lab.InTurn(ctx, measure.Variant{Name: "clerks", Run: func(context.Context) error {
		var sold atomic.Int64
		var ready, done sync.WaitGroup
		ready.Add(clerks)
		for range clerks {
			done.Go(func() {
				ready.Done()
				ready.Wait()
				for range sales {
					sold.Store(sold.Load() + 1)
				}
			})
		}
		done.Wait()
		lost.Add("count", float64(clerks*sales-sold.Load())/(clerks*sales/1000))
		return nil
	}})
	if err != nil {
		return err
	}
	appends, err := loseOrders(ctx, lab)
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, nil)

	const unit = "lost of 1,000"
	lab.Show("Go, sales: fetch and store", unit, lost.Estimate("count"))
	lab.Show("Go, orders: append", unit, appends)
	lab.Show("CPython, sales: sold += 1", unit, twin.Estimate("count"))
	lab.Show("CPython, sales: a call in it", unit, twin.Estimate("call"))
	lab.Show("CPython, orders: append", unit, twin.Estimate("append"), 0)

	missed := func(of notebook.Subject, row string, e measure.Estimate) {
		switch {
		case e.N == 0:
			lab.Judge("6.1", of, measure.Cannot("%s", e.Missing))
		case e.High == 0: // "sometimes" may still come
			lab.Judge("6.1", of, measure.Cannot("no sale was lost this time"))
		default:
			lab.Judge("6.1", of, measure.Fact(true, "with %s, up to %s of 1,000 sales were lost in a round", row, measure.Number(e.High)))
		}
	}
	missed(notebook.CPython, "a call in it", twin.Estimate("call"))
	missed(notebook.Go, "a fetch and a store", lost.Estimate("count"))

	// That no order is lost counts for something only where the same
	// clerks, in the same rounds, lose sales.
	kept, control := twin.Estimate("append"), twin.Estimate("call")
	switch {
	case kept.N == 0:
		lab.Judge("6.2", notebook.CPython, measure.Cannot("%s", kept.Missing))
	case kept.High == 0 && control.High == 0:
		lab.Judge("6.2", notebook.CPython, measure.Cannot("nothing was lost this time, not even a sale"))
	default:
		lab.Judge("6.2", notebook.CPython, measure.Fact(kept.High == 0,
			"append lost %s of 1,000 orders where the count with a call in it lost up to %s of 1,000 sales", measure.Number(kept.High), measure.Number(control.High)))
	}
	switch {
	case appends.N == 0:
		lab.Judge("6.2", notebook.Go, measure.Cannot("%s", appends.Missing))
	case appends.High == 0:
		lab.Judge("6.2", notebook.Go, measure.Cannot("no order was lost this time, which proves nothing"))
	default:
		lab.Judge("6.2", notebook.Go, measure.Fact(false, "append lost up to %s of 1,000 orders", measure.Number(appends.High)))
	}
	return nil
}

//go:embed testdata
var programs embed.FS

var lostOrders = regexp.MustCompile(`^(\d+) of (\d+) orders lost`)

// loseOrders runs the two programs under testdata that race, and returns how
// many of 1,000 appended orders were lost.
func loseOrders(ctx context.Context, lab *notebook.Lab) (measure.Estimate, error) {
	const limit = 10 * time.Second
	missing := func(err error) (measure.Estimate, error) {
		if cannot, ok := errors.AsType[*program.CannotBuild](err); ok {
			return measure.Estimate{Missing: cannot.Error()}, nil
		}
		return measure.Estimate{}, err
	}
	appends, err := program.Build(ctx, program.Plain, programs, "testdata/appends")
	if err != nil {
		return missing(err)
	}
	defer appends.Remove()
	maps, err := program.Build(ctx, program.Plain, programs, "testdata/mapwrites")
	if err != nil {
		return missing(err)
	}
	defer maps.Remove()

	var lost measure.Samples
	_, err = lab.InTurn(ctx, measure.Variant{Name: "append", Run: func(ctx context.Context) error {
		ran, err := appends.Run(ctx, limit)
		if err != nil {
			return err
		}
		var n, of float64
		if found := lostOrders.FindString(ran.Output); found != "" {
			fmt.Sscanf(found, "%g of %g", &n, &of)
		}
		if of == 0 {
			return fmt.Errorf("the program that appends ended with exit status %d: %s", ran.ExitCode, ran.Output)
		}
		lost.Add("append", n/of*1000)
		return nil
	}})
	if err != nil {
		return measure.Estimate{}, err
	}
	for range lab.Rounds() {
		ran, err := maps.Run(ctx, limit)
		if err != nil {
			return measure.Estimate{}, err
		}
		if message := fatal.FindString(ran.Output); message != "" {
			lab.Remark("Two goroutines that write to one map end the program: exit status %d, “%s”.", ran.ExitCode, message)
			break
		}
	}
	return lost.Estimate("append"), nil
}

var fatal = regexp.MustCompile(`(?m)^fatal error: .*$`)
