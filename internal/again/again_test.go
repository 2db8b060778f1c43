package again

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The programs of these tests are the test binary, started again.
func TestMain(m *testing.M) {
	if Serve() {
		return
	}
	leftBehind = 50 * time.Millisecond
	os.Setenv("GORACE", "atexit_sleep_ms=0") // or each of them waits for a second before it ends
	os.Exit(m.Run())
}

type order struct {
	Dish  string
	Times int
}

// A cook answers an order with what is cooked.
var cook = Define("cook", func(o order) error {
	var dishes []string
	for range o.Times {
		dishes = append(dishes, o.Dish)
	}
	return Say(dishes)
})

// A clumsy cook fails in the way that it is told.
var clumsy = Define("clumsy", func(how string) error {
	switch how {
	case "returns an error":
		return errors.New("the soup is burnt\nand the pot, too")
	case "panics":
		panic("fire in the kitchen")
	case "exits":
		os.Exit(3)
	case "says no JSON":
		fmt.Println("what?")
		return stayOn() // though its standard input ends
	}
	return nil // and has said nothing
})

// stayOn waits until this program is killed: nobody knows whom it waits for.
func stayOn() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err == nil {
		_, err = l.Accept()
	}
	return err
}

// A kitchen says that it is open, and answers each line with how many there were
// so far. When there are no more, it fails: so one sees that it has ended itself.
var kitchen = Define("kitchen", func(name string) error {
	if err := Say("open: " + name); err != nil {
		return err
	}
	n := 0
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		if n++; n > 2 {
			return errors.New("out of soup")
		}
		if err := Say(n); err != nil {
			return err
		}
	}
	return fmt.Errorf("closed after %d", n)
})

// A guest connects, says so, and stays until the other side has gone.
var guest = Define("guest", func(address string) error {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := Say("connected"); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, c)
	return err
})

// A legacy is what a testator leaves behind: a guest, with its output, if so, or
// else with its standard error.
type legacy struct {
	Address string
	Output  bool
}

var testator = Define("testator", func(l legacy) error {
	cmd, err := guest.Command(context.Background(), l.Address)
	if err != nil {
		return err
	}
	if !l.Output {
		cmd.Stderr = os.Stderr
		if err := cmd.Start(); err != nil {
			return err
		}
		return Say("left")
	}
	cmd.Stdout = os.Stdout // on which the guest says that it is there
	if err := cmd.Start(); err != nil {
		return err
	}
	return stayOn()
})

// A chef is a program that starts another one.
var chef = Define("chef", func(o order) error {
	dishes, err := Run[[]string](context.Background(), cook, o)
	if err != nil {
		return err
	}
	return Say(len(dishes))
})

var errClosed = errors.New("closed for today")

// door returns a listener, and its address.
func door(t *testing.T) (net.Listener, string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	return l, l.Addr().String()
}

func TestRun(t *testing.T) {
	dishes, err := Run[[]string](t.Context(), cook, order{"soup, and \"cake\"", 2})
	require.NoError(t, err)
	require.Equal(t, []string{"soup, and \"cake\"", "soup, and \"cake\""}, dishes)

	n, err := Run[int](t.Context(), chef, order{"soup", 3})
	require.NoError(t, err, "a program starts another one, and not itself again")
	require.Equal(t, 3, n)
}

func TestRunErrors(t *testing.T) {
	for how, want := range map[string]struct {
		status int
		says   string
	}{
		"returns an error": {1, "clumsy: exit status 1: the soup is burnt"},
		"panics":           {2, "clumsy: exit status 2: panic: fire in the kitchen"},
		"exits":            {3, "clumsy: exit status 3"},
	} {
		_, err := Run[int](t.Context(), clumsy, how)
		require.EqualError(t, err, want.says)
		exit, ok := errors.AsType[*exec.ExitError](err)
		require.True(t, ok, how)
		require.Equal(t, want.status, exit.ExitCode())
		switch how {
		case "returns an error":
			require.Equal(t, "the soup is burnt\nand the pot, too\n", string(exit.Stderr))
		case "exits":
			require.Empty(t, exit.Stderr)
		}
	}

	_, err := Run[int](t.Context(), clumsy, "says nothing")
	require.EqualError(t, err, "clumsy: no answer: EOF")
	require.ErrorIs(t, err, io.EOF)
	_, err = Run[int](t.Context(), clumsy, "says no JSON")
	require.EqualError(t, err, "clumsy: no answer: invalid character 'w' looking for beginning of value")
	_, err = Run[int](t.Context(), cook, order{"soup", 1})
	_, ok := errors.AsType[*json.UnmarshalTypeError](err)
	require.True(t, ok, "%v", err)
}

func TestStart(t *testing.T) {
	var first string
	c, err := kitchen.Start(t.Context(), "Ada's", &first)
	require.NoError(t, err)
	require.Equal(t, "open: Ada's", first)
	var n int
	for _, want := range []int{1, 2} {
		require.NoError(t, c.Ask(&n))
		require.Equal(t, want, n)
	}
	for range 2 {
		require.EqualError(t, c.Stop(), "kitchen: exit status 1: closed after 2", "it lived until its input ended")
	}
	require.EqualError(t, c.Ask(&n), "kitchen: exit status 1: closed after 2")
}

