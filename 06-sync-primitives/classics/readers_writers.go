package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// A menu stands on a blackboard. Guests read it, several at a time; a cook
// writes it anew, alone.
type menu interface {
	read(a *actor)
	write(a *actor)
}

// A lightswitch: the first to come in takes the room for all of them, the last
// to go out gives it back.
type lightswitch struct {
	lock   mutex
	inside int
}

func (s *lightswitch) enter(a *actor, room *mutex) {
	a.acquire(&s.lock)
	if s.inside++; s.inside == 1 {
		a.acquire(room)
	}
	a.release(&s.lock)
}

func (s *lightswitch) leave(a *actor, room *mutex) {
	a.acquire(&s.lock)
	if s.inside--; s.inside == 0 {
		a.release(room)
	}
	a.release(&s.lock)
}

// readersFirst: a cook gets the room when no guest is in it.
type readersFirst struct {
	room    mutex
	readers lightswitch
}

func (m *readersFirst) read(a *actor) {
	m.readers.enter(a, &m.room)
	a.does("reads")
	m.readers.leave(a, &m.room)
}

func (m *readersFirst) write(a *actor) {
	a.acquire(&m.room)
	a.does("writes")
	a.release(&m.room)
}

// inLine: all come through one door, and a cook holds it until he has written.
type inLine struct {
	door mutex
	readersFirst
}

func (m *inLine) read(a *actor) {
	a.acquire(&m.door)
	a.release(&m.door)
	m.readersFirst.read(a)
}

func (m *inLine) write(a *actor) {
	a.acquire(&m.door)
	m.readersFirst.write(a)
	a.release(&m.door)
}

// writersFirst: the first cook who comes takes the door too, the last one who
// goes gives it back.
type writersFirst struct {
	door    mutex
	writers lightswitch
	room    mutex
	readers lightswitch
}

func (m *writersFirst) read(a *actor) {
	a.acquire(&m.door)
	m.readers.enter(a, &m.room)
	a.release(&m.door)
	a.does("reads")
	m.readers.leave(a, &m.room)
}

func (m *writersFirst) write(a *actor) {
	m.writers.enter(a, &m.door)
	a.acquire(&m.room)
	a.does("writes")
	a.release(&m.room)
	m.writers.leave(a, &m.door)
}

// opening lets three guests read so often, and the cooks write so often.
func opening(hang func() menu, readings, cooks, writings int) func(p *play) {
	return func(p *play) {
		m := hang()
		for _, name := range []string{"Ada", "Grace", "Tony"} {
			p.enter(name, func(a *actor) {
				for range readings {
					m.read(a)
				}
			})
		}
		for i := range cooks {
			p.enter(fmt.Sprint("cook ", i+1), func(a *actor) {
				for range writings {
					m.write(a)
				}
			})
		}
	}
}

// writesAlone: who writes is alone with the board.
func writesAlone(log []event) error {
	reading, writing := 0, 0
	for _, e := range log {
		change := 1
		if e.kind == ended {
			change = -1
		}
		switch e.what {
		case "reads":
			reading += change
		case "writes":
			writing += change
		}
		if writing > 1 || writing == 1 && reading > 0 {
			return fmt.Errorf("%d write while %d read", writing, reading)
		}
	}
	return nil
}

// nobodyTwice: from the first time that the cook has to wait until he writes, no
// guest begins to read twice.
func nobodyTwice(log []event) error {
	begins := make(map[string]int)
	from := hasToWait(log, "cook 1")
	for _, e := range log[from:] {
		if e.who == "cook 1" && e.what == "writes" {
			break
		}
		if e.what == "reads" && e.kind == begun {
			if begins[e.who]++; begins[e.who] > 1 {
				return fmt.Errorf("%s read twice while the cook waited", e.who)
			}
		}
	}
	return writesAlone(log)
}

// hasToWait returns where in the log somebody begins the first wait that lasts:
// what is free is had at once, and that is no wait.
func hasToWait(log []event, who string) int {
	first := len(log)
	for i, e := range log {
		switch {
		case e.who != who || e.what != waiting:
		case e.kind == begun:
			first = i
		case e.at > log[first].at:
			return first
		default:
			first = len(log)
		}
	}
	return first
}

func hangReadersFirst() menu { return new(readersFirst) }
func hangInLine() menu       { return new(inLine) }
func hangWritersFirst() menu { return new(writersFirst) }

