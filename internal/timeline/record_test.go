package timeline

import (
	"encoding/json"
	"fmt"
	"math"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := Start()
		require.Equal(t, []Lane{}, rec.Timeline())
		began := time.Now()
		end := rec.Span("worker 10", "primes")
		time.Sleep(2 * time.Millisecond)
		rec.Add("worker 2", "killed", time.Now(), time.Now())
		require.Len(t, rec.Timeline(), 1, "what has not ended is not there yet")
		time.Sleep(time.Millisecond)
		end()
		rec.Span("worker 2", "nothing to do")()
		rec.Add("child", "told", began.Add(time.Millisecond).Round(0), began.Add(4*time.Millisecond).Round(0))
		rec.Add("child", "clock set back", began.Add(-time.Hour), began.Add(-2*time.Hour))

		want := []Lane{
			{"child", []Span{{"clock set back", 0, 0}, {"told", time.Millisecond, 4 * time.Millisecond}}},
			{"worker 2", []Span{
				{"killed", 2 * time.Millisecond, 2 * time.Millisecond},
				{"nothing to do", 3 * time.Millisecond, 3*time.Millisecond + 1},
			}},
			{"worker 10", []Span{{"primes", 0, 3 * time.Millisecond}}},
		}
		got := rec.Timeline()
		require.Equal(t, want, got)
		got[0].Spans[0].Label = "changed"
		require.Equal(t, want, rec.Timeline(), "it is a copy")
	})
}

func TestConcurrentSpansAreAllKept(t *testing.T) {
	const workers, tasks = 8, 100
	rec := Start()
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for range tasks {
				rec.Span("worker", "task")()
				rec.Timeline()
			}
		})
	}
	wg.Wait()
	require.Len(t, rec.Timeline()[0].Spans, workers*tasks)
}

func TestCompareNames(t *testing.T) {
	inOrder := []string{"", "01", "1", "2", "10", "99999999999999999999", "100000000000000000000", "a", "a 2", "a 2 b", "a 10", "a10", "b", "é"}
	for i, a := range inOrder {
		for j, b := range inOrder {
			switch got := compareNames(a, b); {
			case i < j:
				require.Negative(t, got, "%q before %q", a, b)
			case i > j:
				require.Positive(t, got, "%q after %q", a, b)
			default:
				require.Zero(t, got, a)
			}
		}
	}
}

func TestSpanAsText(t *testing.T) {
	for text, s := range map[string]Span{
		"12.345 67.890 primes":                         {"primes", 12345, 67890},
		"0.000 0.001 ":                                 {"", 0, 1},
		"1.000 1.000  two  words":                      {" two  words", 1000, 1000},
		"9223372036854775.807 9223372036854775.807 \n": {"\n", math.MaxInt64, math.MaxInt64},
	} {
		got, err := s.MarshalText()
		require.NoError(t, err)
		require.Equal(t, text, string(got))
		var back Span
		require.NoError(t, back.UnmarshalText(got))
		require.Equal(t, s, back)
	}

	lane, err := json.MarshalIndent(Lane{"worker 1", []Span{{"primes", 12345, 67890}}}, "", "  ")
	require.NoError(t, err)
	require.Equal(t, `{
  "name": "worker 1",
  "spans": [
    "12.345 67.890 primes"
  ]
}`, string(lane), "a line a span")
}

func TestSpanRefuses(t *testing.T) {
	for _, text := range []string{
		"", "1.000 2.000", "-1.000 2.000 tea", "soon 2.000 tea", "1.000 later tea", "1.000 2.000s tea",
		"0.000 9223372036854775.808 tea", "2.000 1.000 tea",
	} {
		s := Span{"before", 1, 2}
		require.EqualError(t, s.UnmarshalText([]byte(text)),
			fmt.Sprintf("span %q: want its start and its end in µs, and its label, as in 12.345 67.890 primes", text))
		require.Equal(t, Span{"before", 1, 2}, s, "left as it was")
	}
}

func TestRecordByContext(t *testing.T) {
	Record(t.Context(), "cook 1", "soup")() // nobody draws
	rec := Start()
	Record(rec.Attach(t.Context()), "cook 1", "soup")()
	lanes := rec.Timeline()
	require.Len(t, lanes, 1)
	require.Equal(t, "cook 1", lanes[0].Name)
	require.Equal(t, "soup", lanes[0].Spans[0].Label)
}
