package measure

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/virtual"
)

func upTo(n int) []float64 {
	var samples []float64
	for i := range n {
		samples = append(samples, float64((i*7)%n+1)) // 1 to n, shuffled
	}
	return samples
}

func TestEstimateOf(t *testing.T) {
	for _, c := range []struct {
		name    string
		samples []float64
		want    Estimate
	}{
		{"nothing", nil, Estimate{Missing: "nothing was measured"}},
		{"one", []float64{3}, Estimate{Median: 3, Low: 3, High: 3, N: 1}},
		{"an even number", []float64{4, 1, 3, 2}, Estimate{Median: 2.5, Low: 1, High: 4, N: 4}},
		{"five are their range", upTo(5), Estimate{Median: 3, Low: 1, High: 5, N: 5}},
		{"nine are the second to the eighth", upTo(9), Estimate{Median: 5, Low: 2, High: 8, N: 9}},
		{"twenty-five are the eighth to the eighteenth", upTo(25), Estimate{Median: 13, Low: 8, High: 18, N: 25}},
		{"one wild sample changes nothing", []float64{1, 1, 1, 1, 1, 1, 1, 1, 1e9}, Estimate{Median: 1, Low: 1, High: 1, N: 9}},
	} {
		require.Equal(t, c.want, EstimateOf(c.samples), c.name)
	}
}

// Coverage, counted: of all ways in which the samples can fall below or above
// the true median, in how many does the interval hold it?
func TestIntervalCoversTheMedian(t *testing.T) {
	for n := 6; n <= 16; n++ {
		k, _ := rank(n)
		covered := 0
		for below := range 1 << n {
			if b := strings.Count(binary(below), "1"); b >= k && b <= n-k {
				covered++
			}
		}
		share := float64(covered) / float64(int(1)<<n)
		require.GreaterOrEqual(t, share, 0.95, "%d samples", n)
		require.LessOrEqual(t, share-2*math.Exp(lnChoose(n, k)-float64(n)*math.Ln2), 0.95, "%d samples: a narrower one would do", n)
	}
}

func TestCoverage(t *testing.T) {
	for n, want := range map[int]float64{
		0: 0, 1: 0, 5: 0, 6: 0.96875, 7: 0.984375, 8: 0.9921875, 9: 0.9609375, 10: 0.978515625, 16: 0.978729248046875,
		25: 0.9567147493362427, 100: 0.9647997997822951, 1100: 0.9500329480537483, 5000: 0.9506841418958282,
	} {
		require.InDelta(t, want, EstimateOf(upTo(n)).Coverage(), 1e-9, "%d rounds", n)
	}
	many := make([]float64, 5000)
	for i := range many {
		many[i] = float64(i + 1)
	}
	require.Equal(t, Estimate{Median: 2500.5, Low: 2431, High: 2570, N: 5000}, EstimateOf(many))
}

