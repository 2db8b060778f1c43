package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/again"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// Three workers that get a message and answer it: in a pool, over a bare pipe,
// and in memory that both processes share, where only the size goes through the
// pipe.
var (
	itself    = procpool.Define("itself", func(message []byte) ([]byte, error) { return message, nil })
	echo      = again.Define("echo", func(struct{}) error { return answerAll(func(message []byte) {}) })
	echoThere = again.Define("echo-there", func(file string) error {
		memory, err := mapFile(file)
		if err != nil {
			return err
		}
		return answerAll(func(size []byte) { memory[binary.LittleEndian.Uint32(size)-1]++ })
	})
)

// answerAll sends each message back that comes by standard input, after use.
func answerAll(use func(message []byte)) error {
	in := bufio.NewReader(os.Stdin)
	for {
		message, err := receive(in)
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		use(message)
		if err := send(os.Stdout, message); err != nil {
			return err
		}
	}
}

// send writes a message behind its size, as Connection.send_bytes of
// multiprocessing does: a small one in one piece, a large one in two.
func send(w io.Writer, message []byte) error {
	head := binary.LittleEndian.AppendUint32(nil, uint32(len(message)))
	if len(message) <= 16<<10 {
		head = append(head, message...)
		message = nil
	}
	if _, err := w.Write(head); err != nil || message == nil {
		return err
	}
	_, err := w.Write(message)
	return err
}

// receive reads a message, into memory of its own.
func receive(r io.Reader) ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	message := make([]byte, binary.LittleEndian.Uint32(head[:]))
	_, err := io.ReadFull(r, message)
	return message, err
}

// An echoing is a process that sends back what it's sent.
type echoing struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func startEchoing[In any](ctx context.Context, program *again.Program[In], told In) (*echoing, error) {
	cmd, err := program.Command(ctx, told)
	if err != nil {
		return nil, err
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &echoing{cmd, in, bufio.NewReader(out)}, cmd.Start()
}

func (e *echoing) ask(message []byte) error {
	if err := send(e.in, message); err != nil {
		return err
	}
	_, err := receive(e.out)
	return err
}

func (e *echoing) stop() error { return errors.Join(e.in.Close(), e.cmd.Wait()) }

// mapFile puts a file into memory: what one process writes there is at once
// what all others read that map it too.
func mapFile(path string) ([]byte, error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close() // the mapping stays
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	memory, err := mapMemory(file, int(info.Size()))
	if err != nil {
		return nil, fmt.Errorf("mapping %s: %w", path, err)
	}
	return memory, nil
}

// sharedFile makes a file of that size, to be mapped. In /dev/shm, where there
// is one, no disk is involved.
func sharedFile(size int64) (path string, err error) {
	folder := "/dev/shm"
	if _, err := os.Stat(folder); err != nil {
		folder = ""
	}
	file, err := os.CreateTemp(folder, "notebook-")
	if err != nil {
		return "", err
	}
	defer file.Close()
	return file.Name(), file.Truncate(size)
}

// Messages: how large they are, and how many go there and back in a run.
var messages = []struct {
	name        string
	size, trips int
}{{"1 B", 1, 200}, {"1 MiB", 1 << 20, 20}}

func compareTalking(ctx context.Context, lab *notebook.Lab) (err error) {
	lab.Predict("a small message costs two hand-overs, there and back. Of a large one each byte is copied into the pipe and out of it, in both directions; in shared memory it's written once, and a channel passes a pointer")
	pool, err := procpool.New(1)
	if err != nil {
		return err
	}
	defer pool.Close()
	file, err := sharedFile(int64(messages[1].size))
	if err != nil {
		return err
	}
	defer os.Remove(file)
	memory, err := mapFile(file)
	if err != nil {
		return err
	}
	defer unmap(memory)
	pipe, err := startEchoing(ctx, echo, struct{}{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pipe.stop()) }()
	bell, err := startEchoing(ctx, echoThere, file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bell.stop()) }()
	orders := make(chan []byte) // to a goroutine and back
	defer close(orders)
	go func() {
		for order := range orders {
			orders <- order
		}
	}()

	var variants []measure.Variant
	var sizes, trips []int // for the twin
	for _, m := range messages {
		sizes, trips = append(sizes, m.size), append(trips, m.trips)
		message := make([]byte, m.size)
		for _, way := range []struct {
			name string
			trip func(context.Context) error
		}{
			{"channel", func(context.Context) error {
				orders <- message
				<-orders
				return nil
			}},
			{"pool", func(ctx context.Context) error {
				_, err := itself.Call(ctx, pool, message)
				return err
			}},
			{"pipe", func(context.Context) error { return pipe.ask(message) }},
			{"memory", func(context.Context) error {
				copy(memory, message)
				return bell.ask(binary.LittleEndian.AppendUint32(nil, uint32(m.size)))
			}},
		} {
			times := m.trips
			if way.name == "channel" {
				times *= channelTrips
			}
			variants = append(variants, measure.Variant{Name: way.name + ", " + m.name, Run: func(ctx context.Context) error {
				for range times {
					if err := way.trip(ctx); err != nil {
						return err
					}
				}
				return nil
			}})
		}
	}
	went, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"names": []string{messages[0].name, messages[1].name}, "sizes": sizes, "trips": trips}, variants...)
	if err != nil {
		return err
	}
	judgeTalking(lab, went, theirs)
	return nil
}

