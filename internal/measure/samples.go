package measure

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Samples are what was measured, by name, one value a round. The zero value
// holds nothing.
type Samples struct {
	values  map[string][]float64
	missing string
}

// Missing returns samples that are not there, for the reason given: every
// estimate made of them says so, and decides nothing.
func Missing(why string) Samples { return Samples{missing: why} }

// Add appends values to those of a name. If one of them is infinite, or no
// number, the estimates made of that name are missing, and say so.
func (s *Samples) Add(name string, values ...float64) {
	if s.values == nil {
		s.values = make(map[string][]float64)
	}
	s.values[name] = append(s.values[name], values...)
}

// With returns the samples together with others, taken in the same rounds of
// the same section: what Go took beside what the twin did. Where the others are
// missing, so are the ratios to them.
func (s Samples) With(others Samples) Samples {
	all := Samples{values: maps.Clone(s.values), missing: cmp.Or(s.missing, others.missing)}
	for name, values := range others.values {
		all.Add(name, values...)
	}
	return all
}

// Estimate returns the median of a name's samples and its interval.
func (s Samples) Estimate(name string) Estimate {
	if why := s.whyNot(name); why != "" {
		return Estimate{Missing: why}
	}
	return EstimateOf(s.values[name])
}

// Truth is the sample of whether something was so: 1, or 0.
func Truth(so bool) float64 {
	if so {
		return 1
	}
	return 0
}

// Count returns how many of a name's samples are not 0, and how many there are:
// none where one is infinite, or no number.
func (s Samples) Count(name string) (nonzero, n int) {
	if infinite(s.values[name]) > 0 {
		return 0, 0
	}
	for _, value := range s.values[name] {
		if value != 0 {
			nonzero++
		}
	}
	return nonzero, len(s.values[name])
}

// Distinct returns how many different values a name's samples have.
func (s Samples) Distinct(name string) int {
	return len(slices.Compact(slices.Sorted(slices.Values(s.values[name]))))
}

// Never returns the verdict on a claim that something never happens, where the
// samples of the name say how often it did in each round. Once is enough
// against it; not to have seen it proves nothing.
func (s Samples) Never(subject, name string) Verdict {
	happened, n := s.Count(name)
	switch {
	case n == 0:
		return Cannot("%s", s.whyNot(name))
	case happened > 0:
		return Fact(false, "%s in %d of %d rounds: %v", subject, happened, n, s.Estimate(name))
	}
	return Cannot("%s in none of %d rounds, which proves nothing", subject, n)
}

// Ratio divides the samples of a name, round by round, by those of the base,
// and returns the median of these ratios and its interval. A base that was 0 in
// any round is none: the ratio is missing.
func (s Samples) Ratio(name, base string) Estimate {
	for _, n := range []string{name, base} {
		if why := s.whyNot(n); why != "" {
			return Estimate{Missing: why}
		}
	}
	if a, b := len(s.values[name]), len(s.values[base]); a != b {
		return Estimate{Missing: fmt.Sprintf("%d rounds of %s against %d of %s", a, name, b, base)}
	}
	if nonzero, n := s.Count(base); nonzero < n {
		return missing("%s was 0 in %d of %d rounds, so there is no ratio to it", base, n-nonzero, n)
	}
	var ratios []float64
	for i, base := range s.values[base] {
		ratios = append(ratios, s.values[name][i]/base)
	}
	if bad := infinite(ratios); bad > 0 { // too large for a number
		return missing("%s / %s is no finite number in %d of %d rounds, so there is no ratio", name, base, bad, len(ratios))
	}
	return EstimateOf(ratios)
}

func (s Samples) whyNot(name string) string {
	if s.missing != "" {
		return s.missing
	}
	if len(s.values[name]) == 0 {
		return fmt.Sprintf("%s was not measured", name)
	}
	if bad := infinite(s.values[name]); bad > 0 {
		return fmt.Sprintf("%s was no finite number in %d of %d rounds, so there is no estimate", name, bad, len(s.values[name]))
	}
	return ""
}

// A Variant is one of several ways to do the same work.
type Variant struct {
	Name string
	Run  func(context.Context) error

	// Elsewhere, where it is set, tells the CPU time spent so far outside
	// this process, by the worker processes that Run uses.
	Elsewhere func() time.Duration

	// After, where it is set, is called after each run, and not timed.
	After func() error
}

// InTurn runs the variants one after another, rounds times, every other round
// in reverse (A B, B A, A B, ...). For each variant it returns the seconds a
// run took under the variant's name, and the CPUs it kept busy meanwhile (CPU
// time divided by wall time) under its name and "/cpus". The function done,
// unless nil, is called after each round with the number of rounds done. The
// first error ends it, as does the end of the context.
func InTurn(ctx context.Context, rounds int, done func(int), variants ...Variant) (Samples, error) {
	var s Samples
	order := slices.Clone(variants)
	for round := range rounds {
		for _, v := range order {
			if err := ctx.Err(); err != nil {
				return s, err
			}
			if err := s.run(ctx, v); err != nil {
				return s, fmt.Errorf("running %s: %w", v.Name, err)
			}
		}
		slices.Reverse(order)
		if done != nil {
			done(round + 1)
		}
	}
	return s, nil
}

func (s *Samples) run(ctx context.Context, v Variant) error {
	used := func() time.Duration {
		if v.Elsewhere == nil {
			return CPUTime()
		}
		return CPUTime() + v.Elsewhere()
	}
	cpu, start := used(), WallTime()
	if err := v.Run(ctx); err != nil {
		return err
	}
	wall := WallTime() - start
	s.Add(v.Name, wall.Seconds())
	s.Add(v.Name+"/cpus", (used()-cpu).Seconds()/max(wall, time.Microsecond).Seconds())
	if v.After != nil {
		return v.After()
	}
	return nil
}
