//go:build !linux

package main

import (
	"errors"
	"time"
)

// pin does nothing here: a program cannot be kept on one CPU everywhere.
func pin(string) {}

func bareEpoll() error { return errors.New("there is no epoll here") }

func userTime() time.Duration { return 0 }
