package main

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestChoose(t *testing.T) {
	const ms, s = time.Millisecond, time.Second
	for _, c := range []struct {
		name         string
		p            Profile
		python, inGo Model
		workers      int
	}{
		{"computing", Profile{CPU: s, Connections: 4, CPUs: 2}, Processes, Goroutines, 2},
		{"computing as much as waiting", Profile{CPU: s, Wait: s, Connections: 4, CPUs: 2}, Processes, Goroutines, 4},
		{"computing a little less than waiting", Profile{CPU: s - 1, Wait: s, Connections: 4, CPUs: 2}, Threads, Goroutines, 4},
		{"fewer tasks than CPUs", Profile{CPU: s, Connections: 3, CPUs: 8}, Processes, Goroutines, 3},
		{"waiting on few", Profile{CPU: ms, Wait: s, Connections: 100, CPUs: 2}, Threads, Goroutines, 100},
		{"waiting on many", Profile{CPU: ms, Wait: s, Connections: 101, CPUs: 2}, Asyncio, Goroutines, 101},
		{"more than the CPUs can serve", Profile{CPU: 2 * ms, Wait: 80 * ms, Connections: 5000, CPUs: 2}, Asyncio, Goroutines, 82},
		{"a worker more, not less", Profile{CPU: 3 * ms, Wait: 10 * ms, Connections: 5000, CPUs: 2}, Asyncio, Goroutines, 9},
		{"nothing but waiting", Profile{Wait: s, Connections: 5000, CPUs: 2}, Asyncio, Goroutines, 5000},
		{"a single one", Profile{CPU: s, Wait: s, Connections: 1, CPUs: 2}, OneAfterAnother, OneAfterAnother, 1},
		{"two", Profile{CPU: ms, Wait: s, Connections: 2, CPUs: 2}, Threads, Goroutines, 2},
		{"one CPU, computing", Profile{CPU: s, Connections: 10, CPUs: 1}, OneAfterAnother, OneAfterAnother, 1},
		{"one CPU, computing and waiting a little", Profile{CPU: s, Wait: ms, Connections: 10, CPUs: 1}, Threads, Goroutines, 2},
		{"one CPU, waiting on many", Profile{CPU: s, Wait: s, Connections: 1000, CPUs: 1}, Asyncio, Goroutines, 2},
		{"two CPUs, computing and waiting a little", Profile{CPU: s, Wait: ms, Connections: 10, CPUs: 2}, Processes, Goroutines, 3},
		{"a single one that may crash", Profile{CPU: s, Connections: 1, Isolate: true, CPUs: 2}, Processes, Processes, 1},
		{"many that may crash", Profile{Wait: s, Connections: 5000, Isolate: true, CPUs: 2}, Processes, Processes, 5000},
		{"nothing to do", Profile{}, OneAfterAnother, OneAfterAnother, 1},
		{"no sense at all", Profile{CPU: -1, Wait: math.MinInt64, Connections: -5, CPUs: -2}, OneAfterAnother, OneAfterAnother, 1},
		{"for ever", Profile{CPU: math.MaxInt64, Wait: math.MaxInt64, Connections: math.MaxInt, CPUs: math.MaxInt}, Processes, Goroutines, math.MaxInt},
	} {
		a := Choose(c.p)
		require.Equal(t, c.python, a.Python, c.name)
		require.Equal(t, c.inGo, a.Go, c.name)
		require.Equal(t, c.workers, a.Workers, c.name)
		require.NotEmpty(t, a.Changes, c.name)
	}
}

func TestReasons(t *testing.T) {
	const ms = time.Millisecond
	for _, c := range []struct {
		p    Profile
		says string
	}{
		{Profile{CPU: ms, Connections: 2, CPUs: 2, Isolate: true}, "a crash to itself"},
		{Profile{CPU: ms, Connections: 1, CPUs: 2}, "nobody to share"},
		{Profile{CPU: ms, Connections: 2, CPUs: 1}, "with one CPU"},
		{Profile{CPU: ms, Connections: 2, CPUs: 2}, "only processes compute at the same time"},
		{Profile{CPU: ms, Wait: 9 * ms, Connections: 2, CPUs: 2}, "computes for 10 % of its time"},
		{Profile{CPU: ms, Wait: 9 * ms, Connections: 101, CPUs: 2}, "101 are many"},
		{Profile{CPU: ms, Wait: 9 * ms, Connections: 2000, CPUs: 2}, "20 at once keep the CPUs busy; all 2,000 at once would not be faster, and each would take 1s"},
		{Profile{CPU: ms, Wait: 9 * ms, Connections: 2000, CPUs: 2}, "at most 1/1ms = 1,000 tasks a second: for more, several processes, each with its own asyncio"},
		{Profile{CPU: 11 * ms, Wait: time.Second, Connections: 2000, CPUs: 2}, "while one task computes for 11ms, the loop serves nobody"},
		{Profile{CPU: ms / 20, Connections: 2000, CPUs: 2}, "hand over many at a time"},
	} {
		a := Choose(c.p)
		found := false
		for _, r := range a.Reasons {
			found = found || contains(r, c.says)
		}
		require.True(t, found, "%q is not among %q", c.says, a.Reasons)
	}
	quiet := Choose(Profile{CPU: ms, Wait: 9 * ms, Connections: 5, CPUs: 2})
	require.Len(t, quiet.Reasons, 1, "of what does not matter nothing is said")
}