// channelTrips is how many times as many trips the channel makes.
const channelTrips = 20

func judgeTalking(lab *notebook.Lab, went, theirs measure.Samples) {
	rows := []struct {
		of        notebook.Subject
		name, way string
		samples   measure.Samples
		more      float64
	}{
		{notebook.CPython, "ProcessPoolExecutor", "pool", theirs, 1},
		{notebook.CPython, "a bare Pipe", "pipe", theirs, 1},
		{notebook.CPython, "shared memory", "memory", theirs, 1},
		{notebook.Go, "procpool", "pool", went, 1},
		{notebook.Go, "a bare pipe", "pipe", went, 1},
		{notebook.Go, "shared memory", "memory", went, 1},
		{notebook.Go, "a channel to a goroutine", "channel", went, channelTrips},
	}
	unit := func(name string) notebook.Unit { return notebook.Time(name + " there and back") }
	large := messages[1]
	lab.Headline(unit(large.name), large.name+", there and back")
	each := func(s measure.Samples, way string, m int, more float64) measure.Estimate {
		return s.Estimate(way + ", " + messages[m].name).Times(1 / (float64(messages[m].trips) * more))
	}
	for m := range messages {
		for _, r := range rows {
			lab.Figure(unit(messages[m].name), fmt.Sprintf("%s, %s", r.of, r.name), each(r.samples, r.way, m, r.more))
		}
	}
	for _, of := range []notebook.Subject{notebook.CPython, notebook.Go} {
		s := theirs
		if of == notebook.Go {
			s = went
		}
		perTrip := float64(messages[0].trips) / float64(large.trips)
		lab.Judge("3.5", of, measure.All(
			s.Ratio("pipe, "+large.name, "pipe, "+messages[0].name).Times(perTrip).Decide("1 MiB / 1 B by pipe", 9, 1),
			s.Ratio("pipe, "+large.name, "memory, "+large.name).Above("1 MiB, by pipe / in shared memory", 1)))
		found := fmt.Sprintf("There and back through a pipe, a message of 1 B takes %s and one of 1 MiB %s. In shared memory 1 MiB takes %s.",
			each(s, "pipe", 0, 1).Seconds(), each(s, "pipe", 1, 1).Seconds(), each(s, "memory", 1, 1).Seconds())
		if of == notebook.CPython {
			lab.Answer("3.5", of, notebook.Wording{measure.Yes: found, measure.No: found})
		} else {
			found += fmt.Sprintf(" Between goroutines it takes %s, whatever its size: only a pointer goes through a channel.", each(s, "channel", 1, channelTrips).Seconds())
			lab.Answer("3.5", of, notebook.Wording{measure.Same: found, measure.Different: found})
		}
	}
}
