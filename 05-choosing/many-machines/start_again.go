package main

import (
	"context"
	"fmt"
	"io"
	"time"
)

func startAgain(ctx context.Context, w io.Writer) error {
	q, err := openQueue(ctx, 30*time.Second)
	if err != nil {
		return err
	}
	defer q.close()
	if err := q.putOrders(ctx, 0, 10); err != nil {
		return err
	}
	for range 4 {
		task, err := q.tasks.Next()
		if err != nil {
			return err
		}
		if err := task.DoubleAck(ctx); err != nil {
			return err
		}
	}
	fmt.Fprintln(w, "10 orders came, and 4 are done")

	if err := q.servers.stopAll(); err != nil {
		return err
	}
	if err := q.comeBack(ctx); err != nil {
		return err
	}
	fmt.Fprintln(w, "stopped and started:", q.waiting(ctx), "orders are left")

	// part: kill
	if err := q.servers.kill("server-1"); err != nil {
		return err
	}
	// The server starts on the files that it had, and we connect again.
	if err := q.comeBack(ctx); err != nil {
		return err
	}
	fmt.Fprintln(w, "killed and started: ", q.waiting(ctx), "orders are left")
	// part: end
	return nil
}

// comeBack starts the server again, and connects to it.
func (q *queue) comeBack(ctx context.Context) (err error) {
	if err := q.servers.startAll(ctx); err != nil {
		return err
	}
	q.client.close()
	q.client, err = q.servers.connect()
	return err
}