func TestStartErrors(t *testing.T) {
	var n int
	c, err := kitchen.Start(t.Context(), "", new(string))
	require.NoError(t, err)
	require.NoError(t, c.Ask(&n))
	require.NoError(t, c.Ask(&n))
	require.EqualError(t, c.Ask(&n), "kitchen: exit status 1: out of soup", "it ends too early")
	require.EqualError(t, c.Stop(), "kitchen: exit status 1: out of soup")

	_, err = clumsy.Start(t.Context(), "returns an error", &n)
	require.EqualError(t, err, "clumsy: exit status 1: the soup is burnt")
}

// When its context ends, so does a program, and why that ended is the error.
func TestContextEnds(t *testing.T) {
	l, address := door(t)
	ctx, cancel := context.WithCancelCause(t.Context())

	c, err := guest.Start(ctx, address, new(string))
	require.NoError(t, err)
	connection, err := l.Accept()
	require.NoError(t, err)
	defer connection.Close()
	cancel(errClosed)
	require.Same(t, errClosed, c.Stop())
	_, err = connection.Read(make([]byte, 1))
	require.Error(t, err, "the guest has gone")

	c, err = guest.Start(ctx, address, new(string))
	require.Same(t, errClosed, err)
	require.Nil(t, c)
	_, err = Run[int](ctx, clumsy, "exits")
	require.Same(t, errClosed, err)
}

// heir takes over a file when its standard input ends.
var heir = Define("heir", func(path string) error {
	if err := Say("here"); err != nil {
		return err
	}
	io.Copy(io.Discard, os.Stdin)
	return os.WriteFile(path, nil, 0o600)
})

// A program that is killed doesn't come to see that its standard input ends.
func TestKilledIsNotStopped(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mine")
	for range 20 {
		ctx, kill := context.WithCancel(t.Context())
		c, err := heir.Start(ctx, path, new(string))
		require.NoError(t, err)
		kill()
		require.ErrorIs(t, c.Stop(), context.Canceled)
		require.NoFileExists(t, path)
	}
}

// While one waits for what a program says, too.
func TestContextEndsMeanwhile(t *testing.T) {
	l, address := door(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	connected := make(chan net.Conn, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			t.Error(err)
		}
		connected <- c
		cancel(errClosed)
	}()
	c, err := guest.Start(ctx, address, new(string))
	if err == nil { // it was as fast
		err = c.Ask(new(string))
	}
	require.Same(t, errClosed, err)
	connection := <-connected
	defer connection.Close()
	_, err = connection.Read(make([]byte, 1))
	require.Error(t, err, "the guest has gone")
}

// A child that ends well, and leaves a process behind that has its standard
// error, has ended well.
func TestLeftBehind(t *testing.T) {
	l, address := door(t)
	said, err := Run[string](t.Context(), testator, legacy{Address: address})
	require.NoError(t, err)
	require.Equal(t, "left", said)
	guest, err := l.Accept()
	require.NoError(t, err)
	require.NoError(t, guest.Close(), "it goes when the test does")
}

// If the context ends, nobody waits for what a program has left behind.
func TestContextEndsBeforeWhatIsLeftBehind(t *testing.T) {
	l, address := door(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	var said string
	c, err := testator.Start(ctx, legacy{address, true}, &said)
	require.NoError(t, err)
	require.Equal(t, "connected", said)
	guest, err := l.Accept()
	require.NoError(t, err)
	defer guest.Close()
	asked := make(chan error)
	go func() { asked <- c.Ask(&said) }()
	cancel(errClosed)
	require.Same(t, errClosed, <-asked)
}

func TestCommand(t *testing.T) {
	cmd, err := cook.Command(t.Context(), order{"soup", 1})
	require.NoError(t, err)
	out, err := cmd.Output()
	require.NoError(t, err)
	require.Equal(t, "[\"soup\"]\n", string(out))
}

func TestDefine(t *testing.T) {
	require.PanicsWithValue(t, `again: program "cook" is defined twice`, func() {
		Define("cook", func(struct{}) error { return nil })
	})
	_, err := Run[int](t.Context(), &Program[string]{"waiter"}, "soup")
	require.EqualError(t, err, `waiter: exit status 1: again: there is no program "waiter": Define belongs at package level`)
	_, err = Run[int](t.Context(), &Program[string]{"cook"}, "soup")
	require.ErrorContains(t, err, `cook: exit status 1: again: program "cook" is told "soup": json: cannot unmarshal string`)
	_, err = Run[int](t.Context(), &Program[chan int]{"cook"}, nil)
	require.ErrorContains(t, err, `again: start program "cook": json: unsupported type`)
}

// A program that does not call Serve would start itself, and that itself, and so
// on.
func TestServeIsMissing(t *testing.T) {
	t.Setenv(variable, "cook {}")
	_, err := Run[int](t.Context(), cook, order{})
	require.EqualError(t, err, "again: is again.Serve the first call of main, and of TestMain?")
}
