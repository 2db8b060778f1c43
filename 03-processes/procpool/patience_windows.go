package procpool

import (
	"io"
	"os"
	"runtime"
)

func patient(pipe *os.File) (io.Reader, error) { return pipe, nil }

// standardInput returns standard input. The goroutine that waits for it holds a
// CPU: the task gets another.
func standardInput() (io.Reader, error) {
	runtime.GOMAXPROCS(2)
	return os.Stdin, nil
}

func widen(*os.File) {}
