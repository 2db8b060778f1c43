package procpool

import (
	"io"
	"os"
)

// procs is how many CPUs a worker uses: one of them to wait for a call.
const procs = 2

// aside returns a standard stream and puts another in its place.
func aside(std, instead *os.File) (*os.File, error) {
	own := *std
	*std = *instead
	return &own, nil
}

func widen(io.Closer) {}
