package procpool

import (
	"bytes"
	"fmt"
	"io"
	"sync"
)

// A voice is what a worker writes to its standard error: line by line it goes to
// the pool's, with the worker's name in front, and the last of it is kept.
type voice struct {
	pool *Pool
	name string
	line []byte // that has not ended yet

	mu   sync.Mutex
	tail []byte
}

const (
	longLine = 1 << 16
	lastSaid = 1 << 12
)

func (p *Pool) voice(pid int) *voice {
	return &voice{pool: p, name: fmt.Sprintf("worker %d: ", pid)}
}

// speak passes on what comes from the pipe until it ends.
func (v *voice) speak(pipe io.Reader) {
	io.Copy(v, pipe)
	if len(v.line) > 0 {
		v.Write([]byte("\n"))
	}
}

func (v *voice) Write(b []byte) (int, error) {
	v.mu.Lock()
	v.tail = append(v.tail, b...)
	v.tail = v.tail[max(0, len(v.tail)-lastSaid):]
	v.mu.Unlock()

	v.line = append(v.line, b...)
	whole := bytes.LastIndexByte(v.line, '\n') + 1
	if whole == 0 && len(v.line) > longLine {
		v.line = append(v.line, '\n')
		whole = len(v.line)
	}
	var named []byte
	for line := range bytes.Lines(v.line[:whole]) {
		named = append(append(named, v.name...), line...)
	}
	v.line = append(v.line[:0], v.line[whole:]...)
	if len(named) > 0 {
		v.pool.print.Lock()
		defer v.pool.print.Unlock()
		v.pool.config.Stderr.Write(named) // an error must not stop the worker
	}
	return len(b), nil
}

// last returns the last of what the worker has said.
func (v *voice) last() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return string(v.tail)
}
