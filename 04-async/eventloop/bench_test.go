package eventloop

import (
	"iter"
	"testing"
)

func run(b *testing.B, main func(co *Coroutine)) {
	if err := Run(b.Context(), func(co *Coroutine) error { main(co); return nil }); err != nil {
		b.Fatal(err)
	}
}

// A switch between two coroutines, and what it is made of.
func BenchmarkSwitch(b *testing.B) {
	b.Run("iter.Pull", func(b *testing.B) {
		next, stop := iter.Pull(func(yield func(struct{}) bool) {
			for yield(struct{}{}) {
			}
		})
		defer stop()
		for b.Loop() {
			next()
		}
	})
	b.Run("loop", func(b *testing.B) {
		run(b, func(co *Coroutine) {
			Go(co, func(co *Coroutine) (int, error) {
				for Sleep(co, 0) == nil {
				}
				return 0, nil
			})
			for b.Loop() { // each round is two switches
				Sleep(co, 0)
			}
		})
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(2*b.N), "ns/switch")
	})
}

func BenchmarkCreateAndAwait(b *testing.B) {
	b.ReportAllocs()
	run(b, func(co *Coroutine) {
		for b.Loop() {
			Await(co, Go(co, func(*Coroutine) (int, error) { return 1, nil }))
		}
	})
}
