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

	building sync.RWMutex // held for reading by who builds, so that Close can wait
	mu       sync.Mutex   // guards what follows
	temp     string       // where the programs are, or "" so far
	closed   bool
	places   map[order]*place
}

// An order is what can be asked for.
type order struct {
	mode   Mode
	folder string
}

// A place on the shelf is for one program.
type place struct {
	turn    chan struct{} // holds the turn of who looks for the program, or builds it
	program *Program      // nil until it has been built
}

var errClosed = errors.New("the shelf of programs is closed")

// NewShelf returns a shelf for the programs in folders of the files.
func NewShelf(files fs.FS) *Shelf {
	return &Shelf{files: files, places: make(map[order]*place)}
}

// Get returns the program in a folder of the files, which it builds unless the
// shelf has it. Its errors are those of [Build]; after one, the next Get tries
// again. The program is removed by Close.
func (s *Shelf) Get(ctx context.Context, mode Mode, folder string) (*Program, error) {
	s.building.RLock()
	defer s.building.RUnlock()
	p, temp, err := s.place(order{mode, folder})
	if err != nil {
		return nil, err
	}
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	if p.program == nil {
		p.program, err = buildIn(ctx, temp, mode, s.files, folder)
	}
	return p.program, err
}

// place returns the place for an order, and the folder that programs are built
// in.
func (s *Shelf) place(o order) (*place, string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, "", errClosed
	}
	if s.temp == "" {
		temp, err := makeFolder("", "programs-")
		if err != nil {
			return nil, "", err
		}
		s.temp = temp
	}
	p := s.places[o]
	if p == nil {
		p = &place{turn: make(chan struct{}, 1)}
		s.places[o] = p
	}
	return p, s.temp, nil
}

// Close removes all programs of the shelf, and waits for a build to end before
// that. Nothing can be had from the shelf afterwards.
func (s *Shelf) Close() {
	s.building.Lock()
	defer s.building.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	os.RemoveAll(s.temp) // of "", nothing
}
