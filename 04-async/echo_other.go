//go:build !linux

package main

import (
	"errors"
	"net"
	"time"
)

// pin does nothing here: a program can't be kept on one CPU everywhere.
func pin(string) {}

func bareEpoll(func(net.Addr) error) error { return errors.New("there is no epoll here") }

// blockingEcho is for Linux: elsewhere nothing is measured with it.
func blockingEcho(guest *net.TCPConn) { guest.Close() }

func userTime() time.Duration { return 0 }
