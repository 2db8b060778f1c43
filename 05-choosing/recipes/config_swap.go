package main

import (
	"context"
	"fmt"
	"io"
	"sync/atomic"
)

// Settings are never changed, only replaced.
type settings struct{ host, password string }

var current atomic.Pointer[settings]

func useSettings(connected func()) string {
	now := current.Load() // once: this request keeps to it
	host := now.host
	connected()
	return host + " with the " + now.password
}

func configSwap(_ context.Context, w io.Writer) error {
	current.Store(&settings{"old-db", "old secret"})
	hasHost, isReplaced := make(chan bool), make(chan bool)
	slow := make(chan string)
	go func() {
		slow <- useSettings(func() {
			close(hasHost)
			<-isReplaced
		})
	}()
	<-hasHost
	current.Store(&settings{"new-db", "new secret"}) // in one step
	close(isReplaced)
	fmt.Fprintln(w, "under way:", <-slow)
	fmt.Fprintln(w, "the next:", useSettings(func() {}))
	return nil
}