// Whatever goes in, what comes out can be encoded, and says why where it is
// missing.
func TestNothingIsInfinite(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	rounds := func(name string, values ...float64) (s Samples) { s.Add(name, values...); return s }
	ratio := func(a, b []float64) Estimate { return rounds("a", a...).With(rounds("b", b...)).Ratio("a", "b") }
	one, zero, huge, tiny := []float64{1, 1, 1}, []float64{0, 0, 0}, []float64{1e300, 1e300, 1e300}, []float64{1e-300, 1e-300, 1e-300}
	for _, c := range []struct {
		name string
		e    Estimate
		want Estimate
	}{
		{"to 0", ratio(one, zero), Estimate{Missing: "b was 0 in 3 of 3 rounds, so there is no ratio to it"}},
		{"0 to 0", ratio(zero, zero), Estimate{Missing: "b was 0 in 3 of 3 rounds, so there is no ratio to it"}},
		{"to 0 once", ratio(one, []float64{1, 0, 1}), Estimate{Missing: "b was 0 in 1 of 3 rounds, so there is no ratio to it"}},
		{"of 0", ratio(zero, one), Estimate{N: 3}},
		{"too large", ratio(huge, tiny), Estimate{Missing: "a / b is no finite number in 3 of 3 rounds, so there is no ratio"}},
		{"of infinity", ratio([]float64{1, inf, nan}, one), Estimate{Missing: "a was no finite number in 2 of 3 rounds, so there is no estimate"}},
		{"to infinity", ratio(one, []float64{1, 1, -inf}), Estimate{Missing: "b was no finite number in 1 of 3 rounds, so there is no estimate"}},
		{"infinite", rounds("a", 1, nan).Estimate("a"), Estimate{Missing: "a was no finite number in 1 of 2 rounds, so there is no estimate"}},
		{"of samples", EstimateOf([]float64{nan, 1, inf}), Estimate{Missing: "2 of 3 samples are no finite numbers, so there is no estimate"}},
		{"a median of large ones", EstimateOf([]float64{1e308, 1.5e308}), Estimate{Median: 1.25e308, Low: 1e308, High: 1.5e308, N: 2}},
		{"over 0", EstimateOf(one).Over(EstimateOf(zero)), Estimate{Missing: "what it is divided by is 0, or may be: 0; so there is no ratio to it"}},
		{"over what may be 0", EstimateOf(one).Over(EstimateOf([]float64{0, 1, 2})), Estimate{Missing: "what it is divided by is 0, or may be: 1.00 (0 to 2.00); so there is no ratio to it"}},
		{"over both sides of 0", EstimateOf(one).Over(EstimateOf([]float64{-1, 1, 2})), Estimate{Missing: "what it is divided by is 0, or may be: 1.00 (-1.00 to 2.00); so there is no ratio to it"}},
		{"over too little", EstimateOf(huge[:1]).Over(EstimateOf(tiny)).Times(0), Estimate{Missing: "the ratio of " + Number(1e300) + " to 0.0000 is no finite number"}},
		{"times infinity", EstimateOf([]float64{2, 2}).Times(inf), Estimate{Missing: "2.00 times +Inf is no finite number"}},
		{"0 times infinity", EstimateOf(zero).Times(inf), Estimate{Missing: "0 times +Inf is no finite number"}},
		{"times no number", EstimateOf(one).Times(nan), Estimate{Missing: "1.00 times NaN is no finite number"}},
		{"missing times infinity", Estimate{Missing: "no tea"}.Times(inf), Estimate{Missing: "no tea"}},
	} {
		require.Equal(t, c.want, c.e, c.name)
		_, err := json.Marshal(c.e)
		require.NoError(t, err, c.name)
	}

	s := rounds("lost", 0, nan)
	nonzero, n := s.Count("lost")
	require.Equal(t, []int{0, 0}, []int{nonzero, n})
	require.Equal(t, Cannot("lost was no finite number in 1 of 2 rounds, so there is no estimate"), s.Never("updates were lost", "lost"))
}

func binary(n int) string {
	if n == 0 {
		return ""
	}
	return binary(n/2) + string(rune('0'+n%2))
}

func lnChoose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}

func TestOver(t *testing.T) {
	a, b := Estimate{Median: 6, Low: 4, High: 8, N: 9}, Estimate{Median: 2, Low: 1, High: 4, N: 5}
	require.Equal(t, Estimate{Median: 3, Low: 1, High: 8, N: 5}, a.Over(b))
	missing := Estimate{Missing: "no python3"}
	require.Equal(t, missing, a.Over(missing))
	require.Equal(t, missing, missing.Over(b))
}

func TestFormat(t *testing.T) {
	require.Equal(t, "8", EstimateOf([]float64{8}).Format(8))
	require.Equal(t, "1,000", EstimateOf([]float64{8}).Format(1000))
	require.Equal(t, "0.50", EstimateOf([]float64{8}).Format(0.5))
	require.Equal(t, "8.00", EstimateOf([]float64{8, 8}).Format(8), "a median of several")
	require.Equal(t, "8.50", EstimateOf([]float64{8.5}).Format(8.5))
}

