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
)

// An Estimate is a median and the interval around it.
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
	sorted := slices.Sorted(slices.Values(samples))
	median := sorted[n/2]
	if n%2 == 0 {
		median = (sorted[n/2-1] + sorted[n/2]) / 2
	}
	k := rank(n)
	return Estimate{Median: median, Low: sorted[k-1], High: sorted[n-k], N: n}
}

// rank returns the largest k for which the k-th smallest to the k-th largest
// of n samples cover the median in at least 95 % of all cases, and 1 where
// none does. Each sample lies below the median with probability 1/2, so fewer
// than k of them do with the tail of the binomial distribution.
func rank(n int) int {
	k, tail, term := 0, 0.0, 1.0
	for range n {
		term /= 2 // the probability that no sample lies below
	}
	for k < n/2 && 2*(tail+term) <= 0.05 {
		tail += term
		k++
		term *= float64(n-k+1) / float64(k)
	}
	return max(k, 1)
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
	s := fmt.Sprintf("%.*f", decimals, x)
	if decimals > 0 {
		return s
	}
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
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

// Over returns the ratio of two estimates that were not made in the same rounds.
// Its interval reaches as far as the two together allow.
func (e Estimate) Over(base Estimate) Estimate {
	switch {
	case e.N == 0:
		return e
	case base.N == 0:
		return base
	}
	return Estimate{Median: e.Median / base.Median, Low: e.Low / base.High, High: e.High / base.Low, N: min(e.N, base.N)}
}

// Times returns the estimate in another unit: every value times the factor.
func (e Estimate) Times(factor float64) Estimate {
	e.Median, e.Low, e.High = e.Median*factor, e.Low*factor, e.High*factor
	return e
}
