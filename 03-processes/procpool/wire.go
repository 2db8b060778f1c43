package procpool

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"fmt"
	"io"
	"slices"
	"time"
)

// A message is what a pool and a worker tell each other, beside values.
type message struct {
	kind  kind
	text  string        // of a call: its task; else what went wrong
	raw   []byte        // a value that travels as it is; the stack of a panic
	place int           // of the value that a task failed on, in its call
	count int           // of the values
	fresh bool          // the values begin a new gob stream
	eager bool          // of a call: results are to be sent soon
	cpu   time.Duration // that the worker has spent so far
}

type kind uint8

const (
	call     kind = iota + 1
	partly        // with the first results; others follow
	answered      // with the last results
	failed        // the task returned an error, or panicked
	refused       // there is no result, for another reason
)

// A wire carries messages and values over two streams. A frame is a header, the
// text, the values packed by gob, and, where the only value is a []byte, that
// value as it is.
type wire struct {
	in  *bufio.Reader
	out io.Writer

	// A gob stream describes each type once, so it goes on from frame to frame.
	// It ends with a frame that was large, since it keeps the memory of that.
	encoder *gob.Encoder
	decoder *gob.Decoder
	frame   bytes.Buffer // going out, but for raw
	raw     []byte
	values  bytes.Buffer // that have come
}

// A header begins a frame, little endian.
type header struct {
	Mark              uint8 // that this is a header
	Kind              kind
	Fresh, Eager      bool
	Place, Count      uint32
	CPU               time.Duration
	Text, Values, Raw uint32 // bytes
}

const (
	mark       = 0xFF
	headerSize = 32
	trusted    = 1 << 20 // bytes that there is room for before any have come
	kept       = 1 << 18 // bytes of memory that a wire keeps from one frame to the next
	small      = 1 << 16 // bytes of a value that goes out in one write with the rest
	piece      = 1 << 18 // bytes of a write of others: while one is read, the next is written
)

var maxSize = 1 << 30 // bytes of a part; a variable for the tests

func newWire(in io.Reader, out io.Writer) *wire { return &wire{in: bufio.NewReader(in), out: out} }

// pack makes the frame that send will send.
func (w *wire) pack(m message, p parcel) (err error) {
	w.frame.Reset()
	w.frame.Write(make([]byte, headerSize))
	w.frame.WriteString(m.text)
	w.raw = m.raw
	if p.raw != nil {
		w.raw = p.raw
	}
	begin := w.frame.Len()
	switch {
	case p.packed != nil:
		w.frame.Write(p.packed)
		m.fresh, w.encoder = true, nil
	case p.values != nil:
		if m.fresh = w.encoder == nil; m.fresh {
			w.encoder = gob.NewEncoder(&w.frame)
		}
		err = encode(w.encoder, p.values)
	}
	packed := w.frame.Len() - begin
	if err == nil {
		err = fits(max(packed, len(w.raw)))
	}
	if err != nil || packed > kept {
		w.encoder = nil
	}
	if err != nil {
		return err
	}
	_, err = binary.Encode(w.frame.Bytes(), binary.LittleEndian, header{
		mark, m.kind, m.fresh, m.eager, uint32(m.place), uint32(p.count), m.cpu, uint32(len(m.text)), uint32(packed), uint32(len(w.raw))})
	return err
}

func (w *wire) send() error {
	frame, raw := w.frame.Bytes(), w.raw
	if len(raw) <= small { // one write is enough
		frame, raw = append(frame, raw...), nil
	}
	_, err := w.out.Write(frame)
	for part := range slices.Chunk(raw, piece) {
		if err == nil {
			_, err = w.out.Write(part)
		}
	}
	w.raw = nil
	release(&w.frame)
	return err
}

// receive returns the next message, or io.EOF where the stream ends between
// two. Its values can be unpacked until the next one is received.
func (w *wire) receive() (m message, err error) {
	if first, err := w.in.Peek(1); err != nil {
		return m, err
	} else if first[0] != mark {
		strange, _ := w.in.Peek(min(w.in.Buffered(), 60))
		return m, fmt.Errorf("no frame begins with %q", strange)
	}
	var h header
	if err := binary.Read(w.in, binary.LittleEndian, &h); err != nil {
		return m, err
	}
	if h.Kind < call || h.Kind > refused || int64(max(h.Text, h.Values, h.Raw)) > int64(maxSize) {
		return m, fmt.Errorf("no frame has the header %+v", h)
	}
	var text, raw bytes.Buffer // the receiver keeps them
	w.values.Reset()
	for _, part := range []struct {
		to   *bytes.Buffer
		size uint32
	}{{&text, h.Text}, {&w.values, h.Values}, {&raw, h.Raw}} {
		if err == nil {
			err = w.read(part.to, part.size)
		}
	}
	return message{h.Kind, text.String(), raw.Bytes(), int(h.Place), int(h.Count), h.Fresh, h.Eager, h.CPU}, err
}

// read makes room as bytes come, not for all that a header promises.
func (w *wire) read(to *bytes.Buffer, size uint32) error {
	to.Grow(int(min(size, trusted)) + bytes.MinRead)
	_, err := io.CopyN(to, w.in, int64(size))
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return err
}

// unpack gives the values that came with the message to use, as many at a time
// as were packed together, until that returns false. They are the caller's. It
// calls next before it decodes some, which may be the end of this process.
func unpack[T any](w *wire, m message, next func(), use func([]T) bool) error {
	defer func() {
		if w.values.Cap() > kept {
			w.decoder = nil
		}
		release(&w.values)
	}()
	if use, ok := any(use).(func([][]byte) bool); ok && m.count == 1 && w.values.Len() == 0 {
		next()
		use([][]byte{m.raw})
		return nil
	}
	if m.fresh || w.decoder == nil {
		w.decoder = gob.NewDecoder(&w.values)
	}
	for seen := 0; seen < m.count; {
		next()
		var some []T
		if err := decode(w.decoder, &some); err != nil {
			return err
		}
		if seen += len(some); len(some) == 0 || seen > m.count {
			return fmt.Errorf("%d values came where %d were announced", seen, m.count)
		}
		if !use(some) {
			return nil
		}
	}
	return nil
}

// release gives the memory of a buffer back if it is much.
func release(b *bytes.Buffer) {
	if b.Cap() > kept {
		*b = bytes.Buffer{}
	}
}

func fits(size int) error {
	if size > maxSize {
		return fmt.Errorf("%d bytes are more than a frame holds, %d: pass the name of a file", size, maxSize)
	}
	return nil
}

func encode(e *gob.Encoder, values any) (err error) {
	defer recoverTo(&err)
	return e.Encode(values)
}

func decode(d *gob.Decoder, values any) (err error) {
	defer recoverTo(&err)
	return d.Decode(values)
}

// recoverTo makes a panic of a value's own GobEncode or GobDecode an error.
func recoverTo(err *error) {
	if v := recover(); v != nil {
		*err = fmt.Errorf("panic: %v", v)
	}
}
