package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"concurrency-notebook/internal/again"
)

// A machine is a process that stands for one: nothing is shared with it, and it
// can be killed.
type machine struct {
	child *again.Child
	pull  context.CancelFunc // the plug
}

// start starts a program as a machine. It's not killed when ctx ends, since then
// it couldn't tidy up after itself: it ends with its standard input.
func start[In any](ctx context.Context, program *again.Program[In], in In, first any) (*machine, error) {
	alive, pull := context.WithCancel(context.WithoutCancel(ctx))
	child, err := program.Start(alive, in, first)
	if err != nil {
		pull()
		return nil, err
	}
	return &machine{child, pull}, nil
}

// hear waits for the next thing that the machine says.
func (m *machine) hear() (said string, err error) {
	err = m.child.Ask(&said)
	return said, err
}

// kill ends the machine without a word: SIGKILL.
func (m *machine) kill() {
	m.pull()
	m.child.Stop()
}

// stop ends it well.
func (m *machine) stop() error {
	defer m.pull()
	return m.child.Stop()
}

// A cluster is some servers that are one for their clients, each a machine.
type cluster struct {
	folder  string
	sites   []site
	servers []*machine // nil where it's down
	urls    []string
}

// startCluster starts that many servers. The caller closes the cluster.
func startCluster(ctx context.Context, servers int) (*cluster, error) {
	return startClusterAs(ctx, servers, site{})
}

func startClusterAs(ctx context.Context, servers int, like site) (c *cluster, err error) {
	for range 3 { // another program may take a port before the server does
		if c, err = tryCluster(ctx, servers, like); err == nil || ctx.Err() != nil {
			return c, err
		}
	}
	return nil, err
}

func tryCluster(ctx context.Context, servers int, like site) (*cluster, error) {
	folder, err := os.MkdirTemp("", "many-machines-")
	if err != nil {
		return nil, err
	}
	c := &cluster{folder: folder, servers: make([]*machine, servers), urls: make([]string, servers)}
	var peers []string
	var ports []int
	if servers > 1 {
		if peers, ports, err = freeAddresses(servers); err != nil {
			return nil, errors.Join(err, c.close())
		}
	}
	for i := range servers {
		at := like
		at.Name, at.Folder, at.Peers = fmt.Sprintf("server-%d", i+1), folder, peers
		if ports != nil {
			at.Port = ports[i]
		}
		c.sites = append(c.sites, at)
	}
	if err := c.startAll(ctx); err != nil {
		return nil, errors.Join(err, c.close())
	}
	return c, nil
}

// freeAddresses returns addresses on loopback at which nothing listens.
func freeAddresses(n int) (addresses []string, ports []int, err error) {
	for range n {
		held, err := net.Listen("tcp", net.JoinHostPort(loopback, "0"))
		if err != nil {
			return nil, nil, err
		}
		defer held.Close() // all at once: so they differ
		addresses = append(addresses, held.Addr().String())
		ports = append(ports, held.Addr().(*net.TCPAddr).Port)
	}
	return addresses, ports, nil
}

// startAll starts the servers that are down. They are started at the same time,
// since in a cluster each waits for others.
func (c *cluster) startAll(ctx context.Context) error {
	failed := make(chan error)
	started := 0
	for i := range c.servers {
		if c.servers[i] != nil {
			continue
		}
		started++
		go func() {
			var err error
			c.servers[i], err = start(ctx, natsServer, c.sites[i], &c.urls[i])
			failed <- err
		}()
	}
	var err error
	for range started {
		err = errors.Join(err, <-failed)
	}
	return err
}

// stopAll stops the servers, and keeps what they have.
func (c *cluster) stopAll() error {
	var failed error
	for i, s := range c.servers {
		if s == nil {
			continue
		}
		var stopped string
		err := s.child.Ask(&stopped)
		c.servers[i] = nil
		failed = errors.Join(failed, err, s.stop())
	}
	return failed
}

// kill pulls the plug of the server of that name.
func (c *cluster) kill(name string) error {
	for i, at := range c.sites {
		if at.Name == name && c.servers[i] != nil {
			c.servers[i].kill()
			c.servers[i] = nil
			return nil
		}
	}
	return fmt.Errorf("no server %q is up", name)
}

// close stops the servers and removes what they have.
func (c *cluster) close() error {
	var failed error
	for _, s := range c.servers {
		if s != nil {
			failed = errors.Join(failed, s.stop())
		}
	}
	return errors.Join(failed, os.RemoveAll(c.folder))
}

// address is where clients find the servers.
func (c *cluster) address() string { return strings.Join(c.urls, ",") }

// connect connects this program to the servers.
func (c *cluster) connect() (*client, error) { return dial(c.address()) }

// connectWithout connects to the others of a server.
func (c *cluster) connectWithout(name string) (*client, error) {
	var others []string
	for i, at := range c.sites {
		if at.Name != name {
			others = append(others, c.urls[i])
		}
	}
	return dial(strings.Join(others, ","))
}

// A client is connected to a server, and to another one when that is gone.
type client struct {
	jetstream.JetStream
	connection *nats.Conn
}

// dial connects to the first of the servers that answers. A request to one that
// has just died would never be answered: so each has a time limit of its own.
func dial(address string) (*client, error) {
	connection, err := nats.Connect(address, nats.Timeout(10*time.Second),
		nats.MaxReconnects(-1), nats.ReconnectWait(50*time.Millisecond),
		nats.ReconnectJitter(0, 0), nats.IgnoreDiscoveredServers())
	if err != nil {
		return nil, err
	}
	js, err := jetstream.New(connection, jetstream.WithDefaultTimeout(5*time.Second))
	if err != nil {
		connection.Close()
		return nil, err
	}
	return &client{js, connection}, nil
}

func (c *client) close() { c.connection.Close() }

// create creates a stream. In a cluster, the servers first have to elect one of
// them that decides where streams go: until then, creating one fails.
func (c *client) create(ctx context.Context, config jetstream.StreamConfig) (s jetstream.Stream, err error) {
	err = patiently(ctx, func(ctx context.Context) error {
		s, err = c.CreateOrUpdateStream(ctx, config)
		return err
	})
	return s, err
}

// hireable creates the one consumer that all workers of a stream share.
func hireable(ctx context.Context, s jetstream.Stream, limits jetstream.ConsumerConfig) (workers jetstream.Consumer, err error) {
	limits.Durable = "workers"
	err = patiently(ctx, func(ctx context.Context) error {
		workers, err = s.CreateOrUpdateConsumer(ctx, limits)
		return err
	})
	return workers, err
}

// patience is how long the servers may take to agree.
const patience = time.Minute

// patiently tries until it works. A try has little time: the server that was
// asked may have died meanwhile.
func patiently(ctx context.Context, try func(ctx context.Context) error) error {
	ctx, giveUp := context.WithTimeout(ctx, patience)
	defer giveUp()
	for {
		once, cancel := context.WithTimeout(ctx, 2*time.Second)
		err := try(once)
		cancel()
		if err == nil {
			return nil
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			return err
		}
	}
}

// infoOf asks for a stream's state until its leader answers.
func infoOf(ctx context.Context, s jetstream.Stream) (info *jetstream.StreamInfo, err error) {
	err = patiently(ctx, func(ctx context.Context) error {
		if info, err = s.Info(ctx); err == nil && info.Cluster.Leader == "" {
			err = errors.New("no server leads it")
		}
		return err
	})
	return info, err
}
