package main

import (
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var problems = []struct {
	name      string
	solutions []solution
	virtual   bool // its rule is about who waits when, which a log tells in virtual time only
}{
	{name: "print in order", solutions: lunches},
	{name: "rendezvous", solutions: hikes},
	{name: "bounded buffer", solutions: evenings},
	{name: "reusable barrier", solutions: rides},
	{name: "readers and writers", solutions: openings},
	{name: "the writer's patience", solutions: patience, virtual: true},
	{name: "dining philosophers", solutions: dinners},
	{name: "sleeping barber", solutions: saturdays},
	{name: "cigarette smokers", solutions: smokes},
	{name: "building H2O", solutions: waters},
}

// eachSolution runs a test for each solution of each problem, in real time only
// for those that can be judged there and end.
func eachSolution(t *testing.T, realTime bool, test func(t *testing.T, s solution)) {
	for _, p := range problems {
		for _, s := range p.solutions {
			if realTime && (p.virtual || s.wrong) {
				continue
			}
			t.Run(p.name+"/"+s.name, func(t *testing.T) {
				t.Parallel()
				test(t, s)
			})
		}
	}
}

// A right solution keeps its rule in each of the schedules, and a wrong one
// breaks it in some: then it need not be played on.
func TestSchedules(t *testing.T) {
	eachSolution(t, false, func(t *testing.T, s solution) {
		for seed := range uint64(schedules) {
			if !s.wrong && seed == schedules/raced {
				return
			}
			p, err := perform(t.Context(), shuffled(seed), s)
			require.NoError(t, err, "schedule %d", seed)
			if err := p.fault(s); err != nil {
				require.True(t, s.wrong, "schedule %d: %v", seed, err)
				return
			}
		}
		require.False(t, s.wrong, "a wrong solution that never fails")
	})
}

// Each problem in a schedule that was made for it.
func TestOutcomes(t *testing.T) {
	for _, c := range []struct {
		by        schedule
		solutions []solution
		right     string
		want      []string
	}{
		{inTurn, lunches, "in order", []string{"out of order: clear the table, serve the soup, lay the table", "in order"}},
		{inTurn, hikes, "both climbed, then both ate", []string{"stuck: Ada, Grace", "both climbed, then both ate", "both climbed, then both ate"}},
		{inBetween, evenings, "9 dishes", []string{"guest 1 found no dish", "9 dishes", "9 dishes", "9 dishes"}},
		{tonyIsSlow, rides, "all laps together", []string{"Ada begins lap 3 when 2 have ended lap 2; then stuck: Grace, Tony", "all laps together", "all laps together", "all laps together"}},
		{inTurn, dinners, "3 meals each", []string{"stuck: Ada, Barbara, Edsger, Grace, Tony", "3 meals each", "3 meals each"}},
		{inTurn, smokes, "4 smoked", []string{
			"stuck: the agent, who has matches, who has paper, who has tobacco",
			"stuck: the agent, who has matches, who has paper, who has tobacco", "4 smoked"}},
		{inTurn, waters, "HHO four times", []string{"HHH bonded", "HHO four times", "HHO four times"}},
	} {
		for i, s := range c.solutions {
			p, err := perform(t.Context(), c.by, s)
			require.NoError(t, err)
			got := c.right
			if err := p.fault(s); err != nil {
				got = err.Error()
			}
			require.Equal(t, c.want[i], got, s.name)
		}
	}
}

// Helpers without the lock go wrong in some schedules, so it isn't only the
// race detector that needs it.
func TestHelpersNeedTheirLock(t *testing.T) {
	if raced > 1 {
		t.Skip("it is a data race as well")
	}
	s := solution{rule: rightSmoker, play: helping(func(t *tray, a *actor, heard int) {
		for {
			a.acquire(t.on[heard])
			t.heard(a, heard)
		}
	})}
	failed := 0
	for seed := range uint64(schedules) {
		p, err := perform(t.Context(), shuffled(seed), s)
		require.NoError(t, err)
		if p.fault(s) != nil {
			failed++
		}
	}
	require.Positive(t, failed)
}

// The same seed is the same run, to the last line of the log: for as many seeds
// as three seconds allow.
func TestAScheduleIsARun(t *testing.T) {
	for start, seed := time.Now(), uint64(0); seed < schedules && time.Since(start) < 3*time.Second/raced; seed++ {
		for _, problem := range problems {
			for _, s := range problem.solutions {
				first, err := perform(t.Context(), shuffled(seed), s)
				require.NoError(t, err)
				second, err := perform(t.Context(), shuffled(seed), s)
				require.NoError(t, err)
				if !slices.Equal(first.log, second.log) || !slices.Equal(first.stuck, second.stuck) {
					require.Equal(t, first, second, "%s, %s, schedule %d", problem.name, s.name, seed)
				}
			}
		}
	}
}

// In real time the race detector looks on. A log orders what the actors do, and
// would hide from it what they do not order themselves: so half of the runs
// keep none.
func TestRealTime(t *testing.T) {
	const runs = 100
	eachSolution(t, true, func(t *testing.T, s solution) {
		for seed := range uint64(runs) {
			p := &play{silent: seed%2 == 0, schedule: schedule{seed: seed, rounds: func(*actor, string) int {
				runtime.Gosched()
				return 0
			}}}
			p.run(t.Context(), time.Minute, s)
			require.Empty(t, p.stuck, "run %d", seed)
			if !p.silent {
				require.NoError(t, p.fault(s), "run %d", seed)
			}
		}
	})
}

// Each rule can be broken: in a log, +eats is its beginning and -eats its end.
func TestRules(t *testing.T) {
	const dish = "soup cook: puts soup 1; soup cook: has put soup 1; "
	for _, c := range []struct {
		rule func([]event) error
		log  string
		want string
	}{
		{inOrder, "Ada: lay the table; Tony: clear the table", "out of order: lay the table, clear the table"},
		{metOnTop, "Ada: +climbs; Grace: +climbs; Ada: -climbs; Ada: +eats", "Ada eats while 1 is on top"},
		{metOnTop, "Ada: +climbs; Ada: -climbs", "0 have eaten"},
		{served, dish + "a: takes; a: has taken soup 1; a: takes; a: has taken soup 1", "a took soup 1, which was not next"},
		{served, dish + "a: takes; a: has taken soup 2", "a took soup 2, which was not next"},
		{served, dish + "soup cook: puts soup 2; a: takes; a: has taken soup 2; a: takes; a: has taken soup 1", "a took soup 1, which was not next"},
		{served, "a: takes; a: found no dish", "a found no dish"},
		{served, "soup cook: puts soup 1; soup cook: found no room", "soup cook found no room"},
		{served, strings.Repeat(dish, room+1), "3 dishes on a counter for 2"},
		{served, dish, "0 dishes were taken"},
		{together, "Ada: +lap 1; Ada: -lap 1; Ada: +lap 2", "Ada begins lap 2 when 1 have ended lap 1"},
		{together, "", "0 have ended the last lap"},
		{writesAlone, "Ada: +reads; cook 1: +writes", "1 write while 1 read"},
		{writesAlone, "cook 2: +writes; cook 1: +writes", "2 write while 0 read"},
		{nobodyTwice, "cook 1: +waits; Ada: +reads; Ada: -reads; Ada: +reads", "Ada read twice while the cook waited"},
		{nobodyTwice, "cook 1: +waits; Ada: +reads; Ada: -reads; cook 1: -waits; cook 1: +waits; Ada: +reads", "Ada read twice while the cook waited"},
		{neighborsApart, "Ada: +eats; Tony: +eats", "Tony and Ada eat together"},
		{neighborsApart, "Ada: +eats; Ada: -eats; Tony: +eats", "Ada had 1 meals"},
		{oneAtATime, "1: stands up; 2: stands up", "2 is the second to stand up for one haircut"},
		{oneAtATime, "the barber: +cuts hair", "the barber cuts the hair of 0"},
		{oneAtATime, "1: sits down; 2: sits down; 3: sits down", "3 wait on 2 chairs"},
		{oneAtATime, "1: goes away", "1 goes away from a free chair"},
		{oneAtATime, "1: sits down; 2: sits down; 3: goes away; 2: stands up; the barber: +cuts hair; the barber: -cuts hair", "1 served, 1 gone away, of 6"},
		{rightSmoker, "agent: puts paper and matches; a: +smokes with his paper", `who has paper smokes after: "puts paper and matches"`},
		{rightSmoker, "agent: puts paper and matches; a: +smokes with his tobacco; a: +smokes with his tobacco", `who has tobacco smokes after: ""`},
		{rightSmoker, "agent: puts paper and matches", "0 were smoked"},
		{allWater, "H: +bonds; O: +bonds; O: +bonds", "HOO bonded"},
		{allWater, "H: +bonds; O: +bonds; H: +bonds", "1 molecules"},
	} {
		var log []event
		for line := range strings.SplitSeq(c.log, "; ") {
			who, what, ok := strings.Cut(line, ": ")
			if !ok {
				continue
			}
			e := event{who: who, what: strings.TrimLeft(what, "+-"), at: time.Duration(len(log))}
			switch what[0] {
			case '+':
				e.kind = begun
			case '-':
				e.kind = ended
			}
			log = append(log, e)
		}
		require.EqualError(t, c.rule(log), c.want, c.log)
	}
}

func TestFault(t *testing.T) {
	s := solution{rule: together}
	p := &play{stuck: []string{"Ada", "Tony"}}
	require.EqualError(t, p.fault(s), "stuck: Ada, Tony")
	p.log = []event{{"Ada", "lap 2", begun, 0}}
	require.EqualError(t, p.fault(s), "Ada begins lap 2 when 0 have ended lap 1; then stuck: Ada, Tony")
}
