package procpool

import (
	"io"
	"os"
	"os/exec"
	"runtime"
)

// connect makes pipes the standard input and output of a process, and returns
// their other ends.
func connect(process *exec.Cmd) (io.ReadWriteCloser, error) {
	theirIn, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	out, theirOut, err := os.Pipe()
	if err != nil {
		theirIn.Close()
		in.Close()
		return nil, err
	}
	process.Stdin, process.Stdout = theirIn, theirOut
	return pipes{out, in}, nil
}

type pipes struct {
	io.Reader
	io.WriteCloser
}

// standard returns standard input and output. The goroutine that waits for a
// call holds a CPU: the task gets another.
func standard() (io.ReadWriter, error) {
	runtime.GOMAXPROCS(2)
	return struct {
		io.Reader
		io.Writer
	}{os.Stdin, os.Stdout}, nil
}
