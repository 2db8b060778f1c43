package workload

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestPower(t *testing.T) {
	require.Equal(t, int(200_000*math.Log2(7777))+1, Power())
}

func TestCountPrimes(t *testing.T) {
	for _, c := range []struct{ low, high, want int }{
		{0, 0, 0}, {-5, 2, 0}, {0, 3, 1}, {0, 100, 25}, {0, 10_000, 1229}, {100, 10_000, 1204}, {9, 11, 0}, {7, 8, 1}, {8, 7, 0},
	} {
		require.Equal(t, c.want, CountPrimes(c.low, c.high), "from %d to %d", c.low, c.high)
	}
}

func TestSiteAnswersManyAtOnce(t *testing.T) {
	site, err := Serve(time.Millisecond)
	require.NoError(t, err)
	require.Zero(t, site.Asked())
	require.NoError(t, site.FetchAll(t.Context(), 50, 2))
	require.Equal(t, 100, site.Asked())
	require.NoError(t, site.Close())
	require.Error(t, site.Fetch(t.Context()), "a closed site answers nobody")
}

func TestSiteThatAnswersTogether(t *testing.T) {
	site, err := ServeTogether(3)
	require.NoError(t, err)
	for range 2 {
		require.NoError(t, site.FetchAll(t.Context(), 3, 1))
	}
	answered := make(chan error)
	for range 2 {
		go func() { answered <- site.Fetch(t.Context()) }()
	}
	require.NoError(t, site.Close())
	for range 2 {
		require.Error(t, <-answered, "two are not three")
	}
}

func TestFetchEndsWithItsContext(t *testing.T) {
	site, err := Serve(time.Hour)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, site.Fetch(ctx), context.Canceled)
	require.NoError(t, site.Close())
}

func TestCloseEndsThoseWhoWait(t *testing.T) {
	site, err := Serve(time.Hour)
	require.NoError(t, err)
	failed := make(chan error)
	go func() { failed <- site.Fetch(t.Context()) }()
	require.NoError(t, site.Close())
	require.Error(t, <-failed)
}
