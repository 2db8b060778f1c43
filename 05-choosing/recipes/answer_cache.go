package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
)

type pending struct {
	done  chan struct{} // closed when the rest is there
	value string
	err   error
	until time.Time
}

// answers asks once for all callers that want the same, and keeps the
// latest answers: as many as there is room for, for so long.
type answers struct {
	ask   func(ctx context.Context, key string) (string, error)
	room  int
	lasts time.Duration

	lock    sync.Mutex
	running map[string]*pending
	kept    map[string]*pending
	keys    []string // of what's kept, the oldest first
}

func (a *answers) get(ctx context.Context, key string) (string, error) {
	a.lock.Lock()
	p := a.kept[key]
	if p == nil || !time.Now().Before(p.until) {
		p = a.running[key]
	}
	if p == nil {
		p = &pending{done: make(chan struct{})}
		if a.running == nil {
			a.running = make(map[string]*pending)
			a.kept = make(map[string]*pending)
		}
		a.running[key] = p
		// Not with ctx: if this caller gives up, the others still get
		// the answer, and its values are no concern of theirs.
		go a.fill(context.Background(), key, p)
	}
	a.lock.Unlock()
	select {
	case <-p.done:
		return p.value, p.err
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

func (a *answers) fill(ctx context.Context, key string, p *pending) {
	p.value, p.err = a.ask(ctx, key)
	a.lock.Lock()
	defer a.lock.Unlock()
	defer close(p.done)
	delete(a.running, key)
	a.forget(key)
	if p.err != nil {
		return // don't keep a failure
	}
	p.until = time.Now().Add(a.lasts)
	a.kept[key], a.keys = p, append(a.keys, key)
	if len(a.keys) > a.room {
		a.forget(a.keys[0]) // the oldest
	}
}

func (a *answers) forget(key string) {
	delete(a.kept, key)
	if at := slices.Index(a.keys, key); at >= 0 {
		a.keys = slices.Delete(a.keys, at, at+1)
	}
}

func answerCache(ctx context.Context, w io.Writer) error {
	var downloaded []string
	download := func(_ context.Context, page string) (string, error) {
		downloaded = append(downloaded, page)
		return strings.ToUpper(page), nil
	}
	pages := answers{ask: download, room: 2, lasts: time.Minute}
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
