//go:build unix

package procpool

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// A systemTie is a process group, and a pipe that ends with the pool's process:
// its lifeline.
type systemTie struct {
	lifeline pipe
	tally    *os.File
}

func (t *tie) open() (err error) {
	if err := t.system.lifeline.open(); err != nil {
		return err
	}
	if t.system.tally, err = sharedFile(); err != nil {
		return err
	}
	if err := t.system.tally.Truncate(tallySize); err != nil {
		return err
	}
	t.tally, err = share(t.system.tally)
	return err
}

// handOver lets a process that is to be started inherit the pipes and the tie,
// and returns what it has to be told of them.
func (t *tie) handOver(cmd *exec.Cmd, calls, answers *os.File) (told []string) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.ExtraFiles = []*os.File{calls, answers, t.system.lifeline.r, t.system.tally}
	for i := range cmd.ExtraFiles {
		told = append(told, strconv.Itoa(3+i))
	}
	return told
}

// handedOver closes what only the worker needs.
func (t *tie) handedOver() {
	t.system.lifeline.r.Close()
	t.system.tally.Close()
}

// cut kills the worker and what it has started. Nobody has waited for it yet, so
// its process group cannot be another one.
func (t *tie) cut(process *os.Process) { _ = unix.Kill(-process.Pid, unix.SIGKILL) }

func (s *systemTie) close() {
	s.lifeline.r.Close()
	s.lifeline.w.Close()
	s.tally.Close()
}

// inherit takes over, in a worker, what it was told of. Programs that it starts
// do not get it.
func inherit(told []string) (*inheritance, error) {
	if len(told) != 4 || unix.Getpgrp() != os.Getpid() {
		return nil, errors.New("no pool has started this worker")
	}
	var files [4]*os.File
	for i := range files {
		fd, err := strconv.Atoi(told[i])
		if err == nil {
			_, err = unix.FcntlInt(uintptr(fd), unix.F_SETFD, unix.FD_CLOEXEC)
		}
		if err != nil {
			return nil, fmt.Errorf("take over descriptor %q from the pool: %w", told[i], err)
		}
		files[i] = os.NewFile(uintptr(fd), told[i])
	}
	// When the pool has gone, what a task prints must not end the worker first, or
	// what its tasks have started would live on.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	if err := holdOn(files[2]); err != nil {
		return nil, fmt.Errorf("hold on to the pool: %w", err)
	}
	tally, err := share(files[3])
	if err != nil {
		return nil, fmt.Errorf("share memory with the pool: %w", err)
	}
	return &inheritance{files[0], files[1], counter(tally)}, files[3].Close()
}

// endFamily ends this worker and what it has started, when its pool has gone.
func endFamily() { _ = unix.Kill(0, unix.SIGKILL) }

func share(file *os.File) ([]byte, error) {
	return unix.Mmap(int(file.Fd()), 0, tallySize, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
}

func unmap(tally []byte) { _ = unix.Munmap(tally) }

func isBrokenPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }
