//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

const (
	shell  = "sh"
	script = "-c"
	anHour = "sleep 3600 & sleep 3600" // of a child, and of its own
)

// leadGroup makes the program lead a group of processes. Its children
// will belong to it, and theirs.
func leadGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

func killGroup(cmd *exec.Cmd) error {
	return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
}
