package main

import (
	"bufio"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"concurrency-notebook/internal/again"
)

// A site is what a server is told: where it keeps what it's given, and where
// the other servers of its cluster are.
type site struct {
	Name   string
	Folder string   // of all servers: each has a folder of its own in it
	Peers  []string // the addresses of all servers of the cluster, for each other; none where it's alone
	Port   int      // of its own among them
	Sync   bool     // every message is on the disk before it's acknowledged
}

// natsServer is a NATS server with JetStream, as a program of its own, so that
// it can be killed as a machine can. It says where clients find it. A line on
// its standard input stops it and keeps the store; the end of the input, which
// comes also when the program that started it is killed, removes the folder.
var natsServer = again.Define("nats-server", func(at site) error {
	ignoreSignals()
	options := &server.Options{
		ServerName: at.Name, Host: loopback, Port: server.RANDOM_PORT,
		JetStream: true, StoreDir: filepath.Join(at.Folder, at.Name),
		SyncAlways: at.Sync, NoLog: true, NoSigs: true,
	}
	if len(at.Peers) > 0 {
		// Each knows the addresses of all from the start: so they know how
		// many make a majority. One connection between two of them is enough.
		options.Cluster = server.ClusterOpts{Name: "machines", Host: loopback, Port: at.Port, PoolSize: -1}
		for _, peer := range at.Peers {
			options.Routes = append(options.Routes, server.RoutesFromStr("nats://"+peer)...)
		}
	}
	running, err := server.NewServer(options)
	if err != nil {
		return err
	}
	running.Start()
	if !running.ReadyForConnections(10 * time.Second) {
		running.Shutdown()
		return fmt.Errorf("%s isn't ready: is port %d taken?", at.Name, at.Port)
	}
	if err := again.Say(running.ClientURL()); err != nil {
		return err
	}

	_, ended := bufio.NewReader(os.Stdin).ReadString('\n')
	running.Shutdown()
	running.WaitForShutdown()
	if ended == nil {
		return again.Say("stopped")
	}
	// The last of the servers to get here removes what the others have.
	return os.RemoveAll(at.Folder)
})

const loopback = "127.0.0.1"

// ignoreSignals lets a program go on when the terminal says Ctrl-C to all: it
// ends when the one that started it does.
func ignoreSignals() { signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP) }
