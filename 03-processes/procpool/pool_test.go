package procpool

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A logger that is made at package level has the standard output of the
// program's start.
var logger = log.New(os.Stdout, "log: ", 0)

var (
	logLine   = Define("log", func(line string) (int, error) { logger.Println(line); return len(line), nil })
	takeAll   = Define("take all descriptors", takeDescriptors)
	heapNow   = Define("heap", func(int) (int, error) { return heap(), nil })
	arguments = Define("arguments", func(int) (int, error) { return len(os.Args), nil })
	length    = Define("length", func(s string) (int, error) { return len(s), nil })
	repeat    = Define("repeat", func(n int) (string, error) { return strings.Repeat("x", n), nil })
	shout     = Define("shout", func(s string) (bool, error) { fmt.Fprint(os.Stderr, s); os.Exit(3); return true, nil })
	spinOnce  = Define("spin once", func(file string) (bool, error) {
		if err := os.WriteFile(file, []byte("begun"), 0o600); err != nil {
			return false, err
		}
		return spinForEver(true)
	})
)

// takeDescriptors opens files until there are no more, and waits until the
// goroutine that listens for calls has had to do with that.
func takeDescriptors(int) (int, error) {
	defer limitDescriptors(64)()
	var taken []*os.File
	for len(taken) < 1000 {
		f, err := os.Open(os.DevNull)
		if err != nil {
			break
		}
		taken = append(taken, f)
	}
	for range 100 {
		runtime.Gosched()
	}
	for _, f := range taken {
		f.Close()
	}
	return len(taken), nil
}

// heap returns how many MiB this process keeps.
func heap() int {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc >> 20)
}

func TestWhatAnybodyPrintsIsNoAnswer(t *testing.T) {
	pool, stderr := newPoolHeard(t, 1)
	requireCall(t, 4, logLine, pool, "soup")
	requireLine(t, "log: soup", stderr)
	requireWorks(t, pool)
}

func TestTaskAtItsDescriptorLimit(t *testing.T) {
	pool := newPool(t, 1)
	before := pids(pool)
	n, err := takeAll.Call(background, pool, 0)
	require.NoError(t, err)
	require.Greater(t, n, 10)
	requireWorks(t, pool)
	require.Equal(t, before, pids(pool))
}

func TestNothingKeepsTheLargestMessage(t *testing.T) {
	pool := newPool(t, 1)
	requireCall(t, 16<<20, length, pool, strings.Repeat("x", 16<<20))
	text, err := repeat.Call(background, pool, 16<<20)
	require.NoError(t, err)
	require.Len(t, text, 16<<20)
	text = ""
	require.Less(t, heap(), 8)
	requireCall(t, 1, length, pool, "x")
	theirs, err := heapNow.Call(background, pool, 0)
	require.NoError(t, err)
	require.Less(t, theirs, 8)
	require.Less(t, heap(), 8)
}

// However many values there are, a frame has no more than it needs.
func TestMapBoundsBytes(t *testing.T) {
	pool := newPool(t, 1)
	ins := slices.Repeat([]string{strings.Repeat("x", 100_000)}, 60)
	lengths, err := length.Map(background, pool, ins)
	require.NoError(t, err)
	require.Equal(t, slices.Repeat([]int{100_000}, 60), lengths)
	texts, err := repeat.Map(background, pool, slices.Repeat([]int{100_000}, 60))
	require.NoError(t, err)
	require.Equal(t, ins, texts)
}

func TestResultsGoWhenTheyAreEnough(t *testing.T) {
	var there, back bytes.Buffer
	require.NoError(t, send(&there, message{kind: call, text: "repeat"}, parcelOf(t, slices.Repeat([]int{100_000}, 60)...)))
	w := newWire(&there, &back)
	m, err := w.receive()
	require.NoError(t, err)
	defer func(i *inheritance) { inherited = i }(inherited)
	inherited = &inheritance{begun: new(uint64)}
	answer := message{kind: refused}
	atOnce := tallyWriter{to: &back, begun: inherited.begun}
	w.out = &atOnce
	last := repeat.serve(w, m, &answer)
	require.LessOrEqual(t, atOnce.most, uint64(enough/100_000+1), "no more results are kept")
	require.Equal(t, answered, answer.kind)
	require.EqualValues(t, 60, *inherited.begun)
	came := last.count
	for from := newWire(&back, nil); back.Len() > 0; {
		m, err := from.receive()
		require.NoError(t, err)
		require.Equal(t, partly, m.kind)
		require.LessOrEqual(t, from.values.Len(), enough+enough/8)
		texts, err := unpackAll[string](from, m)
		require.NoError(t, err)
		came += len(texts)
	}
	require.Equal(t, 60, came)
}

// A tallyWriter notes how many tasks have begun from one write to the next.
type tallyWriter struct {
	to           io.Writer
	begun        *uint64
	before, most uint64
}

func (w *tallyWriter) Write(b []byte) (int, error) {
	w.most = max(w.most, *w.begun-w.before)
	w.before = *w.begun
	return w.to.Write(b)
}