func TestChanges(t *testing.T) {
	const ms = time.Millisecond
	require.Equal(t, []string{
		"one task at a time: one after another in both",
		"at most 100 at once: threads in Python",
		"a task that computes for 80ms or more: processes in Python",
		"a crash that must take nothing with it: processes in both",
	}, Choose(Profile{CPU: 2 * ms, Wait: 80 * ms, Connections: 5000, CPUs: 2}).Changes)
	require.Equal(t, []string{
		"one task at a time: one after another in both",
		"a task that waits for more than 1ms: threads in Python",
		"one CPU: one after another in both",
		"a crash that must take nothing with it: processes in Go",
	}, Choose(Profile{CPU: ms, Connections: 50, CPUs: 2}).Changes)
}

// A profile at random, on the borders more often than not.
func anyProfile(r *rand.Rand) Profile {
	duration := func() time.Duration {
		choices := []time.Duration{0, 1, time.Microsecond, time.Millisecond, time.Second, time.Hour, -1, math.MaxInt64, math.MinInt64, time.Duration(r.Int64())}
		return choices[r.IntN(len(choices))]
	}
	count := func() int {
		choices := []int{0, 1, 2, 99, 100, 101, 5000, -1, math.MaxInt, math.MinInt, r.Int()}
		return choices[r.IntN(len(choices))]
	}
	return Profile{CPU: duration(), Wait: duration(), Connections: count(), Isolate: r.IntN(2) == 0, CPUs: count()}
}

func TestEveryProfileGetsAnAnswer(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	for range 5000 {
		p := anyProfile(r)
		a := Choose(p)
		require.Positive(t, a.Workers, "seed %d: %+v", seed, p)
		require.LessOrEqual(t, a.Workers, max(p.Connections, 1), "seed %d: %+v", seed, p)
		require.NotEmpty(t, a.Python, "seed %d: %+v", seed, p)
		require.NotEmpty(t, a.Go, "seed %d: %+v", seed, p)
		require.NotEmpty(t, a.Reasons, "seed %d: %+v", seed, p)
		require.NotEmpty(t, a.Formula, "seed %d: %+v", seed, p)
		require.NotContains(t, a.Formula+a.Reasons[0], "NaN", "seed %d: %+v", seed, p)
		require.Equal(t, a, Choose(p), "the same again")

		more := p
		more.Connections = max(p.Connections, r.Int())
		require.GreaterOrEqual(t, Choose(more).Workers, a.Workers, "more connections, seed %d: %+v", seed, p)
		longer := p
		longer.Wait = max(p.Wait, time.Duration(r.Int64()))
		require.GreaterOrEqual(t, Choose(longer).Workers, a.Workers, "a longer wait, seed %d: %+v", seed, p)
	}
}

func TestShort(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 999: "999ns", 1234: "1.23µs", 82 * time.Millisecond: "82ms", 1234567890: "1.23s",
		98765 * time.Second: "27h26m40s",
	} {
		require.Equal(t, want, short(d).String())
	}
}

func TestLaws(t *testing.T) {
	require.InDelta(t, 10, little(20, 500*time.Millisecond), 1e-9)
	require.InDelta(t, 1, amdahl(1, 100), 1e-9, "what is for one alone gains nothing")
	require.InDelta(t, 100, amdahl(0, 100), 1e-9)
	require.InDelta(t, 1/(0.1+0.9/10), amdahl(0.1, 10), 1e-9)
}

// The number of workers is rounded up; what they do in a second is not.
func TestRateIsWhatTheCPUsCanDo(t *testing.T) {
	for _, c := range []struct {
		p    Profile
		want float64
	}{
		{Profile{CPU: 2 * time.Millisecond, Wait: 80 * time.Millisecond, Connections: 5000, CPUs: 2}, 1000},
		{Profile{CPU: 49 * time.Millisecond, Wait: 50 * time.Millisecond, Connections: 5000, CPUs: 2}, 2 / 0.049},
		{Profile{CPU: 49 * time.Millisecond, Wait: 50 * time.Millisecond, Connections: 2, CPUs: 2}, 2 / 0.099},
		{Profile{Wait: 50 * time.Millisecond, Connections: 10, CPUs: 2}, 200},
	} {
		require.InEpsilon(t, c.want, c.p.rate(), 1e-9, "%+v", c.p)
	}
}
