package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"concurrency-notebook/04-async/eventloop"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/virtual"
)

// A course takes its time, and may fail.
type course struct {
	name  string
	takes time.Duration
	fails error
}

var errBurnt = errors.New("the soup is burnt")

var menu = []course{
	{"soup", 1 * time.Minute, errBurnt},
	{"cake", 3 * time.Minute, nil},
	{"bread", 5 * time.Minute, nil},
}

// cook waits until the course is done. If it is cancelled meanwhile,
// there is something to put away, and that takes a while too.
func (c course) cook(co *eventloop.Coroutine, book logbook) error {
	if err := eventloop.Sleep(co, c.takes); err != nil {
		_ = eventloop.Sleep(co, 10*time.Second)
		book.note("the", c.name, "is put away")
		return err
	}
	if c.fails != nil {
		return c.fails
	}
	book.note("the", c.name, "is ready")
	return nil
}

// A logbook notes what happens, and how long after its start.
type logbook struct {
	w     io.Writer
	start time.Time
}

func newLogbook(w io.Writer, title string) logbook {
	fmt.Fprintln(w, title)
	return logbook{w, time.Now()}
}

func (b logbook) note(what ...any) {
	fmt.Fprintf(b.w, "  %-6v %s", time.Since(b.start), fmt.Sprintln(what...))
}

func taskGroups(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(ctx context.Context) error {
		loop := eventloop.Loop{Portable: true} // works in virtual time
		err := loop.Run(ctx, func(co *eventloop.Coroutine) error {
			gatherMenu(co, newLogbook(w, "Gather"))
			groupMenu(co, newLogbook(w, "InGroup"))
			return nil
		})
		tellMenu(ctx, newLogbook(w, "errgroup"))
		return err
	})
}

// gatherMenu has the error at once. The others run on, and whoever
// wants to know what becomes of them has to wait for them.
func gatherMenu(co *eventloop.Coroutine, book logbook) {
	var tasks []*eventloop.Task[string]
	for _, c := range menu {
		tasks = append(tasks, eventloop.Go(co,
			func(co *eventloop.Coroutine) (string, error) {
				return c.name, c.cook(co, book)
			}))
	}
	// part: gather
	_, err := eventloop.Gather(co, tasks...)
	book.note("returns:", err)
	for _, task := range tasks {
		_, _ = eventloop.Await(co, task)
	}
	// part: end
}

// groupMenu has the error when all have ended, and sees to it that
// they do.
func groupMenu(co *eventloop.Coroutine, book logbook) {
	// part: group
	err := eventloop.InGroup(co, func(g *eventloop.Group) error {
		for _, c := range menu {
			g.Go(func(co *eventloop.Coroutine) error {
				return c.cook(co, book)
			})
		}
		return nil
	})
	book.note("returns:", err)
	// part: end
}

// tellMenu has goroutines. Nobody can cancel them: the context that
// ends tells them, if they look. The one with the bread does not.
func tellMenu(ctx context.Context, book logbook) {
	g, ctx := errgroup.WithContext(ctx)
	soup, cake, bread := menu[0], menu[1], menu[2]
	g.Go(func() error {
		time.Sleep(soup.takes)
		return soup.fails
	})
	// part: cake
	g.Go(func() error {
		select {
		case <-time.After(cake.takes):
			book.note("the cake is ready")
			return nil
		case <-ctx.Done():
			book.note("the cake is put away")
			return ctx.Err()
		}
	})
	// part: end
	g.Go(func() error {
		time.Sleep(bread.takes)
		book.note("the bread is ready")
		return nil
	})
	book.note("returns:", g.Wait())
}

// An outcome is what becomes of some cooks when one of them fails.
type outcome struct {
	mu                  sync.Mutex
	cooks               int // beside the one that fails
	began, failed, told time.Time
	ended               time.Time // the last of them
	running             int       // when the one failed
	cancelled, finished int
	left                int // when the caller was told
}

func (o *outcome) fail() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.failed, o.running = time.Now(), o.cooks-o.cancelled-o.finished
	return errBurnt
}

func (o *outcome) end(err error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ended = time.Now()
	if err != nil {
		o.cancelled++
	} else {
		o.finished++
	}
	return err
}

func (o *outcome) tell() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.told, o.left = time.Now(), o.cooks-o.cancelled-o.finished
}

// addTo writes the outcome down, under the names that the twin uses too.
func (o *outcome) addTo(samples *measure.Samples, policy string) {
	if o.running == 0 {
		return // this machine was too slow: nothing was left to be cancelled
	}
	failed := o.failed.Sub(o.began).Seconds()
	samples.Add(policy+", told", o.told.Sub(o.began).Seconds()/failed)
	samples.Add(policy+", ended", o.ended.Sub(o.began).Seconds()/failed)
	samples.Add(policy+", cancelled", float64(o.cancelled)/float64(o.running))
	samples.Add(policy+", left", float64(o.left)/float64(o.running))
}

