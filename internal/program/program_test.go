package program

import (
	"embed"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"
)

//go:embed testdata
var files embed.FS

const limit = 20 * time.Second

func build(t *testing.T, mode Mode, name string) *Program {
	t.Helper()
	p, err := Build(t.Context(), mode, files, "testdata/"+name)
	if missing := (*CannotBuild)(nil); err != nil {
		require.ErrorAs(t, err, &missing)
		t.Skip(missing)
	}
	t.Cleanup(p.Remove)
	return p
}

func TestDeadlockIsSeen(t *testing.T) {
	ran, err := build(t, Plain, "deadlock").Run(t.Context(), limit)
	require.NoError(t, err)
	require.Equal(t, 2, ran.ExitCode)
	require.False(t, ran.TimedOut)
	require.True(t, strings.HasPrefix(ran.Output, "fatal error: all goroutines are asleep - deadlock!\n"), ran.Output)
}

func TestRaceIsReported(t *testing.T) {
	ran, err := build(t, Race, "race").Run(t.Context(), limit)
	require.NoError(t, err)
	require.Equal(t, 66, ran.ExitCode)
	races := Races(ran.Output)
	require.Len(t, races, 1, ran.Output)
	require.Regexp(t, `^(read|write) in main\.main(\.func1)? \(main\.go:\d+\), previous (read|write) in main\.main(\.func1)? \(main\.go:\d+\)$`, races[0])
}

func TestEndlessProgramIsKilled(t *testing.T) {
	ran, err := build(t, Plain, "endless").Run(t.Context(), 20*time.Millisecond)
	require.NoError(t, err)
	require.True(t, ran.TimedOut)
}

// needGo skips a test of what the go command says, where there is none.
func needGo(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip(err)
	}
}

func TestBuildErrors(t *testing.T) {
	needGo(t)
	_, err := Build(t.Context(), Plain, files, "testdata/broken")
	require.ErrorContains(t, err, "building testdata/broken: ")
	require.ErrorContains(t, err, "undefined: undefined")
	t.Setenv("PATH", t.TempDir())
	_, err = Build(t.Context(), Plain, files, "testdata/deadlock")
	require.EqualError(t, err, "the go command, which builds the program, was not found on PATH")
}

func TestNothingIsLeft(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	p := build(t, Plain, "deadlock")
	p.Remove()
	_, _ = Build(t.Context(), Plain, files, "testdata/broken")
	left, err := os.ReadDir(temp)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestRelativeTemporaryFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.Mkdir("temp", 0o700))
	t.Setenv(temporary(), "temp")
	s := NewShelf(files)
	t.Cleanup(s.Close)
	race := build(t, Race, "race") // or skip
	cgo, err := Build(t.Context(), Race, fstest.MapFS{"cgo/main.go": {Data: []byte(withCgo)}}, "cgo")
	require.NoError(t, err)
	t.Cleanup(cgo.Remove)
	for name, p := range map[string]*Program{
		"build": build(t, Plain, "deadlock"), "race": race, "cgo": cgo, "shelf": get(t, s, "testdata/deadlock"),
	} {
		require.True(t, filepath.IsAbs(p.path), name)
		t.Chdir(t.TempDir()) // and it can be run from anywhere
		ran, err := p.Run(t.Context(), limit)
		require.NoError(t, err, name)
		require.NotZero(t, ran.ExitCode, name)
	}
}

// The C compiler and the linker use the folder for temporary files, too.
const withCgo = "package main\n\nimport \"C\"\n\nfunc main() { panic(0) }\n"

// In a child that has a folder for temporary files of its own.
const inTemporary = "PROGRAM_TEST_TEMPORARY"

func TestTemporaryFolderIsOfNoUse(t *testing.T) {
	if os.Getenv(inTemporary) != "" {
		_, err := Build(t.Context(), Plain, files, "testdata/deadlock")
		s := NewShelf(files)
		defer s.Close()
		for range 2 {
			_, again := s.Get(t.Context(), Plain, "testdata/deadlock")
			require.Equal(t, err, again)
		}
		var missing *CannotBuild
		require.ErrorAs(t, err, &missing)
		os.WriteFile(os.Getenv(inTemporary), []byte(missing.Why), 0o600)
		return
	}
	build(t, Plain, "deadlock") // or skip
	for _, c := range []struct{ mount, why string }{
		{"", "cannot be used (no such file or directory): set TMPDIR to a folder that can be written to and has room"},
		{"ro", "cannot be used (read-only file system): set TMPDIR to a folder that can be written to and has room"},
		{"size=4k", "cannot be used (no space left on device): set TMPDIR to a folder that can be written to and has room"},
		{"size=128k", "cannot be used (no space left on device): set TMPDIR to a folder that can be written to and has room"},
		{"noexec", "does not let programs run: set TMPDIR to a folder on a file system that does"},
	} {
		t.Run("mounted "+c.mount, func(t *testing.T) {
			folder, said := t.TempDir(), filepath.Join(t.TempDir(), "said")
			run := []string{os.Args[0], "-test.run=^TestTemporaryFolderIsOfNoUse$"}
			if c.mount == "" {
				folder = filepath.Join(folder, "nowhere")
			} else {
				mount := []string{"unshare", "-rm", "sh", "-c", `mount -t tmpfs -o "$0" tmpfs "$1" && shift && exec "$@"`, c.mount, folder}
				if exec.Command(mount[0], append(mount[1:], "true")...).Run() != nil {
					t.Skip("no file system can be mounted here")
				}
				run = append(mount, run...)
			}
			cmd := exec.CommandContext(t.Context(), run[0], run[1:]...)
			cmd.Env = append(os.Environ(), "TMPDIR="+folder, "TMP="+folder, inTemporary+"="+said)
			out, err := cmd.CombinedOutput()
			require.NoError(t, err, "%s", out)
			why, err := os.ReadFile(said)
			require.NoError(t, err)
			if runtime.GOOS == "windows" {
				require.Contains(t, string(why), "set TMP to")
				return
			}
			require.Equal(t, "the temporary folder "+folder+" "+c.why, string(why))
		})
	}
}

