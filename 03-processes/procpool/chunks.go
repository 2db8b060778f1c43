package procpool

import (
	"sync"
	"time"
)

// chunks hands out the values of a Map, in their order.
type chunks struct {
	lanes int
	mu    sync.Mutex
	next  int // the value that is next
	end   int // the one to stop at: that which failed, or the number of them
	err   error
}

func (c *chunks) take(size int) (i, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return 0, 0
	}
	share := 4 * c.lanes
	i, n = c.next, min(size, (c.end-c.next+share-1)/share)
	c.next += n
	return i, n
}

func (c *chunks) fail(i int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if i < c.end {
		c.end, c.err = i, err
	}
}

func resize(n int, took time.Duration) int {
	switch {
	case took < time.Millisecond/2:
		return 2 * n
	case took > 2*time.Millisecond:
		return max(1, n/2)
	}
	return n
}
