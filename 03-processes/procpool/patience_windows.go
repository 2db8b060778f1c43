package procpool

import (
	"io"
	"os"
)

// patient returns the pipe as it is.
func patient(pipe *os.File) (io.ReadCloser, error) { return pipe, nil }

func widen(*os.File) {}
