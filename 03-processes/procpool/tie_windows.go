package procpool

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

const itself = "" // a program has to be started by its name

// A systemTie is a job, an object of which every process that a worker starts
// becomes a part. The system kills them all when the last handle to the job is
// closed, which is the pool's.
type systemTie struct{ job, tally windows.Handle }

func (t *tie) open() (err error) {
	if t.system.job, err = windows.CreateJobObject(nil, nil); err != nil {
		return os.NewSyscallError("CreateJobObject", err)
	}
	var limits windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION
	limits.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
	if _, err := windows.SetInformationJobObject(t.system.job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits))); err != nil {
		return os.NewSyscallError("SetInformationJobObject", err)
	}
	if t.system.tally, err = windows.CreateFileMapping(windows.InvalidHandle, nil, windows.PAGE_READWRITE, 0, tallySize, nil); err != nil {
		return os.NewSyscallError("CreateFileMapping", err)
	}
	t.tally, err = share(t.system.tally)
	return err
}

// handOver lets a process that is to be started inherit the pipes and the tie,
// and returns what it has to be told of them. It gets no Ctrl-C.
func (t *tie) handOver(cmd *exec.Cmd, calls, answers *os.File) (told []string) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP}
	for _, handle := range []windows.Handle{
		windows.Handle(calls.Fd()), windows.Handle(answers.Fd()), t.system.job, t.system.tally,
	} {
		_ = windows.SetHandleInformation(handle, windows.HANDLE_FLAG_INHERIT, windows.HANDLE_FLAG_INHERIT)
		cmd.SysProcAttr.AdditionalInheritedHandles = append(cmd.SysProcAttr.AdditionalInheritedHandles, syscall.Handle(handle))
		told = append(told, strconv.FormatUint(uint64(handle), 10))
	}
	return told
}

// handedOver keeps from others what only the worker was to inherit.
func (t *tie) handedOver() {
	_ = windows.SetHandleInformation(t.system.job, windows.HANDLE_FLAG_INHERIT, 0)
	windows.CloseHandle(t.system.tally)
	t.system.tally = 0
}

// cut kills the worker and what it has started.
func (t *tie) cut(process *os.Process) {
	process.Kill() // should it not be in the job yet
	windows.TerminateJobObject(t.system.job, 1)
}

func (s *systemTie) close() {
	windows.CloseHandle(s.job)
	windows.CloseHandle(s.tally)
	*s = systemTie{}
}

// inherit takes over, in a worker, what it was told of. Programs that it starts
// do not get it.
func inherit(told []string) (*inheritance, error) {
	if len(told) != 4 {
		return nil, errors.New("no pool has started this worker")
	}
	var handles [4]windows.Handle
	for i := range handles {
		n, err := strconv.ParseUint(told[i], 10, 64)
		if err == nil {
			handles[i] = windows.Handle(n)
			err = windows.SetHandleInformation(handles[i], windows.HANDLE_FLAG_INHERIT, 0)
		}
		if err != nil {
			return nil, fmt.Errorf("take over handle %q from the pool: %w", told[i], err)
		}
	}
	if err := windows.AssignProcessToJobObject(handles[2], windows.CurrentProcess()); err != nil {
		return nil, fmt.Errorf("join the pool's job: %w", err)
	}
	windows.CloseHandle(handles[2]) // or the job would not end with the pool
	tally, err := share(handles[3])
	if err != nil {
		return nil, fmt.Errorf("share memory with the pool: %w", err)
	}
	windows.CloseHandle(handles[3])
	return &inheritance{os.NewFile(uintptr(handles[0]), "calls"), os.NewFile(uintptr(handles[1]), "answers"), counter(tally)}, nil
}

// endFamily ends this worker, when its pool has gone. The job does the rest.
func endFamily() { os.Exit(0) }

func share(mapping windows.Handle) ([]byte, error) {
	at, err := windows.MapViewOfFile(mapping, windows.FILE_MAP_WRITE, 0, 0, tallySize)
	if err != nil {
		return nil, os.NewSyscallError("MapViewOfFile", err)
	}
	return unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&at))), tallySize), nil
}

func unmap(tally []byte) { _ = windows.UnmapViewOfFile(uintptr(unsafe.Pointer(&tally[0]))) }

func isBrokenPipe(err error) bool {
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, windows.ERROR_BROKEN_PIPE) || errors.Is(err, windows.ERROR_NO_DATA)
}
