//go:build !linux && !windows

package main

// threadID returns 0: here a Go program can ask for its thread's number only
// through C.
func threadID() int { return 0 }
