package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/measure"
)

func TestWorst(t *testing.T) {
	of := func(samples ...float64) measure.Estimate { return measure.EstimateOf(samples) }
	small, large, unsure := of(1), of(2), of(1, 1, 9, 9, 9)
	require.Equal(t, measure.Verdict{Answer: measure.Yes, Evidence: "a = 1.00, below the line at 1.50", Timed: true}, worst([]part{atMost("a", small, 1.5)}))
	require.Equal(t, measure.Verdict{Answer: measure.No, Evidence: "the worst of 3: b = 2.00, above the line at 1.50", Timed: true},
		worst([]part{atMost("a", small, 1.5), atMost("b", large, 1.5), atMost("c", unsure, 1.5)}))
	require.Equal(t, measure.Verdict{Answer: measure.Yes, Evidence: "the worst of 2: a = 1.00, above the line at 0.50", Timed: true},
		worst([]part{atLeast("a", small, 0.5), atLeast("b", large, 0.5)}))
	require.Equal(t, measure.Verdict{Answer: measure.CantTell, Evidence: "no Python", Timed: true},
		worst([]part{atLeast("a", measure.Estimate{Missing: "no Python"}, 5), atLeast("b", large, 0.5)}))
}
