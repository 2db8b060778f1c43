package procpool

import (
	"bytes"
	"encoding/binary"
	"io"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// parcelOf packs values as a call does.
func parcelOf[T any](t testing.TB, values ...T) parcel {
	p, err := newPacker[T]().pack(values)
	require.NoError(t, err)
	require.Equal(t, len(values), p.count)
	return p
}

func unpackAll[T any](w *wire, m message) (values []T, err error) {
	err = unpack(w, m, func() {}, func(some []T) bool { values = append(values, some...); return true })
	return values, err
}

// frame returns a frame as a wire sends it first.
func frame(t testing.TB, m message, values parcel) []byte {
	var b bytes.Buffer
	require.NoError(t, send(&b, m, values))
	return b.Bytes()
}

func send(to io.Writer, m message, values parcel) error {
	w := newWire(nil, to)
	if err := w.pack(m, values); err != nil {
		return err
	}
	return w.send()
}

// lie returns the header of a frame that promises parts of these sizes.
func lie(packed, raw int) []byte {
	b, _ := binary.Append(nil, binary.LittleEndian, header{Mark: mark, Kind: answered, Values: uint32(packed), Raw: uint32(raw)})
	return b
}

func TestFramesThere(t *testing.T) {
	var b bytes.Buffer
	w := newWire(&b, &b)
	sent := message{kind: failed, text: "no", raw: []byte("main"), place: 7, cpu: 3 * time.Second}
	require.NoError(t, w.pack(sent, parcelOf(t, 1, 2, 3)))
	require.NoError(t, w.send())
	large := bytes.Repeat([]byte("x"), 2*piece+1)
	require.NoError(t, w.pack(message{kind: answered}, parcelOf(t, large)))
	require.NoError(t, w.send())

	got, err := w.receive()
	require.NoError(t, err)
	numbers, err := unpackAll[int](w, got)
	require.NoError(t, err)
	require.Equal(t, []int{1, 2, 3}, numbers)
	sent.count, sent.fresh = 3, true
	require.Equal(t, sent, got)

	got, err = w.receive()
	require.NoError(t, err)
	texts, err := unpackAll[[]byte](w, got)
	require.NoError(t, err)
	require.Equal(t, [][]byte{large}, texts)

	_, err = w.receive()
	require.ErrorIs(t, err, io.EOF)
}

func TestHeaderSize(t *testing.T) {
	require.Equal(t, headerSize, binary.Size(header{}))
}

func TestSmallFrameIsOneWrite(t *testing.T) {
	var writes writeCounter
	w := newWire(nil, &writes)
	require.NoError(t, w.pack(message{kind: call, text: "primes"}, parcelOf(t, make([]byte, small))))
	require.NoError(t, w.send())
	require.EqualValues(t, 1, writes)
}

type writeCounter int

func (c *writeCounter) Write(b []byte) (int, error) { *c++; return len(b), nil }

func TestFrameCutShort(t *testing.T) {
	whole := frame(t, message{kind: call, text: "primes"}, parcelOf(t, []byte("raw")))
	for n := 1; n < len(whole); n++ {
		_, err := newWire(bytes.NewReader(whole[:n]), nil).receive()
		require.ErrorIs(t, err, io.ErrUnexpectedEOF, "%d of %d bytes", n, len(whole))
	}
}

func TestLyingHeaderCostsLittle(t *testing.T) {
	for _, b := range [][]byte{lie(maxSize, 0), append(lie(0, maxSize), make([]byte, 100)...)} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := newWire(bytes.NewReader(b), nil).receive()
		runtime.ReadMemStats(&after)
		require.Error(t, err)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(4*trusted))
	}
	_, err := newWire(bytes.NewReader(lie(maxSize+1, 0)), nil).receive()
	require.ErrorContains(t, err, "no frame has the header ")
}

// FuzzFrame reads frames from anything: it must neither panic nor hang nor
// take much memory, and it must end with an error.
func FuzzFrame(f *testing.F) {
	good := frame(f, message{kind: failed, text: "fill", raw: []byte("goroutine 1 [running]:")}, parcelOf(f, order{"kettle", 3}))
	raw := frame(f, message{kind: call, text: "echo"}, parcelOf(f, []byte("kettle")))
	f.Add(good)
	f.Add(raw)
	f.Add(append(good, raw...)) // it describes its types again: no stream does
	f.Add(lie(maxSize, maxSize))
	f.Add(lie(maxSize+1, 0))
	f.Add([]byte("Hello, world!"))
	f.Fuzz(func(t *testing.T, in []byte) {
		for _, values := range []func(*wire, message){
			func(w *wire, m message) { unpackAll[int](w, m) },
			func(w *wire, m message) { unpackAll[order](w, m) },
			func(w *wire, m message) { unpackAll[[]byte](w, m) },
		} {
			w := newWire(bytes.NewReader(in), nil)
			frames, err := 0, error(nil)
			for ; err == nil; frames++ {
				var m message
				if m, err = w.receive(); err == nil {
					values(w, m)
				}
			}
			require.LessOrEqual(t, frames-1, len(in)/headerSize)
		}
	})
}
