package procpool

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"
)

// A frame is one message between a pool and a worker.
type frame struct {
	kind  byte
	count int           // how many values the body holds, or the place of the one that failed
	cpu   time.Duration // the CPU time of the worker so far
	text  string        // the name of a task, or what went wrong
	body  []byte        // values, or the stack of a panic
}

const (
	hello   = iota + 1 // a worker is there
	call               // the pool wants a task run on each of these values
	answer             // the results
	failed             // the task failed on one of the values
	refused            // the call cannot be answered
)

// header is what a frame begins with, little endian. Its text and its body follow.
type header struct {
	Mark  byte // what no text begins with: so a print gone astray is found out
	Kind  byte
	_     [2]byte
	Count uint32
	CPU   int64  // ns
	Text  uint32 // bytes
	Body  uint32 // bytes
}

const (
	mark       = 0xFF
	headerSize = 24
	maxSize    = 1 << 30 // bytes that a text or a body may have
	trusted    = 1 << 20 // bytes that there is room for before any have come
	joined = 0 // bytes of a body that go out in one write with the header
)

// A wire carries frames both ways; one goroutine may write while another reads.
type wire struct {
	r   *bufio.Reader
	w   io.Writer
	out []byte
}

func (w *wire) write(f frame) error {
	if size := max(len(f.text), len(f.body)); size > maxSize {
		return fmt.Errorf("%d bytes are more than a frame holds, %d: pass the name of a file instead", size, maxSize)
	}
	h := header{mark, f.kind, [2]byte{}, uint32(f.count), int64(f.cpu), uint32(len(f.text)), uint32(len(f.body))}
	w.out, _ = binary.Append(w.out[:0], binary.LittleEndian, h)
	w.out = append(w.out, f.text...)
	n := min(len(f.body), joined)
	w.out = append(w.out, f.body[:n]...)
	_, err := w.w.Write(w.out)
	if err == nil && n < len(f.body) {
		_, err = w.w.Write(f.body[n:])
	}
	return err
}

// read returns the next frame; at the end of the stream, io.EOF.
func (w *wire) read() (frame, error) {
	if b, err := w.r.Peek(1); err != nil {
		return frame{}, err
	} else if b[0] != mark {
		b, _ = w.r.Peek(min(w.r.Buffered(), 60))
		return frame{}, fmt.Errorf("this is no frame: %q", b)
	}
	var h header
	b, err := w.readBytes(headerSize)
	if err != nil {
		return frame{}, err
	}
	binary.Decode(b, binary.LittleEndian, &h)
	if h.Kind < hello || h.Kind > refused || max(h.Text, h.Body) > maxSize {
		return frame{}, fmt.Errorf("this is no frame: %+v", h)
	}
	text, err := w.readBytes(h.Text)
	if err != nil {
		return frame{}, err
	}
	body, err := w.readBytes(h.Body)
	return frame{h.Kind, int(h.Count), time.Duration(h.CPU), string(text), body}, err
}

// readBytes makes room for twice the bytes that have come, not for all that a
// length promises.
func (w *wire) readBytes(size uint32) ([]byte, error) {
	b := make([]byte, min(size, trusted))
	for n := 0; ; {
		m, err := io.ReadFull(w.r, b[n:])
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		if n += m; n == int(size) || err != nil {
			return b[:n], err
		}
		b = append(b, make([]byte, min(int(size)-n, n))...)
	}
}
