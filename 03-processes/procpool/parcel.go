package procpool

import (
	"bytes"
	"encoding"
	"encoding/gob"
	"reflect"
	"unsafe"
)

// A parcel is what one frame carries: some values of a call, or some results.
type parcel struct {
	count  int
	values any    // a slice, for the wire to pack
	packed []byte // or values that are packed already
	raw    []byte // or a single []byte
}

// enough is how many bytes of values a frame is filled with. A value that is
// larger has one for itself.
const enough = 1 << 20

// A packer makes parcels of values of one type.
type packer[T any] struct {
	// Values of most types can always be encoded; they go through the stream of a
	// wire. Those that may turn out not to (pointers, interfaces, what encodes
	// itself) are packed one by one, before a worker is taken for them, so that
	// the one that cannot be is known, and costs nobody his worker.
	plain bool
	fixed int // bytes of each value, if that is the same for all
}

func newPacker[T any]() packer[T] {
	t := reflect.TypeFor[T]()
	return packer[T]{isPlain(t, nil), fixedSize(t)}
}

// pack makes a parcel of the first values, of as many as are enough. The error
// is that of the very first one.
func (p packer[T]) pack(values []T) (parcel, error) {
	if one, ok := any(values).([][]byte); ok && len(one) == 1 {
		return parcel{count: 1, raw: one[0]}, fits(len(one[0]))
	}
	if p.plain {
		n, err := p.first(values)
		return parcel{count: n, values: values[:n]}, err
	}
	var to bytes.Buffer
	encoder, n := gob.NewEncoder(&to), 0
	for n < len(values) && to.Len() < enough {
		before := to.Len()
		err := encode(encoder, values[n:n+1])
		if err == nil {
			err = fits(to.Len())
		}
		if err != nil && n == 0 {
			return parcel{}, err
		}
		if err != nil {
			to.Truncate(before) // the next parcel begins with it
			break
		}
		n++
	}
	return parcel{count: n, packed: to.Bytes()}, nil
}

// first tells how many values are enough.
func (p packer[T]) first(values []T) (n int, err error) {
	if p.fixed > 0 {
		return min(len(values), p.many()), nil
	}
	for size := 0; n < len(values); n++ {
		if size += p.size(&values[n]); n == 0 {
			err = fits(size)
		} else if size > enough {
			break
		}
	}
	return n, err
}

// many returns how many values are enough if all are as small as can be.
func (p packer[T]) many() int { return max(1, enough/max(1, int(unsafe.Sizeof(*new(T))))) }

// size returns about how many bytes a value has that is plain and not fixed, and
// 0 for one that is not plain.
func (p packer[T]) size(v *T) int {
	if !p.plain {
		return 0
	}
	switch v := any(v).(type) {
	case *[]byte:
		return len(*v)
	case *string:
		return len(*v)
	}
	return sizeOf(reflect.ValueOf(v).Elem())
}

func sizeOf(v reflect.Value) int {
	size := fixedSize(v.Type())
	if size > 0 {
		return size
	}
	switch v.Kind() {
	case reflect.String:
		size = v.Len()
	case reflect.Slice, reflect.Array:
		if each := fixedSize(v.Type().Elem()); each > 0 {
			return each * v.Len()
		}
		for i := range v.Len() {
			size += sizeOf(v.Index(i))
		}
	case reflect.Map:
		for k, v := range v.Seq2() {
			size += sizeOf(k) + sizeOf(v)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			size += sizeOf(v.Field(i))
		}
	}
	return size + 1
}

// fixedSize returns how many bytes a value of the type has, or 0 if that
// depends on the value.
func fixedSize(t reflect.Type) int {
	switch t.Kind() {
	case reflect.Array:
		return t.Len() * fixedSize(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if fixedSize(t.Field(i).Type) == 0 {
				return 0
			}
		}
	case reflect.String, reflect.Slice, reflect.Map, reflect.Pointer, reflect.Interface, reflect.Func, reflect.Chan:
		return 0
	}
	return int(t.Size())
}

var marshalers = []reflect.Type{
	reflect.TypeFor[gob.GobEncoder](), reflect.TypeFor[encoding.BinaryMarshaler](), reflect.TypeFor[encoding.TextMarshaler](),
}

// isPlain tells whether gob can encode each value of the type. Inside are the
// types that t is a part of.
func isPlain(t reflect.Type, inside []reflect.Type) bool {
	for _, m := range marshalers {
		if t.Implements(m) || reflect.PointerTo(t).Implements(m) {
			return false
		}
	}
	for _, outer := range inside {
		if t == outer {
			return false
		}
	}
	inside = append(inside, t)
	switch t.Kind() {
	case reflect.Pointer, reflect.Interface, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return false
	case reflect.Slice, reflect.Array:
		return isPlain(t.Elem(), inside)
	case reflect.Map:
		return isPlain(t.Key(), inside) && isPlain(t.Elem(), inside)
	case reflect.Struct:
		fields := 0
		for i := range t.NumField() {
			f := t.Field(i)
			if f.IsExported() {
				fields++
			}
			if !f.IsExported() && !f.Anonymous {
				continue
			}
			if !isPlain(f.Type, inside) {
				return false
			}
		}
		return fields > 0
	}
	return true
}