func TestDecide(t *testing.T) {
	for _, c := range []struct {
		name        string
		e           Estimate
		ifYes, ifNo float64
		want        Answer
		evidence    string
	}{
		{"below the line", Estimate{Median: 0.5, Low: 0.4, High: 0.6, N: 9}, 0.5, 1, Yes,
			"threads / sequential = 0.50 (0.40 to 0.60), below the line at 0.75"},
		{"above the line", Estimate{Median: 1, Low: 0.8, High: 1.1, N: 9}, 0.5, 1, No,
			"threads / sequential = 1.00 (0.80 to 1.10), above the line at 0.75"},
		{"the other way round", Estimate{Median: 1, Low: 0.8, High: 1.1, N: 9}, 1, 0.5, Yes,
			"threads / sequential = 1.00 (0.80 to 1.10), above the line at 0.75"},
		{"astride", Estimate{Median: 0.7, Low: 0.6, High: 0.8, N: 9}, 0.5, 1, CantTell,
			"threads / sequential = 0.70 (0.60 to 0.80), on both sides of the line at 0.75"},
		{"touching the line is not beyond it", Estimate{Median: 0.7, Low: 0.6, High: 0.75, N: 9}, 0.5, 1, CantTell,
			"threads / sequential = 0.70 (0.60 to 0.75), on both sides of the line at 0.75"},
	} {
		require.Equal(t, Verdict{Answer: c.want, Evidence: c.evidence, Timed: true}, c.e.Decide("threads / sequential", c.ifYes, c.ifNo), c.name)
	}
	require.Equal(t, Cannot("no python3"), Estimate{Missing: "no python3"}.Decide("threads / sequential", 0.5, 1))
}

func TestAboveAndBelow(t *testing.T) {
	e := Estimate{Median: 11, Low: 10.5, High: 12, N: 9}
	require.Equal(t, Yes, e.Above("spawn / start", 10).Answer)
	require.Equal(t, No, e.Above("spawn / start", 13).Answer)
	require.Equal(t, CantTell, e.Above("spawn / start", 11).Answer)
	require.Equal(t, No, e.Below("spawn / start", 10).Answer)
	require.Equal(t, Yes, e.Below("spawn / start", 13).Answer)
	require.Equal(t, Cannot("no python3"), Estimate{Missing: "no python3"}.Above("spawn / start", 10))
}

func TestWithin(t *testing.T) {
	e := Estimate{Median: 1, Low: 0.97, High: 1.04, N: 9}
	require.Equal(t, Verdict{Answer: Yes, Evidence: "2 threads / 1 = 1.00 (0.97 to 1.04), inside the range from 0.95 to 1.05", Timed: true}, e.Within("2 threads / 1", 0.95, 1.05))
	require.Equal(t, CantTell, e.Within("2 threads / 1", 0.98, 1.05).Answer)
	require.Equal(t, No, e.Within("2 threads / 1", 0.5, 0.9).Answer)
	require.Equal(t, No, e.Within("2 threads / 1", 1.1, 2).Answer)
	require.Equal(t, Cannot("no python3"), Estimate{Missing: "no python3"}.Within("2 threads / 1", 0, 1))
}

func TestMeans(t *testing.T) {
	require.Equal(t, Different, Fact(true, "soup").Means(Different, Same).Answer)
	require.Equal(t, Same, Fact(false, "soup").Means(Different, Same).Answer)
	require.Equal(t, Cannot("no soup"), Cannot("no soup").Means(Different, Same))
}

func TestDespiteLoad(t *testing.T) {
	v := Estimate{Median: 52, Low: 52, High: 52, N: 1}.Above("threads", 49)
	require.True(t, v.Timed, "unless it says why not")
	v = v.DespiteLoad("they are counted")
	require.False(t, v.Timed)
	require.Equal(t, "they are counted", v.Proof)
}