func TestWorkerDoesNotSeeItsMark(t *testing.T) {
	requireCall(t, 1, arguments, newPool(t, 1), 0)
}

func TestParcels(t *testing.T) {
	mixed := []string{strings.Repeat("x", enough/2), strings.Repeat("x", enough/4), strings.Repeat("x", enough/2), strings.Repeat("x", 3*enough), ""}
	var counts []int
	for rest := mixed; len(rest) > 0; {
		p, err := newPacker[string]().pack(rest)
		require.NoError(t, err)
		counts, rest = append(counts, p.count), rest[p.count:]
	}
	require.Equal(t, []int{2, 1, 1, 1}, counts)

	p, err := newPacker[[2]int64]().pack(make([][2]int64, 1_000_000))
	require.NoError(t, err)
	require.Equal(t, enough/16, p.count)

	pointers := slices.Repeat([]*thing{{N: 1}}, 2000) // packed one by one
	p, err = newPacker[*thing]().pack(pointers)
	require.NoError(t, err)
	require.InDelta(t, enough, len(p.packed), 2000)
}

func TestPlainTypes(t *testing.T) {
	type inner struct {
		Names []string
		Sizes map[string]int64
	}
	type hidden struct {
		Name  string
		sizes map[string]any
		ready chan int
	}
	for name, got := range map[string][3]any{
		"int":      measureOf(int64(7)),
		"array":    measureOf([3]int32{}),
		"struct":   measureOf(struct{ A, B int64 }{}),
		"duration": measureOf(time.Second),
		"text":     measureOf("kettle"),
		"bytes":    measureOf([]byte("kettle")),
		"hidden":   measureOf(hidden{"kettle", map[string]any{"cup": 1}, make(chan int)}),
		"nested":   measureOf(inner{[]string{"cup", "pot"}, map[string]int64{"cup": 1}}),
	} {
		want := map[string][3]any{
			"int": {true, 8, 8}, "array": {true, 12, 12}, "struct": {true, 16, 16}, "duration": {true, 8, 8},
			"text": {true, 0, 6}, "bytes": {true, 0, 6}, "hidden": {true, 0, 15}, "nested": {true, 0, 23},
		}[name]
		require.Equal(t, want, got, name)
	}
	type recursive struct{ Sons []recursive }
	for name, plain := range map[string]bool{
		"pointer":   newPacker[*int]().plain,
		"interface": newPacker[any]().plain,
		"time":      newPacker[time.Time]().plain,
		"inside":    newPacker[[]struct{ At time.Time }]().plain,
		"recursive": newPacker[recursive]().plain,
		"no fields": newPacker[struct{}]().plain,
		"hidden":    newPacker[struct{ a int }]().plain,
		"channel":   newPacker[chan int]().plain,
		"key":       newPacker[map[any]int]().plain,
	} {
		require.False(t, plain, name)
	}
}

// measureOf tells whether a value's type is plain, how large each is if they are
// alike, and about how large this one is.
func measureOf[T any](v T) [3]any {
	p := newPacker[T]()
	return [3]any{p.plain, p.fixed, p.size(&v)}
}

func TestOnlyRunsAreTries(t *testing.T) {
	pool := quietPool(t, 1)
	for range 2 * tries { // each call finds a worker that is dead
		kill(t, pids(pool)[0])
		requireCall(t, 2, double.Runs(1), pool, 1)
	}
	d := doom{Deaths: 1, File: filepath.Join(t.TempDir(), "begun")}
	_, err := perish.Runs(1).Call(background, pool, d)
	require.ErrorIs(t, err, ErrWorkerDied)
	require.Equal(t, 1, d.begun(t))
	d = doom{Value: 7, Deaths: 4, File: filepath.Join(t.TempDir(), "begun")}
	requireCall(t, 7, perish.Runs(5), pool, d)
	require.Equal(t, 5, d.begun(t))
	require.PanicsWithValue(t, `procpool: task "perish" is to run 0 times: it takes at least one`, func() { perish.Runs(0) })
}

func TestValueThatCannotBeEncodedTakesNoWorker(t *testing.T) {
	pool, stderr := newPoolHeard(t, 1)
	var busy sync.WaitGroup
	busy.Go(func() { spin.Call(background, pool, true) })
	requireLine(t, "begun", stderr)
	_, err := carry.Call(background, pool, parcelBomb{"encode here", "fail"})
	require.EqualError(t, err, `procpool: task "carry": encode its input: boom`)
	_, err = carry.Map(background, pool, []parcelBomb{{"encode here", "fail"}})
	require.EqualError(t, err, `procpool: task "carry", value 0 of 1: encode its input: boom`)
	pool.Close()
	busy.Wait()
}

