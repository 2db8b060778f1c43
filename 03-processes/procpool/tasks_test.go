package procpool

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"concurrency-notebook/internal/measure"

	"github.com/stretchr/testify/require"
)

var background = context.Background()

type order struct {
	Item  string
	Count int
}

var (
	double = Define("double", func(n int) (int, error) { return 2 * n, nil })
	fill   = Define("fill", func(o order) ([]order, error) { return make([]order, o.Count), nil })
	echo   = Define("echo", func(b []byte) ([]byte, error) { return b, nil })
	spin   = Define("spin", spinForEver)

	refuseOdd = Define("refuse odd", func(n int) (int, error) {
		if n%2 == 1 {
			return 0, fmt.Errorf("%d: %w", n, os.ErrInvalid)
		}
		return n, nil
	})
	divide = Define("divide", func(by int) (int, error) { return 42 / by, nil })
	leave  = Define("leave", func(int) (int, error) { runtime.Goexit(); return 0, nil })
	exit   = Define("exit", func(code int) (int, error) { os.Exit(code); return 0, nil })

	decodePicky = Define("decode picky", func(p picky) (int, error) { return p.n, nil })
	encodePicky = Define("encode picky", func(n int) (picky, error) { return picky{n}, nil })
	shrinkLimit = Define("shrink limit", func(n int) (bool, error) { maxSize = n; return true, nil })

	printOut = Define("print", func(line string) (int, error) { return fmt.Println(line) })
	readIn   = Define("read", func(int) (int, error) { return os.Stdin.Read(make([]byte, 1)) })
	nest     = Define("nest", func(n int) (int, error) { _, err := New(n); return n, err })
	cpus     = Define("cpus", func(int) (int, error) { return runtime.GOMAXPROCS(0), nil })
	slow     = Define("slow", slowDouble)
	burn     = Define("burn", func(d time.Duration) (time.Duration, error) {
		for begun := measure.CPUTime(); measure.CPUTime() < begun+d; {
		}
		return d, nil
	})
	stray  = Define("stray", leaveStray)
	pid    = Define("pid", func(int) (int, error) { return os.Getpid(), nil })
	perish = Define("perish", func(d doom) (int, error) { return d.Value, d.meet() })
)

// spinForEver tells on standard error that it has begun.
func spinForEver(bool) (bool, error) {
	fmt.Fprintln(os.Stderr, "begun")
	for forEver := true; forEver; {
	}
	return true, nil
}

const progressFile = "PROCPOOL_TEST_PROGRESS" // gets a line for each slowDouble, if there is one

const progressLine = "%7d\n"

// slowDouble takes a while.
func slowDouble(n int) (int, error) {
	if path := os.Getenv(progressFile); path != "" {
		f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			return 0, err
		}
		defer f.Close()
		if _, err := fmt.Fprintf(f, progressLine, n); err != nil {
			return 0, err
		}
	}
	for d := 2; d < 30_000; d++ {
		if n%d > d {
			return 0, errors.New("arithmetic does not hold")
		}
	}
	return 2 * n, nil
}

// A leaving says what a task is to leave behind, and how to end.
type leaving struct {
	Escape bool // out of the worker's process group
	Then   string
}

// leaveStray starts a program that never ends, and that has all that this
// process lets it have: its standard output and error. It says which.
func leaveStray(how leaving) (pid int, err error) {
	exe, err := os.Executable()
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), program+"=lingers")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if how.Escape {
		escape(cmd)
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	fmt.Fprintln(os.Stderr, cmd.Process.Pid)
	switch how.Then {
	case "spin":
		spinForEver(true)
	case "exit":
		os.Exit(3)
	case "stop":
		stopSelf()
	}
	return cmd.Process.Pid, nil
}

// picky does not encode 13, nor decode 17, and panics on 19.
type picky struct{ n int }

func (p picky) GobEncode() ([]byte, error) {
	switch p.n {
	case 13:
		return nil, errors.New("13 brings bad luck")
	case 19:
		panic("19 is too much")
	}
	return []byte{byte(p.n)}, nil
}

func (p *picky) GobDecode(b []byte) error {
	if p.n = int(b[0]); p.n == 17 {
		return errors.New("17 brings bad luck")
	}
	return nil
}

// A doom is a value whose task is killed the first times that it begins. The
// file counts how often it has begun.
type doom struct {
	Value, Deaths int
	File          string
}

func (d doom) meet() error {
	if d.File == "" {
		return nil
	}
	f, err := os.OpenFile(d.File, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.WriteString("x"); err != nil {
		return err
	}
	if begun, err := f.Seek(0, 1); err != nil || int(begun) > d.Deaths {
		return err
	}
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		return err
	}
	if err := self.Kill(); err != nil {
		return err
	}
	select {}
}

func (d doom) begun(t *testing.T) int {
	b, err := os.ReadFile(d.File)
	require.NoError(t, err)
	return len(b)
}

func newPool(t testing.TB, workers int) *Pool {
	pool, err := New(workers)
	require.NoError(t, err)
	t.Cleanup(func() { pool.Close() })
	return pool
}

// newPoolHeard returns a pool too, and what its workers write to their standard
// error.
func newPoolHeard(t *testing.T, workers int) (*Pool, *bufio.Reader) {
	r, w := io.Pipe()
	pool, err := Config{Workers: workers, Stderr: w}.New(background)
	require.NoError(t, err)
	t.Cleanup(func() { pool.Close() })
	t.Cleanup(func() { r.Close() })
	return pool, bufio.NewReader(r)
}

// quietPool returns a pool whose workers nobody hears.
func quietPool(t testing.TB, workers int) *Pool {
	pool, err := Config{Workers: workers, Stderr: io.Discard}.New(background)
	require.NoError(t, err)
	t.Cleanup(func() { pool.Close() })
	return pool
}

func numbers(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := 0; i < n && yield(i); i++ {
		}
	}
}

// checkRight checks what another goroutine than the test's has found.
func checkRight(t *testing.T, right bool, err error) {
	if !right || err != nil {
		t.Errorf("right: %t, error: %v", right, err)
	}
}

func checkError(t *testing.T, err, want error) {
	if err == nil || !strings.Contains(err.Error(), want.Error()) {
		t.Errorf("%v, where %v should be", err, want)
	}
}

func checkNil(t *testing.T, err error) {
	if err != nil {
		t.Error(err)
	}
}

// requireLine requires that a worker has written this, and returns its process id.
func requireLine(t *testing.T, want string, from *bufio.Reader) (pid int) {
	t.Helper()
	line, err := from.ReadString('\n')
	require.NoError(t, err)
	name, said, _ := strings.Cut(line, ": ")
	require.Equal(t, want+"\n", said)
	_, err = fmt.Sscanf(name, "worker %d", &pid)
	require.NoError(t, err, line)
	return pid
}

// requireGone requires that a process has ended. If the system still has to bury
// it, that is waited for.
func requireGone(t testing.TB, pids ...int) {
	t.Helper()
	for _, pid := range pids {
		for alive(pid) {
			runtime.Gosched()
		}
	}
}

// requireWorks is what every fault is followed by.
func requireWorks(t *testing.T, pool *Pool) {
	t.Helper()
	outs, err := double.Map(background, pool, []int{1, 2, 3, 4, 5})
	require.NoError(t, err)
	require.Equal(t, []int{2, 4, 6, 8, 10}, outs)
}
