//go:build unix && !linux

package procpool

import "os"

// itself is empty: the program has to be started by its name.
const itself = ""

var lifeline *os.File

// holdOn keeps the lifeline open. That the pool has gone, a worker notices by its
// calls, which end.
func holdOn(pipe *os.File) error {
	lifeline = pipe
	return nil
}

// sharedFile returns a file without a name.
func sharedFile() (*os.File, error) {
	file, err := os.CreateTemp("", "procpool-")
	if err != nil {
		return nil, err
	}
	return file, os.Remove(file.Name())
}
