package main

import "golang.org/x/sys/unix"

// threadID returns the system's number of the OS thread that runs it.
func threadID() int { return unix.Gettid() }