func TestAll(t *testing.T) {
	yes, no, cannot := Fact(true, "soup"), Fact(false, "cake"), Cannot("no tea")
	require.Equal(t, Verdict{Answer: Yes, Evidence: "soup"}, All(yes, yes), "said once")
	require.Equal(t, Verdict{Answer: CantTell, Evidence: "soup; no tea"}, All(yes, cannot))
	require.Equal(t, Verdict{Answer: No, Evidence: "cake; no tea; soup"}, All(no, cannot, yes))
	require.Equal(t, Verdict{Answer: No, Evidence: "no tea; cake"}, All(cannot, no))
	require.True(t, All(yes, Estimate{Median: 1, N: 9}.Above("tea", 2)).Timed, "if one of them is")
}

func TestNever(t *testing.T) {
	var s Samples
	s.Add("read, write", 0, 3, 0)
	s.Add("add", 0, 0, 0)
	require.Equal(t, Fact(false, "updates were lost in 1 of 3 rounds: 0 (0 to 3.00)"), s.Never("updates were lost", "read, write"))
	require.Equal(t, Cannot("updates were lost in none of 3 rounds, which proves nothing"), s.Never("updates were lost", "add"))
	require.Equal(t, Cannot("no python3"), Missing("no python3").Never("updates were lost", "add"))
	require.Equal(t, []int{2, 1, 0}, []int{s.Distinct("read, write"), s.Distinct("add"), s.Distinct("nothing")})
	nonzero, n := s.Count("read, write")
	require.Equal(t, []int{1, 3}, []int{nonzero, n})
}

func TestWith(t *testing.T) {
	var went, twin Samples
	went.Add("call", 1, 2)
	twin.Add("apply", 10, 10)
	require.Equal(t, 7.5, went.With(twin).Ratio("apply", "call").Median)
	require.Equal(t, "no python3", went.With(Missing("no python3")).Ratio("apply", "call").Missing)
	require.Equal(t, 1.5, went.Estimate("call").Median)
	require.Equal(t, "apply was not measured", went.Ratio("apply", "call").Missing, "nothing is added to the first")
}

func TestSamples(t *testing.T) {
	var s Samples
	s.Add("sequential", 1, 2, 4)
	s.Add("threads", 2, 2, 2)
	s.Add("processes", 1)
	require.Equal(t, Estimate{Median: 1, Low: 0.5, High: 2, N: 3}, s.Ratio("threads", "sequential"), "round by round")
	require.Equal(t, 2.0, s.Estimate("sequential").Median)
	require.Equal(t, "1 rounds of processes against 3 of sequential", s.Ratio("processes", "sequential").Missing)
	require.Equal(t, "goroutines was not measured", s.Ratio("goroutines", "sequential").Missing)
	require.Equal(t, "no python3", Missing("no python3").Ratio("threads", "sequential").String())
}

func TestInTurn(t *testing.T) {
	var order []string
	variant := func(name string) Variant {
		return Variant{Name: name, Run: func(context.Context) error {
			order = append(order, name)
			time.Sleep(time.Millisecond) // or, in virtual time, it takes none
			return nil
		}}
	}
	var rounds []int
	var s Samples
	require.NoError(t, virtual.Run(t.Context(), func(ctx context.Context) (err error) {
		s, err = InTurn(ctx, 3, func(n int) { rounds = append(rounds, n) }, variant("a"), variant("b"), variant("c"))
		return err
	}))
	require.Equal(t, "a b c c b a a b c", strings.Join(order, " "))
	require.Equal(t, []int{1, 2, 3}, rounds)
	require.Equal(t, 3, s.Ratio("b", "a").N)
	require.Equal(t, 3, s.Estimate("c/cpus").N)
}

