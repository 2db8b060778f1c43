package main

import (
	"os/exec"
	"strconv"
)

func leadGroup(*exec.Cmd) {}

// killGroup kills the program and, with taskkill, its children.
func killGroup(cmd *exec.Cmd) error {
	return exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(cmd.Process.Pid)).Run()
}
