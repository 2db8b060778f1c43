package python

import (
	"os"
	"os/exec"
)

// ownGroup does nothing: Windows has no groups that could be killed.
func ownGroup(*exec.Cmd) {}

// killGroup kills p alone.
func killGroup(p *os.Process) {
	_ = p.Kill() // fails if it has ended
}