func TestLimitOfATask(t *testing.T) {
	pool := quietPool(t, 1)
	before := pids(pool)
	file := filepath.Join(t.TempDir(), "begun")
	_, err := spinOnce.Within(50*time.Millisecond).Call(background, pool, file)
	require.EqualError(t, err, `procpool: task "spin once": it ran for longer than 50ms: context deadline exceeded`)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	requireGone(t, before...)
	requireCall(t, 2, double.Within(time.Hour), pool, 1)
	_, err = spinIf.Within(50*time.Millisecond).Map(background, pool, []bool{false, true, false})
	require.EqualError(t, err, `procpool: task "spin if", value 1 of 3: it ran for longer than 50ms: context deadline exceeded`)
	ctx, cancel := context.WithCancelCause(background)
	cancel(io.ErrNoProgress)
	_, err = double.Within(time.Hour).Call(ctx, pool, 1)
	require.ErrorIs(t, err, io.ErrNoProgress)
}

func TestWorkerError(t *testing.T) {
	pool := quietPool(t, 1)
	before := pids(pool)
	_, err := shout.Runs(1).Call(background, pool, "no tea left\n")
	require.EqualError(t, err, "procpool: task \"shout\": the worker died: exit status 3\n\nno tea left\n")
	died, ok := errors.AsType[*WorkerError](err)
	require.True(t, ok)
	require.Equal(t, before[0], died.PID)
	require.Equal(t, 3, died.State.ExitCode())
	require.Equal(t, "no tea left\n", died.Stderr)
	require.NotErrorIs(t, err, io.EOF)

	_, err = shout.Runs(1).Call(background, pool, strings.Repeat("long ", 10_000))
	died, _ = errors.AsType[*WorkerError](err)
	require.Len(t, died.Stderr, lastSaid)
}

func TestValueError(t *testing.T) {
	pool := quietPool(t, 2)
	for name, c := range map[string]struct {
		err  error
		want bool
	}{
		"fails":           {errorOf(refuseOdd.Map(background, pool, []int{2, 4, 5})), true},
		"kills":           {errorOf(exit.Map(background, pool, []int{3})), true},
		"closed":          {errorOf(double.Map(background, closed(t), []int{1})), false},
		"context is over": {errorOf(double.Map(over(), pool, []int{1})), false},
	} {
		blamed, ok := errors.AsType[*ValueError](c.err)
		require.Equal(t, c.want, ok, "%s: %v", name, c.err)
		if name == "fails" {
			require.Equal(t, 2, blamed.Index)
			require.Equal(t, 3, blamed.Of)
		}
	}
}

func closed(t *testing.T) *Pool {
	pool := newPool(t, 1)
	pool.Close()
	return pool
}

func over() context.Context {
	ctx, cancel := context.WithCancel(background)
	cancel()
	return ctx
}

func TestResultsHoldTheSourceBack(t *testing.T) {
	pool := newPool(t, 2)
	for _, last := range []int{1, 10, 100} {
		taken, came := 0, 0
		var mu sync.Mutex
		for r := range double.Results(background, pool, func(yield func(int) bool) {
			for i := 0; yield(i); i++ {
				mu.Lock()
				taken = i + 1
				mu.Unlock()
			}
		}) {
			require.NoError(t, r.Err)
			came++
			mu.Lock()
			require.LessOrEqual(t, taken-came, 2*pool.Workers())
			mu.Unlock()
			if came == last {
				break
			}
		}
		requireWorks(t, pool)
	}
}

// While the source has nothing yet, results come all the same.
func TestResultsDoNotWaitForTheSource(t *testing.T) {
	pool := newPool(t, 2)
	more := make(chan int, 1)
	more <- 0
	came := 0
	for r := range double.Results(background, pool, func(yield func(int) bool) {
		for i := range more {
			if !yield(i) {
				return
			}
		}
	}) {
		require.NoError(t, r.Err)
		require.Equal(t, 2*came, r.Value)
		if came++; came == 10 {
			close(more)
		} else {
			more <- came
		}
	}
	require.Equal(t, 10, came)
}

// Nor does the end of a context, or of the loop.
func TestResultsEndWhileTheSourceWaits(t *testing.T) {
	pool := newPool(t, 1)
	stuck := make(chan int)
	defer close(stuck)
	source := func(yield func(int) bool) {
		_ = yield(1) && yield(<-stuck)
	}
	ctx, cancel := context.WithCancel(background)
	defer cancel()
	for r := range double.Results(ctx, pool, source) {
		require.NoError(t, r.Err)
		cancel()
	}
	for range double.Results(background, pool, source) {
		break
	}
	requireWorks(t, pool)
}

func TestProgramIsAnother(t *testing.T) {
	t.Setenv(program, "is another version")
	_, err := New(1)
	require.EqualError(t, err, "procpool: start a pool: the program's file has been replaced since the program was started: start it anew")
}

func TestServeIsCalledFirst(t *testing.T) {
	served.Store(false)
	defer served.Store(true)
	_, err := New(1)
	require.EqualError(t, err, "procpool: start a pool: its workers would not know that they are workers: "+hint)
}

func TestIdentity(t *testing.T) {
	require.Equal(t, identify(), identify())
	require.Contains(t, identify(), " bytes, of ")
}
