package procpool

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"fmt"
	"io"
	"time"
)

// A frame is a message between a pool and a worker.
type frame struct {
	kind  byte
	count int           // of values in the body; of a failure, the place of its value
	cpu   time.Duration // of the worker so far
	text  string        // the name of a task, or what went wrong
	body  []byte        // values, or the stack of a panic
}

// Kinds of frames.
const (
	hello   = iota + 1 // a worker is there
	call               // run the task on these values
	answer             // its results
	failed             // it failed on one of the values
	refused            // there is no answer
)

// A header begins a frame, little endian; its text and its body follow.
type header struct {
	Mark  byte // no text begins with it: so what a program prints is found out
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
	trusted    = 1 << 20 // bytes that there is room for before any have come
	joined     = 1 << 16 // bytes of a body that goes out in one write with its header
)

var maxSize uint32 = 1 << 30 // bytes of a text, or of a body; a variable for the tests

// A wire carries frames, and values in them. One goroutine may write while
// another reads.
type wire struct {
	r   *bufio.Reader
	w   io.Writer
	out []byte // the frame being written, without a long body

	// gob's streams go on from frame to frame, so that a type is described once.
	enc     *gob.Encoder
	encoded bytes.Buffer
	dec     *gob.Decoder
	encodes bytes.Reader
}

func newWire(r io.Reader, w io.Writer) *wire {
	c := &wire{r: bufio.NewReader(r), w: w}
	c.enc, c.dec = gob.NewEncoder(&c.encoded), gob.NewDecoder(&c.encodes)
	return c
}

func (c *wire) write(f frame) error {
	c.out, _ = binary.Append(c.out[:0], binary.LittleEndian, header{
		mark, f.kind, [2]byte{}, uint32(f.count), int64(f.cpu), uint32(len(f.text)), uint32(len(f.body))})
	c.out = append(c.out, f.text...)
	if len(f.body) <= joined {
		c.out, f.body = append(c.out, f.body...), nil
	}
	_, err := c.w.Write(c.out)
	if err == nil && f.body != nil {
		_, err = c.w.Write(f.body)
	}
	return err
}

// read returns the next frame, or io.EOF where the stream ends between two.
func (c *wire) read() (f frame, err error) {
	if b, err := c.r.Peek(1); err != nil {
		return f, err
	} else if b[0] != mark {
		b, _ = c.r.Peek(min(c.r.Buffered(), 60))
		return f, fmt.Errorf("no frame begins with %q", b)
	}
	b, err := c.readBytes(headerSize)
	if err != nil {
		return f, err
	}
	var h header
	binary.Decode(b, binary.LittleEndian, &h)
	if h.Kind < hello || h.Kind > refused || max(h.Text, h.Body) > maxSize {
		return f, fmt.Errorf("no frame has the header %+v", h)
	}
	text, err := c.readBytes(h.Text)
	if err != nil {
		return f, err
	}
	body, err := c.readBytes(h.Body)
	return frame{h.Kind, int(h.Count), time.Duration(h.CPU), string(text), body}, err
}

// readBytes makes room as bytes come, not for all that a header promises.
func (c *wire) readBytes(size uint32) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(int(min(size, trusted)) + bytes.MinRead)
	_, err := io.CopyN(&b, c.r, int64(size))
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return b.Bytes(), err
}

// encode returns bytes that are valid until it is called again. One []byte is
// its own encoding. After an error the stream of gob is broken.
func encode[T any](c *wire, values []T) (body []byte, err error) {
	if b, ok := any(values).([][]byte); ok && len(b) == 1 {
		body = b[0]
	} else if _, empty := any(values).([]struct{}); !empty {
		c.encoded.Reset()
		err = c.enc.Encode(values)
		body = c.encoded.Bytes()
	}
	if len(body) > int(maxSize) {
		err = fmt.Errorf("%d bytes are more than a frame holds, %d: pass the name of a file", len(body), maxSize)
	}
	return body, err
}

// decode returns the values that a frame carries. They are the caller's.
func decode[T any](c *wire, f frame) (values []T, err error) {
	switch v := any(&values).(type) {
	case *[]struct{}:
		*v = make([]struct{}, f.count)
		return values, nil
	case *[][]byte:
		if f.count == 1 {
			*v = [][]byte{f.body}
			return values, nil
		}
	}
	c.encodes.Reset(f.body)
	if err = c.dec.Decode(&values); err == nil && len(values) != f.count {
		err = fmt.Errorf("%d values came for %d", len(values), f.count)
	}
	return values, err
}
