package main

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/virtual"
)

// A Signal reaches one of those who wait with a context, also if it wakes one
// whose context ends at the same moment; the other is told why it has waited in
// vain.
func TestSignalGetsThrough(t *testing.T) {
	for _, after := range []time.Duration{30 * time.Second, time.Minute} {
		var told [2]error
		err := virtual.Run(t.Context(), func(ctx context.Context) error {
			cond := sync.NewCond(new(sync.Mutex))
			dishes := 0
			ctx, cancel := context.WithTimeoutCause(ctx, time.Minute, errCold)
			defer cancel()
			var guests sync.WaitGroup
			for i := range told {
				guests.Go(func() {
					cond.L.Lock()
					defer cond.L.Unlock()
					if told[i] = waitOnCond(ctx, cond, func() bool { return dishes > 0 }); told[i] == nil {
						dishes--
					}
				})
			}
			time.Sleep(after)
			cond.L.Lock()
			dishes++
			cond.Signal()
			cond.L.Unlock()
			guests.Wait()
			return nil
		})
		require.NoError(t, err)
		if after < time.Minute || told[0] == nil || told[1] == nil {
			require.ElementsMatch(t, []error{nil, errCold}, told[:], "after %v", after)
		} else { // both had left before the dish came
			require.Equal(t, [2]error{errCold, errCold}, told)
		}
	}
}

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
