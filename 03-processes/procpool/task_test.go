package procpool

import (
	"bytes"
	"os"
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
	_, err = ignore.Call(background, pool, struct{}{})
	require.NoError(t, err)
}

func TestBytesTravelAsTheyAre(t *testing.T) {
	pool := newPool(t, 1)
	for _, size := range []int{0, 1, joined, joined + 1, trusted, 3*trusted + 1} {
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
	none, err := ignore.Map(background, pool, make([]struct{}, 1000))
	require.NoError(t, err)
	require.Len(t, none, 1000)
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
	pids := pool.PIDs()
	_, err := refuseOdd.Call(background, pool, 7)
	require.EqualError(t, err, `procpool: task "refuse odd": 7: invalid argument`)
	require.NotErrorIs(t, err, os.ErrInvalid)
	var own *TaskError
	require.ErrorAs(t, err, &own)
	require.Equal(t, "7: invalid argument", own.Message)
	require.Empty(t, own.Stack)
	requireWorks(t, pool)
	require.Equal(t, pids, pool.PIDs(), "the worker stays")
}

func TestPanicComesWithItsStack(t *testing.T) {
	pool := newPool(t, 1)
	pids := pool.PIDs()
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
	require.Equal(t, pids, pool.PIDs(), "the worker stays")
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
}

func TestFrameLimit(t *testing.T) {
	defer func(size uint32) { maxSize = size }(maxSize)
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
	n, err := cpus.Call(background, pool, struct{}{})
	require.NoError(t, err)
	require.Equal(t, procs, n)
	_, err = nest.Call(background, pool, 2)
	require.ErrorContains(t, err, "this process is a worker, which cannot have workers")
}

func TestStandardStreamsOfATask(t *testing.T) {
	pool, stderr := newPoolHeard(t, 1)
	n, err := printOut.Call(background, pool, "the kettle boils")
	require.NoError(t, err)
	require.Equal(t, 17, n)
	requireLine(t, "the kettle boils", stderr)
	_, err = readIn.Call(background, pool, struct{}{})
	require.EqualError(t, err, `procpool: task "read": EOF`)
	requireWorks(t, pool)
}

func TestCPUTimeIsThatOfTheWorkers(t *testing.T) {
	pool := newPool(t, 1)
	_, err := burn.Call(background, pool, 20*time.Millisecond)
	require.NoError(t, err)
	spent := pool.CPUTime()
	require.GreaterOrEqual(t, spent, 20*time.Millisecond)
	_, err = exit.Call(background, pool, 3)
	require.ErrorIs(t, err, ErrWorkerDied)
	require.Greater(t, pool.CPUTime(), spent, "what the dead have spent counts")
	require.NoError(t, pool.Close())
	require.Greater(t, pool.CPUTime(), spent)
}

func TestChunks(t *testing.T) {
	c := chunks{workers: 2, end: 100}
	type chunk struct{ begin, size int }
	var got []chunk
	for _, n := range []int{1, 4, 1000, 1000} {
		begin, size := c.next(n)
		got = append(got, chunk{begin, size})
	}
	require.Equal(t, []chunk{{0, 1}, {1, 4}, {5, 12}, {17, 11}}, got, "an eighth of what is left")
	for begin, size := c.next(1000); size > 0; begin, size = c.next(1000) {
		got = append(got, chunk{begin, size})
	}
	require.Equal(t, chunk{99, 1}, got[len(got)-1])
	c = chunks{workers: 2, end: 100}
	c.next(5)
	c.fail(4, os.ErrInvalid)
	c.fail(9, os.ErrExist)
	c.fail(2, os.ErrClosed)
	require.Equal(t, 2, c.end)
	require.Equal(t, os.ErrClosed, c.err)
	_, size := c.next(1)
	require.Zero(t, size)
}

func TestResize(t *testing.T) {
	for _, c := range []struct {
		n    int
		took time.Duration
		want int
	}{
		{1, 0, 2},
		{64, time.Millisecond, 128},
		{64, 10 * time.Millisecond, 64},
		{64, 20 * time.Millisecond, 32},
		{64, time.Hour, 1},
		{1, 15 * time.Millisecond, 1},
	} {
		require.Equal(t, c.want, resize(c.n, c.took), "%d in %v", c.n, c.took)
	}
}

func TestPoolTakesAtLeastOneWorker(t *testing.T) {
	_, err := New(0)
	require.EqualError(t, err, "procpool: start a pool of 0 workers: it takes at least one")
}
