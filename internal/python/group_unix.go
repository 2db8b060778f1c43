//go:build unix

package python

import (
	"os"
	"os/exec"
	"syscall"
)

// ownGroup makes the command lead a process group, to which its children will
// belong.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

// killGroup kills what there is left of the group that p leads, or led: while
// a group has members its number is given to no other.
func killGroup(p *os.Process) {
	_ = syscall.Kill(-p.Pid, syscall.SIGKILL) // fails if there is nobody left
}
