package main

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/python"
)

// refused pickles what can't be pickled, and at last reads the name of a
// function that isn't there.
const refused = `
import pickle, threading

def main():
    for value in (lambda: 0), threading.Lock(), open(__file__), (n for n in ()):
        try:
            pickle.dumps(value)
        except Exception as error:
            print(str(error).partition(" at 0x")[0])
    try:
        pickle.loads(b"c__main__\nf\n.")
    except Exception as error:
        print(error)

main()
`

// TestWhatCannotBePickled compares the page's table with what Python says. Each
// version says it in its own words.
func TestWhatCannotBePickled(t *testing.T) {
	i, err := python.Find(t.Context(), "")
	if err != nil {
		t.Skip(err)
	}
	if !strings.HasPrefix(i.Version, "3.14.") || i.Implementation != "CPython" {
		t.Skipf("the page has the words of CPython 3.14, and this is %v", i)
	}
	said, err := i.Output(t.Context(), fstest.MapFS{"refused.py": {Data: []byte(refused)}}, "refused.py")
	require.NoError(t, err)
	page, err := os.ReadFile("README.md")
	require.NoError(t, err)
	_, table, _ := strings.Cut(string(page), "| you send | Python 3.14 says |\n|---|---|\n")
	table, _, _ = strings.Cut(table, "\n\n")
	var shown []string
	for row := range strings.Lines(table) {
		words := strings.Split(row, "`")
		require.Len(t, words, 3, row)
		shown = append(shown, strings.TrimSuffix(words[1], " …>"))
	}
	require.Equal(t, strings.Split(strings.TrimSpace(said), "\n"), shown)
}