// Where Build cannot know, Run says it.
func TestProgramMayNotStart(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such permission")
	}
	p := build(t, Plain, "deadlock")
	require.NoError(t, os.Chmod(p.path, 0o600))
	_, err := p.Run(t.Context(), limit)
	var missing *CannotBuild
	require.ErrorAs(t, err, &missing)
	require.Contains(t, missing.Why, "does not let programs run: set TMPDIR to a folder on a file system that does")
}

func TestVet(t *testing.T) {
	found, err := Vet(t.Context(), files, "testdata/copied")
	if missing := (*CannotBuild)(nil); errors.As(err, &missing) {
		t.Skip(missing)
	}
	require.NoError(t, err)
	require.Equal(t, Result{Output: "main.go:10:9: open passes lock by value: program.till contains sync.Mutex\n", ExitCode: 1}, found)
	silent, err := Vet(t.Context(), files, "testdata/deadlock")
	require.NoError(t, err)
	require.Zero(t, silent)

	_, err = Vet(t.Context(), files, "testdata/broken")
	require.ErrorContains(t, err, "vetting testdata/broken: ")
	require.ErrorContains(t, err, "undefined: undefined")
	_, err = Vet(t.Context(), files, "testdata/nowhere")
	require.ErrorIs(t, err, fs.ErrNotExist)
	t.Setenv("PATH", t.TempDir())
	_, err = Vet(t.Context(), files, "testdata/copied")
	require.EqualError(t, err, "the go command, which builds the program, was not found on PATH")
}

func TestTelling(t *testing.T) {
	const deadlock = `3 tickets left

fatal error: all goroutines are asleep - deadlock!

goroutine 1 [sync.WaitGroup.Wait]:
sync.runtime_SemacquireWaitGroup(0x485ad3?, 0x50?)
	/usr/local/go/src/runtime/sema.go:114 +0x2e
main.main()
	/tmp/lock_order/main.go:30 +0x197

goroutine 19 [sync.Mutex.Lock, 2 minutes]:
internal/sync.(*Mutex).Lock(...)
	/usr/local/go/src/internal/sync/mutex.go:70
main.(*room).move(0x545f0a06020, {0x545f0a06030?, 0x1})
	/tmp/lock_order/main.go:24 +0xb6
main.main.func2()
	/tmp/lock_order/main.go:28 +0x1f
created by sync.(*WaitGroup).Go in goroutine 1
	/usr/local/go/src/sync/waitgroup.go:238 +0x73

goroutine 20 [GC worker (idle)]:
runtime.gcBgMarkWorker()
	/usr/local/go/src/runtime/mgc.go:1 +0x1

goroutine 21 [sync.Mutex.Lock]:
main.(*room).move(...)
	/tmp/lock_order/main.go:24 +0xb6
`
	want := []string{
		"3 tickets left",
		"fatal error: all goroutines are asleep - deadlock!",
		"goroutine [sync.WaitGroup.Wait]: main.main",
		"2 goroutines [sync.Mutex.Lock]: main.(*room).move",
	}
	require.Equal(t, want, Telling(deadlock))
	require.Equal(t, want, Telling(strings.ReplaceAll(deadlock, "\n", "\r\n")))

	require.Equal(t, []string{"panic: send on closed channel", "goroutine [running]: main.main.func2"},
		Telling("panic: send on closed channel [recovered, repanicked]\n\ngoroutine 8 [running]:\n"+
			"panic({0x4ae820?, 0x4cfbd0?})\n\t/usr/local/go/src/runtime/panic.go:860 +0x13a\nmain.main.func2()\n"))
	require.Equal(t, []string{"1 sold of 1 ticket"}, Telling("1 sold of 1 ticket\n"))
	require.Empty(t, Telling(""))
}

func TestReadersSettingsAreNotThePrograms(t *testing.T) {
	t.Setenv("GOTRACEBACK", "none")
	ran, err := build(t, Plain, "deadlock").Run(t.Context(), limit)
	require.NoError(t, err)
	require.Equal(t, []string{"fatal error: all goroutines are asleep - deadlock!", "goroutine [chan receive]: main.main"}, Telling(ran.Output))
}
