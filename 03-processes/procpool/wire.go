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

// A message is what a pool and a worker tell each other, beside values. A call
// has only the name of its task; the rest belongs to answers.
type message struct {
	Task    string
	Failed  bool          // the task returned an error, or panicked
	Refused bool          // there is no answer, and the worker is of no more use
	Error   string        // why
	Stack   string        // of a panic
	Place   int           // of the value that the task failed on, in its call
	CPU     time.Duration // that the worker has spent so far

	raw []byte // a value that travels as it is
}

// A wire carries messages and values over two streams. A frame is a header, a
// message and its values packed by gob, and, where the only value is a []byte,
// that value as it is.
type wire struct {
	in  *bufio.Reader
	out io.Writer

	// A gob stream describes each type once, so it goes on from frame to frame.
	encoder *gob.Encoder
	decoder *gob.Decoder
	packed  bytes.Buffer // going out, with room for a header
	raw     []byte       // going out
	arrived bytes.Buffer
}

// A header begins a frame, little endian.
type header struct {
	Mark        uint8  // no text begins with it: so what a program prints is found out
	Packed, Raw uint32 // bytes
}

const (
	mark       = 0xFF
	headerSize = 9
	trusted    = 1 << 20 // bytes that there is room for before any have come
	small      = 1 << 16 // bytes of a value that goes out in one write with the rest
	piece      = 1 << 18 // bytes of a write of others: while one is read, the next is written
)

var maxSize = 1 << 30 // bytes of either part; a variable for the tests

func newWire(in io.Reader, out io.Writer) *wire {
	w := &wire{in: bufio.NewReader(in), out: out}
	w.encoder, w.decoder = gob.NewEncoder(&w.packed), gob.NewDecoder(&w.arrived)
	return w
}

// pack makes the frame that send will send. After an error the stream is broken.
func (w *wire) pack(m message, values any) error {
	w.packed.Reset()
	w.packed.Write(make([]byte, headerSize))
	w.raw = nil
	err := w.encoder.Encode(m)
	if one, ok := values.([][]byte); ok && len(one) == 1 {
		w.raw = one[0]
	} else if values != nil && err == nil {
		err = w.encoder.Encode(values)
	}
	if size := max(w.packed.Len()-headerSize, len(w.raw)); err == nil && size > maxSize {
		err = fmt.Errorf("%d bytes are more than a frame holds, %d: pass the name of a file", size, maxSize)
	}
	return err
}

func (w *wire) send() error {
	frame, raw := w.packed.Bytes(), w.raw
	binary.Encode(frame, binary.LittleEndian, header{mark, uint32(len(frame) - headerSize), uint32(len(raw))})
	if len(raw) <= small { // a small frame is one write
		frame, raw = append(frame, raw...), nil
	}
	_, err := w.out.Write(frame)
	for part := range slices.Chunk(raw, piece) {
		if err == nil {
			_, err = w.out.Write(part)
		}
	}
	return err
}

// receive returns the next message, or io.EOF where the stream ends between
// two. Its values can be unpacked until the next one is received.
func (w *wire) receive() (m message, err error) {
	var b [headerSize]byte
	if _, err := io.ReadFull(w.in, b[:]); err != nil {
		return m, err
	}
	var h header
	binary.Decode(b[:], binary.LittleEndian, &h)
	if h.Mark != mark || int64(max(h.Packed, h.Raw)) > int64(maxSize) {
		return m, fmt.Errorf("no frame begins with %q", b)
	}
	w.arrived.Reset()
	if err := w.read(&w.arrived, h.Packed); err != nil {
		return m, err
	}
	if err := w.decoder.Decode(&m); err != nil {
		return m, fmt.Errorf("no message is in the frame: %w", err)
	}
	var own bytes.Buffer // for the receiver to keep
	err = w.read(&own, h.Raw)
	m.raw = own.Bytes()
	return m, err
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

// unpack returns the values that came with the message. They are the caller's.
func unpack[T any](w *wire, m message) (values []T, err error) {
	if one, ok := any(&values).(*[][]byte); ok && w.arrived.Len() == 0 {
		*one = [][]byte{m.raw}
		return values, nil
	}
	return values, w.decoder.Decode(&values)
}
