package procpool

import "testing"

func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		pool, err := New(1)
		if err == nil {
			_, err = double.Call(background, pool, 1)
		}
		if err != nil {
			b.Fatal(err)
		}
		pool.Close()
	}
}

func BenchmarkCall(b *testing.B) {
	pool := newPool(b, 1)
	for b.Loop() {
		if _, err := double.Call(background, pool, 1); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCallMiB(b *testing.B) {
	pool := newPool(b, 1)
	mib := make([]byte, 1<<20)
	b.SetBytes(1 << 20)
	for b.Loop() {
		if _, err := echo.Call(background, pool, mib); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMap100000(b *testing.B) {
	pool := newPool(b, 2)
	ins := make([]int, 100_000)
	for b.Loop() {
		if _, err := double.Map(background, pool, ins); err != nil {
			b.Fatal(err)
		}
	}
}