func compareFailures(ctx context.Context, lab *notebook.Lab) error {
	const cooks, fails, takes = 4, 8 * time.Millisecond, 24 * time.Millisecond
	const later = float64(takes / fails)
	lab.Predict("one of %d fails after %v, the others take %v, %.0f times as long: gather tells of it at once and cancels none; a group cancels all, and so ends at once; goroutines that do not look end after %.0f times as long, and their errgroup waits for them",
		cooks+1, fails, takes, later, later)

	policies := []struct {
		name string
		run  func(o *outcome) error
	}{
		{"gather", func(o *outcome) error {
			return eventloop.Run(ctx, func(co *eventloop.Coroutine) error {
				tasks := []*eventloop.Task[struct{}]{eventloop.Go(co, func(co *eventloop.Coroutine) (struct{}, error) {
					_ = eventloop.Sleep(co, fails)
					return struct{}{}, o.fail()
				})}
				for range cooks {
					tasks = append(tasks, eventloop.Go(co, func(co *eventloop.Coroutine) (struct{}, error) {
						return struct{}{}, o.end(eventloop.Sleep(co, takes))
					}))
				}
				_, err := eventloop.Gather(co, tasks...)
				o.tell()
				for _, t := range tasks {
					_, _ = eventloop.Await(co, t)
				}
				return err
			})
		}},
		{"group", func(o *outcome) error {
			return eventloop.Run(ctx, func(co *eventloop.Coroutine) error {
				err := eventloop.InGroup(co, func(g *eventloop.Group) error {
					g.Go(func(co *eventloop.Coroutine) error {
						_ = eventloop.Sleep(co, fails)
						return o.fail()
					})
					for range cooks {
						g.Go(func(co *eventloop.Coroutine) error { return o.end(eventloop.Sleep(co, takes)) })
					}
					return nil
				})
				o.tell()
				return err
			})
		}},
		{"errgroup", func(o *outcome) error {
			var g errgroup.Group
			return failTogether(&g, o, fails, func() error {
				time.Sleep(takes)
				return nil
			})
		}},
		{"errgroup, looking", func(o *outcome) error {
			g, ctx := errgroup.WithContext(ctx)
			return failTogether(g, o, fails, func() error {
				select {
				case <-time.After(takes):
					return nil
				case <-ctx.Done():
					return context.Cause(ctx)
				}
			})
		}},
	}
	var went measure.Samples
	for range lab.Rounds() {
		for _, p := range policies {
			o := &outcome{cooks: cooks, began: time.Now()}
			if err := p.run(o); !errors.Is(err, errBurnt) {
				return fmt.Errorf("%s: %w", p.name, errors.Join(err, ctx.Err()))
			}
			o.addTo(&went, p.name)
		}
	}
	twin := lab.Twin(ctx, map[string]any{"cooks": cooks, "fails": fails.Seconds(), "takes": takes.Seconds()})

	for _, unit := range []struct {
		name, of                       string
		gather, group, errgroup, looks float64
	}{
		{"when the error came, x the time of the failure", "told", 1, 1, later, 1},
		{"when the last one ended, x the time of the failure", "ended", later, 1, later, 1},
	} {
		lab.Show("CPython, gather", unit.name, twin.Estimate("gather, "+unit.of), unit.gather)
		lab.Show("CPython, TaskGroup", unit.name, twin.Estimate("group, "+unit.of), unit.group)
		lab.Show("Go, Gather of eventloop", unit.name, went.Estimate("gather, "+unit.of), unit.gather)
		lab.Show("Go, InGroup of eventloop", unit.name, went.Estimate("group, "+unit.of), unit.group)
		lab.Show("Go, errgroup, goroutines that look", unit.name, went.Estimate("errgroup, looking, "+unit.of), unit.looks)
		lab.Show("Go, errgroup, goroutines that sleep", unit.name, went.Estimate("errgroup, "+unit.of), unit.errgroup)
	}
	cancelled := func(samples measure.Samples, policy, what string, ifHolds float64) measure.Verdict {
		return samples.Estimate(policy+", cancelled").Decide("share cancelled by "+what, ifHolds, 1-ifHolds)
	}
	left := func(samples measure.Samples, policy, what string) measure.Verdict {
		return samples.Estimate(policy+", left").Decide("share left when "+what+" returned", 0, 1)
	}
	lab.Judge("4.11", notebook.CPython, cancelled(twin, "gather", "gather", 0))
	lab.Judge("4.11", ourLoop, cancelled(went, "gather", "Gather", 0))
	if twin.Estimate("gather, told").N > 0 && twin.Estimate("group, told").N == 0 {
		lab.Judge("4.12", notebook.CPython, measure.Cannot("asyncio.TaskGroup came with Python 3.11"))
	} else {
		lab.Judge("4.12", notebook.CPython, measure.All(cancelled(twin, "group", "TaskGroup", 1), left(twin, "group", "it")))
	}
	lab.Judge("4.12", ourLoop, measure.All(cancelled(went, "group", "InGroup", 1), left(went, "group", "it")))
	lab.Judge("4.12", "errgroup", cancelled(went, "errgroup", "an errgroup whose goroutines do not look", 1))
	return nil
}

// failTogether lets one goroutine fail, beside others, and returns what the group
// returns.
func failTogether(g *errgroup.Group, o *outcome, fails time.Duration, cook func() error) error {
	g.Go(func() error {
		time.Sleep(fails)
		return o.fail()
	})
	for range o.cooks {
		g.Go(func() error { return o.end(cook()) })
	}
	err := g.Wait()
	o.tell()
	return err
}
