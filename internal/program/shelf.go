package program

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"sync"
)

// A Shelf builds each program once, when it is first asked for, and keeps it
// until the shelf is closed. It may be used from several goroutines.
type Shelf struct {
	files fs.FS

	mu     sync.Mutex // held while a program is built, too: one after another
	temp   string     // where the programs are, or "" so far
	closed bool
	built  map[order]*Program
}

// An order is what can be asked for.
type order struct {
	mode   Mode
	folder string
}

// NewShelf returns a shelf for the programs in folders of the files.
func NewShelf(files fs.FS) *Shelf {
	return &Shelf{files: files, built: make(map[order]*Program)}
}

// Get returns the program in a folder of the files, which it builds unless the
// shelf has it. Its errors are those of [Build]; after one, the next Get tries
// again. The program is removed by Close.
func (s *Shelf) Get(ctx context.Context, mode Mode, folder string) (p *Program, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, errors.New("the shelf of programs is closed")
	}
	if p := s.built[order{mode, folder}]; p != nil {
		return p, nil
	}
	if s.temp == "" {
		if s.temp, err = makeFolder("", "programs-"); err != nil {
			return nil, err
		}
	}
	if p, err = buildIn(ctx, s.temp, mode, s.files, folder); err == nil {
		s.built[order{mode, folder}] = p
	}
	return p, err
}

// Close removes all programs of the shelf, and waits for a build to end before
// that. Nothing can be had from the shelf afterwards.
func (s *Shelf) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	os.RemoveAll(s.temp) // of "", nothing
}