func TestAfterIsNotTimed(t *testing.T) {
	require.NoError(t, virtual.Run(t.Context(), func(ctx context.Context) error {
		s, err := InTurn(ctx, 2, nil, Variant{
			Name:  "tea",
			Run:   func(context.Context) error { time.Sleep(time.Second); return nil },
			After: func() error { time.Sleep(time.Hour); return nil },
		})
		require.Equal(t, 1.0, s.Estimate("tea").Median)
		return err
	}))
	broken := errors.New("the cup broke")
	_, err := InTurn(t.Context(), 2, nil, Variant{
		Name: "tea", Run: func(context.Context) error { return nil }, After: func() error { return broken },
	})
	require.ErrorIs(t, err, broken)
}

func TestInTurnEnds(t *testing.T) {
	broken := errors.New("the kettle is empty")
	_, err := InTurn(t.Context(), 3, nil, Variant{Name: "tea", Run: func(context.Context) error { return broken }})
	require.ErrorIs(t, err, broken)
	require.EqualError(t, err, "running tea: the kettle is empty")

	ctx, cancel := context.WithCancel(t.Context())
	runs := 0
	_, err = InTurn(ctx, 3, nil, Variant{Name: "tea", Run: func(context.Context) error { runs++; cancel(); return nil }})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 1, runs)
}

func TestElsewhereCounts(t *testing.T) {
	spent := time.Duration(0)
	s, err := InTurn(t.Context(), 1, nil, Variant{
		Name:      "workers",
		Run:       func(context.Context) error { spent += time.Hour; return nil },
		Elsewhere: func() time.Duration { return spent },
	})
	require.NoError(t, err)
	require.Greater(t, s.Estimate("workers/cpus").Median, 100.0, "an hour of CPU in a moment")
}

func TestCalibration(t *testing.T) {
	for _, c := range []struct {
		c    Calibration
		want string
	}{
		{Calibration{Want: 2, Got: 1.95}, ""},
		{Calibration{Want: 2, Got: 1.3}, "only 1.30 of 2 CPUs were free"},
		{Calibration{Want: 8, Got: 7.1}, "only 7.10 of 8 CPUs were free"},
		{Calibration{Want: 1, Got: 1}, "parallelism needs two CPUs"},
	} {
		if c.want == "" {
			require.Empty(t, c.c.WhyNotParallel())
			continue
		}
		require.Contains(t, c.c.WhyNotParallel(), c.want)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.Positive(t, Calibrate(ctx).Want, "a cancelled calibration ends at once")
}

// A clock that moves in ticks shows no step between 0 and a tick.
func TestWallTimeIsFine(t *testing.T) {
	last, smallest := WallTime(), time.Hour
	for range 100 {
		now := WallTime()
		for now == last {
			now = WallTime()
		}
		require.Greater(t, now, last, "it never goes back")
		smallest, last = min(smallest, now-last), now
	}
	require.Less(t, smallest, 100*time.Microsecond)
}

func TestWallTimeIsVirtual(t *testing.T) {
	start := WallTime()
	require.NoError(t, virtual.Run(t.Context(), func(context.Context) error {
		start := WallTime()
		time.Sleep(time.Hour)
		require.Equal(t, time.Hour, WallTime()-start)
		return nil
	}))
	require.Less(t, WallTime()-start, time.Hour, "and real again")
}

func TestCPUTimeGrows(t *testing.T) {
	before := CPUTime()
	for CPUTime() == before { // the spinning itself is what is counted
	}
	require.Greater(t, CPUTime(), before)
}

func TestNumber(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0", 0.00012: "0.0001", 0.0123: "0.012", 0.5: "0.50", 1: "1.00", 9.999: "10.00", 12.34: "12.3",
		123.4: "123", 1234.5: "1,234", 1234567: "1,234,567", -0.5: "-0.50", -123456: "-123,456",
		math.Inf(1): "+Inf", math.Inf(-1): "-Inf",
	} {
		require.Equal(t, want, Number(x))
	}
}
