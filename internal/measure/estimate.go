// Package measure compares ways of doing the same work, on a machine that it
// does not have to itself.
//
// Variants run in turn, so that a slow moment hits them all; what is reported
// is the median of their ratios, with an interval around it; and a verdict
// stands only if the whole interval lies on one side of the line.
package measure

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// An Estimate is a median and the interval around it. Its numbers are finite:
// what would not be, as a ratio to 0, is missing, and says why.
type Estimate struct {
	Median float64 `json:"median"`
	Low    float64 `json:"low"`  // the interval covers the true median in at least 95 of 100 cases,
	High   float64 `json:"high"` // where there are at least 6 samples; with fewer it is their range
	N      int     `json:"n"`    // how many samples there were; 0 means that there is no estimate

	Missing string `json:"missing,omitempty"` // why N is 0
}

// EstimateOf returns the median of the samples and its sign-test interval: the
// k-th smallest to the k-th largest, where k is as large as 95 % allow. Of nine
// samples these are the second and the eighth, which cover 96 %.
func EstimateOf(samples []float64) Estimate {
	n := len(samples)
	if n == 0 {
		return Estimate{Missing: "nothing was measured"}
	}
	if bad := infinite(samples); bad > 0 {
		return missing("%d of %d samples are no finite numbers, so there is no estimate", bad, n)
	}
	sorted := slices.Sorted(slices.Values(samples))
	median := sorted[n/2]
	if n%2 == 0 {
		median = sorted[n/2-1]/2 + sorted[n/2]/2 // as their sum may be too large
	}
	k, _ := rank(n)
	return Estimate{Median: median, Low: sorted[k-1], High: sorted[n-k], N: n}
}

func missing(format string, args ...any) Estimate {
	return Estimate{Missing: fmt.Sprintf(format, args...)}
}

// infinite returns how many of the numbers are infinite, or no numbers at all.
func infinite(numbers []float64) int {
	n := 0
	for _, x := range numbers {
		if !finite(x) {
			n++
		}
	}
	return n
}

func finite(x float64) bool { return !math.IsInf(x, 0) && !math.IsNaN(x) }

// rank returns the largest k for which the k-th smallest to the k-th largest
// of n samples cover the median in at least 95 % of all cases, and 1 where
// none does; and in how many cases these two miss it. Each sample lies below
// the median with probability 1/2, so fewer than k of them do with the tail of
// the binomial distribution.
func rank(n int) (k int, misses float64) {
	// By logarithms: of some 1,000 samples, that none lies below is too rare
	// for a float64.
	tail, term := 0.0, -float64(n)*math.Ln2
	for k < n/2 && 2*(tail+math.Exp(term)) <= 0.05 {
		tail += math.Exp(term)
		k++
		term += math.Log(float64(n-k+1) / float64(k))
	}
	if k == 0 {
		return 1, 1
	}
	return k, 2 * tail
}

// Coverage returns in how many of all cases, from 0 to 1, an interval like this
// one covers the true median: 0.961 for 9 rounds, as the binomial distribution
// tells, whatever the samples are like. It is 0 for fewer than 6, whose range is
// no such interval.
//
// That is so if the rounds are independent, and it is said of the rounds that
// were made: on this machine, in these minutes. It covers no other machine, and
// no other minutes.
func (e Estimate) Coverage() float64 {
	_, misses := rank(e.N)
	return 1 - misses
}

// String formats the estimate as 0.52 (0.51 to 0.53).
func (e Estimate) String() string {
	if e.N == 0 {
		return e.Missing
	}
	if e.Low == e.High {
		return Number(e.Median)
	}
	return fmt.Sprintf("%s (%s to %s)", Number(e.Median), Number(e.Low), Number(e.High))
}

// Number formats x with at least three significant digits and at most four
// decimals, thousands apart: 0.052, 0.52, 5.20, 52.0, 520, 52,000.
func Number(x float64) string {
	decimals := 0
	switch size := max(x, -x); {
	case !finite(x):
		return fmt.Sprint(x)
	case size == 0 || size >= 100:
	case size >= 10:
		decimals = 1
	case size >= 0.1:
		decimals = 2
	case size >= 0.01:
		decimals = 3
	default:
		decimals = 4
	}
	return grouped(fmt.Sprintf("%.*f", decimals, x))
}

// grouped sets the thousands of a decimal number apart.
func grouped(s string) string {
	whole, _, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Format formats a value in the way of the estimate: a count, which is a whole
// number that was counted once, without decimals, and all else as Number does.
func (e Estimate) Format(x float64) string {
	if e.N == 1 && e.Median == math.Trunc(e.Median) && x == math.Trunc(x) && x < 100 {
		return strconv.Itoa(int(x))
	}
	return Number(x)
}

// Over returns the ratio of two estimates that were not made in the same rounds,
// to be judged. Its interval reaches as far as the two together allow, so it may
// miss where either of them does: Coverage doesn't tell. To a base whose interval
// reaches 0 there is no ratio.
func (e Estimate) Over(base Estimate) Estimate {
	switch {
	case e.N == 0:
		return e
	case base.N == 0:
		return base
	case base.Low <= 0 && base.High >= 0:
		return missing("what it is divided by is 0, or may be: %v; so there is no ratio to it", base)
	}
	ratio := Estimate{Median: e.Median / base.Median, Low: e.Low / base.High, High: e.High / base.Low, N: min(e.N, base.N)}
	return ratio.or("the ratio of %v to %v is no finite number", e, base)
}

// or returns the estimate if its numbers are finite, and else a missing one that
// says why.
func (e Estimate) or(format string, args ...any) Estimate {
	if infinite([]float64{e.Median, e.Low, e.High}) > 0 {
		return missing(format, args...)
	}
	return e
}

// Times returns the estimate in another unit: every value times the factor.
func (e Estimate) Times(factor float64) Estimate {
	if e.N == 0 {
		return e
	}
	was := e
	e.Median, e.Low, e.High = e.Median*factor, e.Low*factor, e.High*factor
	return e.or("%v times %v is no finite number", was, factor)
}
