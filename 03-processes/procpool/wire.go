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
	cpu   time.Duration // that the worker has spent so far
}

type kind uint8

const (
	call     kind = iota + 1
	answered      // with the results
	failed        // the task returned an error, or panicked
	refused       // there is no result, and the worker is of no more use
)

// A wire carries messages and values over two streams. A frame is a header, the
// text, the values packed by gob, and, where the only value is a []byte, that
// value as it is.
type wire struct {
	in  *bufio.Reader
	out io.Writer

	// A gob stream describes each type once, so it goes on from frame to frame.
	encoder *gob.Encoder
	decoder *gob.Decoder
	frame   bytes.Buffer // going out, but for raw
	raw     []byte
	values  bytes.Buffer // that have come
}

// A header begins a frame, little endian.
type header struct {
	Mark              uint8 // no text begins with it: so what a program prints is found out
	Kind              kind
	Place             uint32
	CPU               time.Duration
	Text, Values, Raw uint32 // bytes
}

const (
	mark       = 0xFF
	headerSize = 26
	trusted    = 1 << 20 // bytes that there is room for before any have come
	small      = 1 << 16 // bytes of a value that goes out in one write with the rest
	piece      = 1 << 18 // bytes of a write of others: while one is read, the next is written
)

var maxSize = 1 << 30 // bytes of a part; a variable for the tests

func newWire(in io.Reader, out io.Writer) *wire {
	w := &wire{in: bufio.NewReader(in), out: out}
	w.encoder, w.decoder = gob.NewEncoder(&w.frame), gob.NewDecoder(&w.values)
	return w
}

// pack makes the frame that send will send. After an error the stream is broken.
func (w *wire) pack(m message, values any) (err error) {
	defer recoverTo(&err)
	w.frame.Reset()
	w.frame.Write(make([]byte, headerSize))
	w.frame.WriteString(m.text)
	w.raw = m.raw
	begin := w.frame.Len()
	if one, ok := values.([][]byte); ok && len(one) == 1 {
		w.raw = one[0]
	} else if values != nil {
		if err := w.encoder.Encode(values); err != nil {
			return err
		}
	}
	packed := w.frame.Len() - begin
	if size := max(packed, len(w.raw)); size > maxSize {
		return fmt.Errorf("%d bytes are more than a frame holds, %d: pass the name of a file", size, maxSize)
	}
	_, err = binary.Encode(w.frame.Bytes(), binary.LittleEndian, header{
		mark, m.kind, uint32(m.place), m.cpu, uint32(len(m.text)), uint32(packed), uint32(len(w.raw))})
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
	return err
}

// receive returns the next message, or io.EOF where the stream ends between
// two. Its values can be unpacked until the next one is received.
func (w *wire) receive() (m message, err error) {
	if first, err := w.in.Peek(1); err != nil {
		return m, err
	} else if first[0] != mark {
		printed, _ := w.in.Peek(min(w.in.Buffered(), 60))
		return m, fmt.Errorf("no frame begins with %q", printed)
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
	return message{h.Kind, text.String(), raw.Bytes(), int(h.Place), h.CPU}, err
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
	defer recoverTo(&err)
	if one, ok := any(&values).(*[][]byte); ok && w.values.Len() == 0 {
		*one = [][]byte{m.raw}
		return values, nil
	}
	err = w.decoder.Decode(&values)
	return values, err
}

// recoverTo makes a panic of a value's own GobEncode or GobDecode an error.
func recoverTo(err *error) {
	if v := recover(); v != nil {
		*err = fmt.Errorf("panic: %v", v)
	}
}
