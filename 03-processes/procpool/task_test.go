package procpool

import (
	"bytes"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestCallTakesWhatGobEncodes(t *testing.T) {
	pool := newPool(t, 1)
	n, err := double.Call(background, pool, 21)
	require.NoError(t, err)
	require.Equal(t, 42, n)
	orders, err := fill.Call(background, pool, order{"kettle", 3})
	require.NoError(t, err)
	require.Equal(t, make([]order, 3), orders)
}

func TestBytesTravelAsTheyAre(t *testing.T) {
	pool := newPool(t, 1)
	for _, size := range []int{0, 1, small, small + 1, trusted, 3*trusted + 1} {
		in := bytes.Repeat([]byte("kettle "), size/7+1)[:size]
		out, err := echo.Call(background, pool, in)
		require.NoError(t, err)
		require.True(t, bytes.Equal(in, out), "%d bytes", size)
	}
}

func TestMapKeepsTheOrder(t *testing.T) {
	pool := newPool(t, 3)
	for _, n := range []int{0, 1, 2, 100, 10_000} {
		ins, want := make([]int, n), make([]int, n)
		for i := range ins {
			ins[i], want[i] = i, 2*i
		}
		outs, err := double.Map(background, pool, ins)
		require.NoError(t, err)
		require.Equal(t, want, outs)
	}
	many, err := echo.Map(background, pool, [][]byte{{1}, {}, {2, 3}, {4}})
	require.NoError(t, err)
	require.Len(t, many, 4)
	require.Equal(t, []byte{2, 3}, many[2])
}

func TestMapReturnsTheErrorOfTheFirstValueThatFails(t *testing.T) {
	pool := newPool(t, 2)
	ins := make([]int, 2000)
	for _, i := range []int{1234, 1235, 1236, 1999} {
		ins[i] = 2*i + 1
	}
	for range 20 { // however the chunks fall
		outs, err := refuseOdd.Map(background, pool, ins)
		require.EqualError(t, err, `procpool: task "refuse odd", value 1234 of 2000: 2469: invalid argument`)
		require.Nil(t, outs)
	}
	requireWorks(t, pool)
}

func TestErrorKeepsItsTextAndNotItsType(t *testing.T) {
	pool := newPool(t, 1)
	before := pids(pool)
	_, err := refuseOdd.Call(background, pool, 7)
	require.EqualError(t, err, `procpool: task "refuse odd": 7: invalid argument`)
	require.NotErrorIs(t, err, os.ErrInvalid)
	var own *TaskError
	require.ErrorAs(t, err, &own)
	require.Equal(t, "7: invalid argument", own.Message)
	require.Empty(t, own.Stack)
	requireWorks(t, pool)
	require.Equal(t, before, pids(pool), "the worker stays")
}

func TestPanicComesWithItsStack(t *testing.T) {
	pool := newPool(t, 1)
	before := pids(pool)
	_, err := divide.Call(background, pool, 0)
	require.ErrorContains(t, err, `procpool: task "divide": panic: runtime error: integer divide by zero`)
	require.ErrorContains(t, err, "tasks_test.go")
	var own *TaskError
	require.ErrorAs(t, err, &own)
	require.Equal(t, "runtime error: integer divide by zero", own.Message)
	require.Contains(t, own.Stack, "tasks_test.go")
	_, err = divide.Map(background, pool, []int{1, 2, 3, 4, 5, 0, 7})
	require.ErrorContains(t, err, `procpool: task "divide", value 5 of 7: panic: `)
	requireWorks(t, pool)
	require.Equal(t, before, pids(pool), "the worker stays")
}

func TestGoexit(t *testing.T) {
	pool := newPool(t, 1)
	_, err := leave.Call(background, pool, 1)
	require.EqualError(t, err, `procpool: task "leave": it called runtime.Goexit`)
	requireWorks(t, pool)
}

func TestValuesThatDoNotTravel(t *testing.T) {
	pool := newPool(t, 2)
	ins, from := make([]picky, 20), make([]int, 20)
	ins[8].n, from[8] = 13, 13
	_, err := decodePicky.Map(background, pool, ins)
	require.EqualError(t, err, `procpool: task "decode picky", value 8 of 20: encode its input: 13 brings bad luck`)
	requireWorks(t, pool)
	_, err = encodePicky.Map(background, pool, from)
	require.EqualError(t, err, `procpool: task "encode picky", value 8 of 20: encode its result: 13 brings bad luck`)
	requireWorks(t, pool)
	ins[8].n, from[8] = 17, 17
	_, err = decodePicky.Map(background, pool, ins)
	require.EqualError(t, err, `procpool: task "decode picky", value 8 of 20: decode its input: 17 brings bad luck`)
	requireWorks(t, pool)
	_, err = encodePicky.Map(background, pool, from)
	require.EqualError(t, err, `procpool: task "encode picky", value 8 of 20: decode its result: 17 brings bad luck`)
	requireWorks(t, pool)
	ins[8].n, from[8] = 19, 19
	_, err = decodePicky.Map(background, pool, ins)
	require.EqualError(t, err, `procpool: task "decode picky", value 8 of 20: encode its input: panic: 19 is too much`)
	requireWorks(t, pool)
	_, err = encodePicky.Map(background, pool, from)
	require.EqualError(t, err, `procpool: task "encode picky", value 8 of 20: encode its result: panic: 19 is too much`)
	requireWorks(t, pool)
}

func TestFrameLimit(t *testing.T) {
	defer func(size int) { maxSize = size }(maxSize)
	pool := newPool(t, 1)
	in := make([]byte, 1000)
	_, err := shrinkLimit.Call(background, pool, 999)
	require.NoError(t, err)
	_, err = echo.Call(background, pool, in)
	require.NoError(t, err, "the worker refuses to read it, but not so the next one")
	_, err = shrinkLimit.Call(background, pool, 999)
	require.NoError(t, err)
	_, err = fill.Call(background, pool, order{"kettle", 1000})
	require.ErrorContains(t, err, `task "fill": encode its result: `)
	require.ErrorContains(t, err, "bytes are more than a frame holds, 999: pass the name of a file")
	maxSize = 999
	_, err = echo.Call(background, pool, in)
	require.EqualError(t, err,
		`procpool: task "echo": encode its input: 1000 bytes are more than a frame holds, 999: pass the name of a file`)
	requireWorks(t, pool)
}

func TestDefineTwicePanics(t *testing.T) {
	require.PanicsWithValue(t, `procpool: task "double" is defined twice`, func() {
		Define("double", func(n int) (int, error) { return n, nil })
	})
}

func TestTaskThatOnlyThePoolKnows(t *testing.T) {
	late := Define("late "+time.Now().String(), func(n int) (int, error) { return n, nil })
	pool := newPool(t, 1)
	_, err := late.Call(background, pool, 1)
	require.ErrorContains(t, err, "the worker knows no such task: procpool.Define belongs at package level")
	requireWorks(t, pool)
}

func TestWorkerHasOneCPUAndNoWorkers(t *testing.T) {
	pool := newPool(t, 1)
	n, err := cpus.Call(background, pool, 0)
	require.NoError(t, err)
	if runtime.GOOS != "windows" { // where the wait for the next call needs one more
		require.Equal(t, 1, n)
	}
	_, err = nest.Call(background, pool, 2)
	require.ErrorContains(t, err, "this process is a worker, which cannot have workers")
}

func TestStandardStreamsOfATask(t *testing.T) {
	pool, stderr := newPoolHeard(t, 1)
	n, err := printOut.Call(background, pool, "the kettle boils")
	require.NoError(t, err)
	require.Equal(t, 17, n)
	requireLine(t, "the kettle boils", stderr)
	_, err = readIn.Call(background, pool, 0)
	require.EqualError(t, err, `procpool: task "read": EOF`)
	requireWorks(t, pool)
}

func TestCPUTimeIsThatOfTheTasks(t *testing.T) {
	pool := newPool(t, 1)
	require.Zero(t, pool.CPUTime(), "to start is no task")
	for _, spent := range []time.Duration{20 * time.Millisecond, 40 * time.Millisecond} {
		_, err := burn.Call(background, pool, 20*time.Millisecond)
		require.NoError(t, err)
		require.GreaterOrEqual(t, pool.CPUTime(), spent)
	}
}

func TestCut(t *testing.T) {
	require.Equal(t, []int{0}, cut(0, 8, 50))
	require.Equal(t, []int{0, 1}, cut(1, 8, 50))
	cuts := cut(100, 8, 50)
	require.Equal(t, []int{0, 13, 24, 34}, cuts[:4], "an eighth of what is left")
	require.Equal(t, []int{98, 99, 100}, cuts[len(cuts)-3:], "at the end, one by one")
	require.True(t, slices.IsSorted(cuts))
}

func TestPoolHasAWorkerForEachCPU(t *testing.T) {
	pool := newPool(t, 0)
	require.Equal(t, runtime.GOMAXPROCS(0), pool.Workers())
	_, err := New(-1)
	require.EqualError(t, err, "procpool: start a pool: -1 workers of 0 tasks each: no number may be negative")
}
