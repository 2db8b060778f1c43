package main

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/python"
)

// interpreter returns the python3 of this machine, without which a test is
// skipped.
func interpreter(t *testing.T) *python.Interpreter {
	i, err := python.Find(t.Context(), "")
	if err != nil {
		t.Skip(err)
	}
	return i
}

// TestPythonPrintsWhatGoPrints runs the Python of each section, and compares it
// with the Output of the section's Example.
func TestPythonPrintsWhatGoPrints(t *testing.T) {
	i, m := interpreter(t), notebookModule(t)
	for _, c := range m.chapters {
		examples, err := m.examples(path.Join(c.folder, "example_test.go"))
		require.NoError(t, err)
		for _, s := range c.sections {
			if !m.has(path.Join(c.folder, s.script())) {
				continue
			}
			t.Run(c.folder+"/"+s.script(), func(t *testing.T) {
				t.Parallel()
				require.Equal(t, strings.TrimSpace(examples["Example_"+s.demo].Output), output(t, i, m, c.folder, s.script()))
			})
		}
	}
}

// output returns what a program of a folder prints; what needs a newer Python is
// skipped.
func output(t *testing.T, i *python.Interpreter, m *module, folder, script string) string {
	files, err := fs.Sub(m.files, folder)
	require.NoError(t, err)
	text, err := i.Output(t.Context(), files, script)
	if tooOld, ok := errors.AsType[*python.TooOld](err); ok {
		t.Skip(tooOld)
	}
	require.NoError(t, err)
	return strings.TrimSpace(text)
}

// notebookModule is this module.
func notebookModule(t *testing.T) *module {
	root, err := moduleRoot(".")
	require.NoError(t, err)
	m, errs := readModule(root)
	require.Empty(t, errs)
	return m
}

// scripts returns the programs in Python that stand beside the chapters' Go, by
// the folders that they stand in.
func scripts(m *module) map[string][]string {
	byFolder := make(map[string][]string)
	for _, c := range m.chapters {
		for _, s := range c.sections {
			if m.has(path.Join(c.folder, s.script())) {
				byFolder[c.folder] = append(byFolder[c.folder], s.script())
			}
		}
	}
	return byFolder
}

const longest = 60 // lines of a program: it is there to be read

// TestPythonCanBeImported checks what twins and multiprocessing rely on, and
// that no name of a section hides a module of Python's own.
func TestPythonCanBeImported(t *testing.T) {
	i, m := interpreter(t), notebookModule(t)
	for folder, names := range scripts(m) {
		check := "import keyword, sys\n"
		for _, name := range names {
			text, err := fs.ReadFile(m.files, path.Join(folder, name))
			require.NoError(t, err)
			require.LessOrEqual(t, strings.Count(string(text), "\n"), longest, "%s/%s is longer than %d lines", folder, name, longest)
			module := strings.TrimSuffix(name, ".py")
			check += "assert '" + module + "' not in sys.stdlib_module_names and not keyword.iskeyword('" + module + "'), '" + module + "'\n" +
				"import " + module + "\n"
		}
		t.Run(folder, func(t *testing.T) {
			copied := t.TempDir()
			files, err := fs.Sub(m.files, folder)
			require.NoError(t, err)
			for _, name := range names {
				text, err := fs.ReadFile(files, name)
				require.NoError(t, err)
				require.NoError(t, os.WriteFile(path.Join(copied, name), text, 0o600))
			}
			require.NoError(t, os.WriteFile(path.Join(copied, "check_imports.py"), []byte("# Needs Python 3.10 or later.\n"+check), 0o600))
			text, err := i.Output(t.Context(), os.DirFS(copied), "check_imports.py")
			if tooOld, ok := errors.AsType[*python.TooOld](err); ok {
				t.Skip(tooOld)
			}
			require.NoError(t, err)
			require.Empty(t, text, "to import it does nothing")
		})
	}
}

var topLevel = regexp.MustCompile(`(?m)^(?:async )?(?:def|class) (\w+)`)

// TestCopiesAreAlike compares what stands in several programs, since each is to
// be pasted whole: functions of the same name and the same docstring.
func TestCopiesAreAlike(t *testing.T) {
	m := notebookModule(t)
	first := make(map[string]string) // by name and docstring
	where := make(map[string]string)
	for folder, names := range scripts(m) {
		for _, name := range slices.Sorted(slices.Values(names)) {
			file := path.Join(folder, name)
			source, err := fs.ReadFile(m.files, file)
			require.NoError(t, err)
			for _, match := range topLevel.FindAllStringSubmatch(string(source), -1) {
				text, err := pythonDeclaration(file, string(source), match[1])
				require.NoError(t, err)
				doc := regexp.MustCompile(`"""[^"]*"""`).FindString(text)
				if doc == "" {
					continue
				}
				key := match[1] + doc
				if first[key] == "" {
					first[key], where[key] = text, file
				}
				require.Equal(t, first[key], text, "%s in %s and %s", match[1], where[key], file)
			}
		}
	}
}
