// Package workload holds the two jobs that every chapter measures: one that
// computes and one that waits.
package workload

import "math/big"

// Power computes 7777 to the power of 200,000, the CPU-bound job of the article
// behind the notes, and returns how many bits the result has. In CPython it is
// one long call into C; in Go it takes math/big about 20 ms.
func Power() int {
	return new(big.Int).Exp(big.NewInt(7777), big.NewInt(200_000), nil).BitLen()
}

// CountPrimes counts the primes from low up to, but without, high, by trial
// division: a CPU-bound job that can be cut into pieces of any size.
func CountPrimes(low, high int) int {
	found := 0
	for n := max(low, 2); n < high; n++ {
		if isPrime(n) {
			found++
		}
	}
	return found
}

func isPrime(n int) bool {
	for d := 2; d*d <= n; d++ {
		if n%d == 0 {
			return false
		}
	}
	return true
}
