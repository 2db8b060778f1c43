// It copies a lock, as go vet finds.
package main

import "sync"

type till struct {
	mu sync.Mutex
}

func (t till) open() { t.mu.Lock() }

func main() { till{}.open() }
