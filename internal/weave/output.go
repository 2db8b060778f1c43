package main

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strings"
	"unicode"
)

// output returns the body of a cell that shows the Output of an Example: NAME,
// or FOLDER/NAME of another folder.
func (m *module) output(folder, argument string) (string, error) {
	elsewhere, argument := path.Split(argument)
	folder, err := inside(folder, elsewhere)
	if err != nil || argument == "" {
		return "", cmp.Or(err, errors.New("an Example has a name: write NAME or FOLDER/NAME"))
	}
	files, err := fs.Glob(m.files, path.Join(folder, "*_test.go"))
	if err != nil {
		return "", err
	}
	name := "Example_" + argument
	if unicode.IsUpper([]rune(argument)[0]) {
		name = "Example" + argument
	}
	if argument == "Example" { // of the package
		name = argument
	}
	examples, err := m.examples(files...)
	if err != nil {
		return "", err
	}
	example, ok := examples[name]
	if !ok {
		return "", fmt.Errorf("no file %s declares %s", path.Join(folder, "*_test.go"), name)
	}
	if example.Output == "" {
		return "", fmt.Errorf("%s has no output: write // Output: and what it prints at its end", name)
	}
	check := "checks every line"
	if example.Unordered {
		check = "checks the lines, which may come in any order"
	}
	how := fmt.Sprintf("<code>%s</code> %s.", m.goCommand("test", folder, "-run", name), check)
	if s, ok := m.section(folder, argument); ok && m.has(path.Join(folder, s.script())) {
		how = fmt.Sprintf("Run them: <code>python3 %[1]s/%[2]s</code> and <code>go run ./%[1]s %[3]s</code>.",
			folder, s.script(), s.name)
	}
	return fmt.Sprintf("%s\n\n<sub>%s</sub>", fence("text", strings.Trim(example.Output, "\n")), how), nil
}

// section returns the section of that name, or with that demo, of the chapter
// in a folder.
func (m *module) section(folder, name string) (section, bool) {
	for _, c := range m.chapters {
		for _, s := range c.sections {
			if c.folder == folder && (s.name == name || s.demo == name) {
				return s, true
			}
		}
	}
	return section{}, false
}

// has tells whether there is such a file.
func (m *module) has(name string) bool {
	_, err := fs.Stat(m.files, name)
	return err == nil
}

// examples returns the Examples of test files by the names of their functions.
func (m *module) examples(files ...string) (map[string]*doc.Example, error) {
	var parsed []*ast.File
	for _, file := range files {
		source, err := fs.ReadFile(m.files, file)
		if err != nil {
			return nil, err
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, source, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		parsed = append(parsed, f)
	}
	byName := make(map[string]*doc.Example)
	for _, example := range doc.Examples(parsed...) {
		byName["Example"+example.Name] = example
	}
	return byName, nil
}
