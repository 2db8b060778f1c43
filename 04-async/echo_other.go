//go:build !linux

package main

import "errors"

// pin does nothing here: a program cannot be kept on one CPU everywhere.
func pin(string) {}

func bareEpoll() error { return errors.New("there is no epoll here") }

func residentMemory() int { return 0 }
