package main

import (
	"os"
	"os/exec"
)

// peakMemory is 0 here, which stands for not known.
func peakMemory() int { return 0 }

func onTerminal() bool { return true }

func ownGroup(*exec.Cmd) {}

func signalAll(cmd *exec.Cmd, s os.Signal) error { return cmd.Process.Signal(s) }

func peakMemoryOf(*os.ProcessState) (int, bool) { return 0, false }
