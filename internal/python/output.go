package python

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// TooOld says that a program needs a newer Python than the one at hand.
type TooOld struct {
	Needs string // as in 3.14
	Have  string // as in 3.11.7
}

func (e *TooOld) Error() string {
	return fmt.Sprintf("the program needs Python %s or later, and this is %s", e.Needs, e.Have)
}

// Output runs a program of the files, as a reader would, and returns what it
// prints to standard output, with \r\n as \n. It runs in a temporary folder that
// has all the *.py at the top of files, with nothing on standard input.
//
// The error is a *TooOld if the program's first line is, for instance,
//
//	# Needs Python 3.14 or later.
//
// and this Python is older. Otherwise it tells in one line why the program
// failed, or that it did not end within 20 s. If ctx ends, the error is its cause.
func (i *Interpreter) Output(ctx context.Context, files fs.FS, name string) (string, error) {
	return i.output(ctx, files, name, 20*time.Second)
}

func (i *Interpreter) output(ctx context.Context, files fs.FS, name string, limit time.Duration) (string, error) {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return "", fmt.Errorf("running %s: %w", name, err)
	}
	if needs := needed(text); older(i.Version, needs) {
		return "", &TooOld{Needs: needs, Have: i.Version}
	}
	folder, err := unpack(files)
	if err != nil {
		return "", fmt.Errorf("running %s: %w", name, err)
	}
	defer os.RemoveAll(folder)

	limited, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("it did not end within %v s, stopped", limit.Seconds()))
	defer cancel()
	cmd := command(limited, i.Path, "-B", name)
	stayIn(cmd, folder)
	var stdout bytes.Buffer
	var stderr tail
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	switch err := run(cmd); {
	case err == nil:
		return strings.ReplaceAll(stdout.String(), "\r\n", "\n"), nil
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	case limited.Err() != nil:
		return "", fmt.Errorf("running %s: %w", name, context.Cause(limited))
	default:
		if line := cmp.Or(stderr.telling(), stderr.lastLine()); line != "" {
			err = errors.New(line)
		}
		return "", fmt.Errorf("running %s: %w", name, err)
	}
}

var needs = regexp.MustCompile(`^# Needs Python (\d+(?:\.\d+)*) or later\.\r?(\n|$)`)

// needed returns the version that a program needs, or "" if it does not say.
func needed(program []byte) string {
	if m := needs.FindSubmatch(program); m != nil {
		return string(m[1])
	}
	return ""
}

// older tells whether a version, as in 3.9.18, comes before another, as in 3.14.
func older(version, than string) bool {
	return slices.Compare(numbers(version), numbers(than)) < 0
}

var number = regexp.MustCompile(`\d+`)

func numbers(version string) (all []int) {
	for _, digits := range number.FindAllString(version, -1) {
		n, _ := strconv.Atoi(digits) // too many digits are the largest number
		all = append(all, n)
	}
	return all
}
