package main

import (
	"os/exec"
	"strconv"
)

const (
	shell  = "cmd"
	script = "/c"
	anHour = "start /b ping -n 3600 127.0.0.1 >nul & ping -n 3600 127.0.0.1 >nul"
)

func leadGroup(*exec.Cmd) {}

// killGroup kills the program and, with taskkill, its children.
func killGroup(cmd *exec.Cmd) error {
	return exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(cmd.Process.Pid)).Run()
}
