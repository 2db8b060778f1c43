package procpool

import (
	"os"
	"sync"
	"sync/atomic"
	"unsafe"
)

// A tie holds a pool and a worker together, beside their pipes. By it the worker
// ends with the pool, and what tasks have started ends with the worker. And it
// has a tally: how many tasks the worker has begun, in memory that both see, so
// that it is known also of a worker that is dead.
type tie struct {
	system systemTie

	mu    sync.Mutex
	tally []byte // of tallySize; nil once the worker has ended
	begun uint64 // then
}

const tallySize = 8

// begins returns how many tasks the worker has begun.
func (t *tie) begins() uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.tally != nil {
		t.begun = atomic.LoadUint64(counter(t.tally))
	}
	return t.begun
}

// close gives back what the tie has, once the worker has ended.
func (t *tie) close() {
	t.begins()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.tally != nil {
		unmap(t.tally)
		t.tally = nil
	}
	t.system.close()
}

func counter(tally []byte) *uint64 { return (*uint64)(unsafe.Pointer(&tally[0])) }

// An inheritance is what a worker has from its pool.
type inheritance struct {
	calls, answers *os.File
	begun          *uint64 // tasks
}
