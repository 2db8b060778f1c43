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

// lie returns the header of a frame that promises a body of that size.
func lie(size uint32) []byte {
	b, _ := binary.Append(nil, binary.LittleEndian, header{Mark: mark, Kind: answer, Count: 1, Body: size})
	return b
}

func TestFrameThere(t *testing.T) {
	var b bytes.Buffer
	w := newWire(&b, &b)
	sent := frame{answer, 7, 3 * time.Second, "primes", bytes.Repeat([]byte("x"), joined+1)}
	require.NoError(t, w.write(sent))
	require.NoError(t, w.write(frame{kind: hello}))
	got, err := w.read()
	require.NoError(t, err)
	require.Equal(t, sent, got)
	got, err = w.read()
	require.NoError(t, err)
	require.Equal(t, byte(hello), got.kind)
	_, err = w.read()
	require.ErrorIs(t, err, io.EOF)
}

func TestHeaderSize(t *testing.T) {
	require.Equal(t, headerSize, binary.Size(header{}))
}

func TestSmallFrameIsOneWrite(t *testing.T) {
	var writes writeCounter
	require.NoError(t, newWire(nil, &writes).write(frame{kind: call, text: "primes", body: make([]byte, joined)}))
	require.EqualValues(t, 1, writes)
}

type writeCounter int

func (c *writeCounter) Write(b []byte) (int, error) { *c++; return len(b), nil }

func TestFrameCutShort(t *testing.T) {
	var whole bytes.Buffer
	require.NoError(t, newWire(nil, &whole).write(frame{kind: call, text: "primes", body: []byte("body")}))
	for n := 1; n < whole.Len(); n++ {
		_, err := newWire(bytes.NewReader(whole.Bytes()[:n]), nil).read()
		require.ErrorIs(t, err, io.ErrUnexpectedEOF, "%d of %d bytes", n, whole.Len())
	}
}

func TestLyingLengthCostsLittle(t *testing.T) {
	b := append(lie(maxSize), make([]byte, 100)...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := newWire(bytes.NewReader(b), nil).read()
	runtime.ReadMemStats(&after)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(4*trusted))
}

// FuzzFrame reads frames from anything: it must neither panic nor hang nor
// take much memory, and what it takes for a frame must be one.
func FuzzFrame(f *testing.F) {
	var good bytes.Buffer
	newWire(nil, &good).write(frame{failed, 3, time.Second, "primes", []byte("goroutine 1 [running]:")})
	f.Add(good.Bytes())
	f.Add(append(good.Bytes(), good.Bytes()...))
	f.Add(lie(maxSize))
	f.Add(lie(maxSize + 1))
	f.Add([]byte("Hello, world!"))
	f.Fuzz(func(t *testing.T, in []byte) {
		r := bytes.NewReader(in)
		w := newWire(r, nil)
		var again bytes.Buffer
		for {
			f, err := w.read()
			if err != nil {
				if err == io.EOF {
					require.Len(t, again.Bytes(), len(in))
				}
				return
			}
			w.w = &again
			require.NoError(t, w.write(f))
			decode[int](w, f)
			decode[order](w, f)
			decode[[]byte](w, f)
			decode[struct{}](w, f)
		}
	})
}
