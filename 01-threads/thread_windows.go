package main

import "golang.org/x/sys/windows"

// threadID returns the system's number of the OS thread that runs it.
func threadID() int { return int(windows.GetCurrentThreadId()) }
