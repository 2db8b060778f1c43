package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestChoose(t *testing.T) {
	for _, c := range []struct {
		name         string
		job          job
		python, inGo model
	}{
		{"computing", job{cpu: time.Second, connections: 4}, processes, goroutines},
		{"computing as much as waiting", job{cpu: time.Second, wait: time.Second, connections: 4}, processes, goroutines},
		{"waiting on few", job{cpu: 1, wait: time.Second, connections: 100}, threads, goroutines},
		{"waiting on many", job{cpu: 1, wait: time.Second, connections: 101}, async, goroutines},
		{"alone", job{cpu: time.Second, connections: 1}, sequential, sequential},
		{"nothing to do", job{}, sequential, sequential},
		{"alone, but it may crash", job{cpu: time.Second, connections: 1, mayCrash: true}, processes, processes},
		{"many, and they may crash", job{wait: time.Second, connections: 5000, mayCrash: true}, processes, processes},
	} {
		python, inGo := choose(c.job)
		require.Equal(t, c.python, python, c.name)
		require.Equal(t, c.inGo, inGo, c.name)
	}
}
