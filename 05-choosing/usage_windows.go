package main

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// readerGone reports whether a write failed because nobody reads any more.
func readerGone(err error) bool {
	return errors.Is(err, windows.ERROR_BROKEN_PIPE) || errors.Is(err, windows.ERROR_NO_DATA)
}

// peakMemory is 0 here, which stands for not known.
func peakMemory() int { return 0 }

// childrenCPU is 0: Windows does not add up what children have spent.
func childrenCPU() time.Duration { return 0 }

func peakMemoryOf(*os.ProcessState) (int, bool) { return 0, false }

// wasKilled reports whether it ended as a process that is killed does here: with
// a status of 1.
func wasKilled(state *os.ProcessState) bool { return state.ExitCode() == 1 }
