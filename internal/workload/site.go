package workload

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"concurrency-notebook/internal/measure"
)

// A Site is the I/O-bound job: a real HTTP server on loopback that answers
// each request after a set delay, however many are waiting. So the time that
// any number of requests takes is known before they are made: n one after
// another take n delays, n at once take one.
type Site struct {
	URL  string // of the page that it serves
	Port int    // of it, on 127.0.0.1

	server *http.Server
	ended  chan error
	asked  atomic.Int64
}

// client keeps connections and uses them again, as many as there ever were.
var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 10_000, DialContext: dial}}

// connections counts those that the client has.
var connections atomic.Int64

// dial connects, unless the connection would take the last open files that the
// system allows: then a request would wait for ever, since the site could not
// accept it. Both ends may be in this process, and so are some other files.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	const others = 24
	n := int(connections.Add(1))
	if need, have := 2*n+others, measure.OpenFiles(); need > have {
		connections.Add(-1)
		return nil, fmt.Errorf("%d connections at once need %d open files, and this system allows %d: raise it with ulimit -n", n, need, have)
	}
	c, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		connections.Add(-1)
		return nil, err
	}
	return &counted{Conn: c}, nil
}

// A counted connection is one of the client's until it is closed.
type counted struct {
	net.Conn
	once sync.Once
}

func (c *counted) Close() error {
	c.once.Do(func() { connections.Add(-1) })
	return c.Conn.Close()
}

// Serve starts a site. The caller closes it.
func Serve(delay time.Duration) (*Site, error) {
	return serve(func() <-chan time.Time { return time.After(delay) })
}

// ServeTogether starts a site that lets every request wait until n of them do,
// and then answers all n: who gets an answer was not alone. The caller closes
// it.
func ServeTogether(n int) (*Site, error) {
	var mu sync.Mutex
	waiting, all := 0, make(chan struct{})
	return serve(func() <-chan struct{} {
		mu.Lock()
		defer mu.Unlock()
		ready := all
		if waiting++; waiting == n {
			close(all)
			waiting, all = 0, make(chan struct{})
		}
		return ready
	})
}

// serve starts a site that answers a request when it can receive from the
// channel that it is given.
func serve[T any](ready func() <-chan T) (*Site, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("starting a site on loopback: %w", err)
	}
	s := &Site{
		URL:   "http://" + listener.Addr().String() + "/",
		Port:  listener.Addr().(*net.TCPAddr).Port,
		ended: make(chan error, 1),
	}
	answer := func(w http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		select {
		case <-ready():
			io.WriteString(w, "ok")
		case <-r.Context().Done():
		}
	}
	// It tries again where no file can be opened; whoever asks is told.
	s.server = &http.Server{Handler: http.HandlerFunc(answer), ErrorLog: log.New(io.Discard, "", 0)}
	go func() { s.ended <- s.server.Serve(listener) }()
	return s, nil
}

// Asked returns how many requests have come in so far, from this process and
// from others.
func (s *Site) Asked() int { return int(s.asked.Load()) }

// Fetch makes one request and reads its answer.
func (s *Site) Fetch(ctx context.Context) error { return Fetch(ctx, s.URL) }

// FetchAll makes requests in so many goroutines at once; in each, so many one
// after another.
func (s *Site) FetchAll(ctx context.Context, workers, each int) error {
	group, ctx := errgroup.WithContext(ctx)
	for range workers {
		group.Go(func() error {
			for range each {
				if err := s.Fetch(ctx); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return group.Wait()
}

// Fetch makes one request to the site at the URL, which another process may
// have started, and reads its answer. Connections are kept and used again.
func Fetch(ctx context.Context, url string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("reading the answer of %s: %w", url, err)
	}
	if response.StatusCode != http.StatusOK || string(body) != "ok" {
		return fmt.Errorf("%s answered %s: %q", url, response.Status, body)
	}
	return nil
}

// Close stops the site and waits until its connections are gone.
func (s *Site) Close() error {
	client.CloseIdleConnections()
	err := s.server.Close()
	if ended := <-s.ended; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	return err
}
