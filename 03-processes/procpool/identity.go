package procpool

import (
	"fmt"
	"os"
)

// thisProgram returns the path of a file that is this program, and identity
// tells this program from another one that may be there later. Where the system
// has a name for the file that runs, whatever became of it, there cannot be
// another one.
var thisProgram, identity = func() (func() (string, error), string) {
	if _, err := os.Stat(itself); err == nil {
		return func() (string, error) { return itself, nil }, ""
	}
	return os.Executable, identify()
}()

// identify tells a program's file, as it is now, from one that takes its place.
func identify() string {
	path, err := os.Executable()
	if err != nil {
		return err.Error()
	}
	info, err := os.Stat(path)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%d bytes, of %v", info.Size(), info.ModTime())
}
