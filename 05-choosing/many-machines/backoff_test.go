package main

import (
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
)

// What the page says of BackOff: its first entry replaces the lease, and it
// doesn't delay a task that a worker gives back.
func TestBackOffIsALease(t *testing.T) {
	q, err := openQueueFor(t.Context(), jetstream.ConsumerConfig{
		AckWait: 30 * time.Second, BackOff: []time.Duration{time.Hour, 2 * time.Hour}, MaxDeliver: 5,
	})
	require.NoError(t, err)
	defer q.close()
	info, err := q.tasks.Info(t.Context())
	require.NoError(t, err)
	require.Equal(t, time.Hour, info.Config.AckWait)

	require.NoError(t, q.putOrders(t.Context(), 0, 1))
	for n := range uint64(5) {
		task, err := q.tasks.Next() // waits for less than an hour
		require.NoError(t, err)
		about, err := task.Metadata()
		require.NoError(t, err)
		require.Equal(t, n+1, about.NumDelivered)
		require.NoError(t, task.Nak())
	}
}
