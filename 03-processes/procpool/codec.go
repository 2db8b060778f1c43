package procpool

import (
	"bytes"
	"encoding/gob"
	"fmt"
)

// A codec turns values into bytes and back. Each end of a wire has one: as its
// gob streams go on from frame to frame, a type is described but once.
type codec struct {
	enc *gob.Encoder
	out bytes.Buffer
	dec *gob.Decoder
	in  bytes.Reader
}

func newCodec() *codec {
	c := new(codec)
	c.enc, c.dec = gob.NewEncoder(&c.out), gob.NewDecoder(&c.in)
	return c
}

// encode returns bytes that are valid until it is called again. A single
// []byte is its own encoding. After an error the stream cannot go on.
func encode[T any](c *codec, values []T) ([]byte, error) {
	if b, ok := any(values).([][]byte); ok && len(b) == 1 {
		return b[0], nil
	}
	c.out.Reset()
	err := c.enc.Encode(values)
	return c.out.Bytes(), err
}

func decode[T any](c *codec, body []byte, count int) (values []T, err error) {
	if b, ok := any(&values).(*[][]byte); ok && count == 1 {
		*b = [][]byte{body}
		return values, nil
	}
	c.in.Reset(body)
	err = c.dec.Decode(&values)
	if err == nil && len(values) != count {
		err = fmt.Errorf("%d values came where there should be %d", len(values), count)
	}
	return values, err
}
