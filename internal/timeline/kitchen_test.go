package timeline

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/virtual"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// cook records two cooks in virtual time, who cook soup and cake on so many
// stoves. A soup of the second one boils over.
func cook(t testing.TB, stoves int) []Lane {
	var lanes []Lane
	require.NoError(t, virtual.Run(t.Context(), func(context.Context) error {
		rec := Start()
		stove := make(chan struct{}, stoves)
		cook := func(name, dish string, takes time.Duration) {
			stove <- struct{}{}
			defer func() { <-stove }()
			defer rec.Span(name, dish)()
			time.Sleep(takes)
		}
		var kitchen sync.WaitGroup
		kitchen.Go(func() {
			cook("cook 1", "soup", 3*time.Second)
			cook("cook 1", "cake", 4*time.Second)
			time.Sleep(time.Second) // tastes
			cook("cook 1", "soup", 3*time.Second)
		})
		kitchen.Go(func() {
			time.Sleep(time.Second) // is late, and so the second one at the stove
			cook("cook 2", "soup", 2*time.Second)
			cook("cook 2", "soup", 2500*time.Millisecond)
			rec.Add("cook 2", "boiled over", time.Now(), time.Now())
			time.Sleep(500 * time.Millisecond) // wipes it up
			cook("cook 2", "cake", 4*time.Second)
		})
		kitchen.Wait()
		lanes = rec.Timeline()
		return nil
	}))
	return lanes
}

func kitchen(t testing.TB) Chart {
	return Chart{
		Title: "The kitchen, with one stove and with two",
		Panels: []Panel{
			{Title: "one stove", Lanes: cook(t, 1)},
			{Title: "two stoves", Lanes: cook(t, 2)},
		},
	}
}

func TestGolden(t *testing.T) {
	chart := kitchen(t)
	for name, got := range map[string]string{
		"kitchen-40.txt":          chart.Text(40, false),
		"kitchen-80.txt":          chart.Text(80, false),
		"kitchen-80-coloured.txt": chart.Text(80, true),
		"kitchen-light.svg":       string(chart.SVG(false)),
		"kitchen-dark.svg":        string(chart.SVG(true)),
		"bars-light.svg":          string(computing.SVG(false)),
		"bars-dark.svg":           string(computing.SVG(true)),
		"bars-above-light.svg":    string(starting.SVG(false)),
		"bars-above-dark.svg":     string(starting.SVG(true)),
		"heat-light.svg":          string(choosing.SVG(false)),
		"heat-dark.svg":           string(choosing.SVG(true)),
	} {
		file := filepath.Join("testdata", name)
		if *update {
			require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
		}
		want, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, string(want), got, "%s; where the change is wanted: go test ./internal/timeline -run Golden -update", file)
	}
}
