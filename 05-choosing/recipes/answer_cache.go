package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
)

type pending struct {
	done  chan struct{} // closed when the rest is there
	value string
	err   error
}

// answers asks once for all callers that want the same, and keeps the
// latest answers: as many as there is room for.
type answers struct {
	ask  func(ctx context.Context, key string) (string, error)
	room int

	lock sync.Mutex
	kept map[string]*pending
	keys []string // the oldest first
}

func (a *answers) get(ctx context.Context, key string) (string, error) {
	a.lock.Lock()
	p := a.kept[key]
	if p == nil {
		p = &pending{done: make(chan struct{})}
		a.keep(key, p)
		// If one stops waiting, the others still get the answer.
		go a.fill(context.WithoutCancel(ctx), key, p)
	}
	a.lock.Unlock()
	select {
	case <-p.done:
		return p.value, p.err
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

// keep puts it in the place of the oldest, if there's no room.
func (a *answers) keep(key string, p *pending) {
	if a.kept == nil {
		a.kept = make(map[string]*pending)
	}
	if len(a.keys) >= a.room {
		delete(a.kept, a.keys[0])
		a.keys = a.keys[1:]
	}
	a.kept[key], a.keys = p, append(a.keys, key)
}

func (a *answers) fill(ctx context.Context, key string, p *pending) {
	p.value, p.err = a.ask(ctx, key)
	close(p.done)
	a.lock.Lock()
	defer a.lock.Unlock()
	if p.err != nil && a.kept[key] == p { // don't keep a failure
		delete(a.kept, key)
		at := slices.Index(a.keys, key)
		a.keys = slices.Delete(a.keys, at, at+1)
	}
}

func answerCache(ctx context.Context, w io.Writer) error {
	var downloaded []string
	download := func(_ context.Context, page string) (string, error) {
		downloaded = append(downloaded, page)
		return strings.ToUpper(page), nil
	}
	pages := answers{ask: download, room: 2}
	var three [3]string
	var wg sync.WaitGroup
	for i := range three {
		wg.Go(func() { three[i], _ = pages.get(ctx, "a") })
	}
	wg.Wait()
	fmt.Fprintln(w, strings.Join(three[:], " "))
	// The c needs the room of the a.
	for _, page := range []string{"b", "c", "a"} {
		text, err := pages.get(ctx, page)
		if err != nil {
			return err
		}
		fmt.Fprintln(w, text)
	}
	fmt.Fprintln(w, "downloaded:", strings.Join(downloaded, " "))
	return nil
}