// openings have two cooks, waits one.
var (
	openings = []solution{
		{name: "readers first", play: opening(hangReadersFirst, 3, 2, 2), rule: writesAlone},
		{name: "in line", play: opening(hangInLine, 3, 2, 2), rule: writesAlone},
		{name: "writers first", play: opening(hangWritersFirst, 3, 2, 2), rule: writesAlone},
	}
	patience = []solution{
		{name: "readers first", wrong: true, play: opening(hangReadersFirst, 6, 1, 1), rule: nobodyTwice},
		{name: "in line", play: opening(hangInLine, 6, 1, 1), rule: nobodyTwice},
		{name: "writers first", play: opening(hangWritersFirst, 6, 1, 1), rule: nobodyTwice},
	}
)

// staggered: reading takes 20 s, and the guests come one after another, so that
// there is always one who reads. The cook comes a minute after the first.
var staggered = schedule{rounds: func(a *actor, what string) int {
	switch what {
	case "enters":
		return 1 + []int{0, 9, 18, 60}[a.number]
	case "reads":
		return 20
	}
	return 1
}}

// cookWaits returns how long the cook waits, if all guests read so often.
func cookWaits(ctx context.Context, hang func() menu, readings int) (time.Duration, error) {
	s := solution{play: opening(hang, readings, 1, 1), rule: writesAlone}
	p, err := perform(ctx, staggered, s)
	if err == nil {
		err = p.fault(s)
	}
	if err != nil {
		return 0, err
	}
	var came, wrote time.Duration
	for _, e := range p.log {
		if e.who != "cook 1" {
			continue
		}
		if e.what == waiting && e.kind == begun && came == 0 {
			came = e.at
		}
		if e.what == "writes" && e.kind == begun {
			wrote = e.at
		}
	}
	return wrote - came, nil
}

var menus = []struct {
	name string
	hang func() menu
}{{"readers first", hangReadersFirst}, {"in line", hangInLine}, {"writers first", hangWritersFirst}}

func readersWriters(ctx context.Context, w io.Writer) error {
	for _, readings := range []int{20, 200} {
		fmt.Fprintf(w, "each guest reads %d times\n", readings)
		for _, m := range menus {
			waited, err := cookWaits(ctx, m.hang, readings)
			if err != nil {
				return err
			}
			fmt.Fprintf(w, "  %s: the cook waits %v\n", m.name, waited)
		}
	}
	return nil
}

func measurePatience(ctx context.Context, lab *notebook.Lab) error {
	const few, many = 20, 200
	lab.Predict("readers first: the cook waits for %d readings of 24 s, which is %d s, ten times as long as for %d; the other two: for one of 20 s at most, and ten steps of 1 s. Readers first, somebody reads twice meanwhile in at least one of 1,000 schedules; with the other two, in none", many, many*24, few)
	var waits, growth [3]float64
	for i, m := range menus {
		short, err := cookWaits(ctx, m.hang, few)
		if err != nil {
			return err
		}
		long, err := cookWaits(ctx, m.hang, many)
		if err != nil {
			return err
		}
		waits[i], growth[i] = long.Seconds(), long.Seconds()/short.Seconds()
		lab.Show(m.name, "s that the cook waits, in virtual time", measure.EstimateOf(waits[i:i+1]), []float64{many * 24, 20, 20}[i])
	}
	holds := 5 < growth[0] && growth[0] < 15 && waits[1] <= 30 && waits[2] <= 30
	lab.Judge("6.65", notebook.Go, measure.Fact(holds,
		"readers first, the cook waits %.1f times as long for %d readings as for %d, and 5 to 15 times would do; in line he waits %.0f s, writers first %.0f s, and one reading and ten steps are 30 s",
		growth[0], many, few, waits[1], waits[2]))
	said := fmt.Sprintf("If readers go first, the cook waits %.0f times as long when the guests read ten times as often. In line he waits %.0f seconds, with writers first %.0f, however often they read.", growth[0], waits[1], waits[2])
	lab.Tell("6.65", notebook.Go, notebook.Wording{measure.Yes: said, measure.No: said})
	return trial{claim: "6.66", solutions: patience,
		found: "While the cook waited, somebody read twice in %s of 1,000 simulated schedules with readers first. In line, or with writers first: in %s."}.run(ctx, lab)
}
