package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// A language is one that a page shows sources of.
type language struct {
	name, suffix string
	partLine     *regexp.Regexp // a comment that begins a part

	// declaration returns the source of a declaration at the top of a file,
	// without what is written above it.
	declaration func(file, source, name string) (string, error)
}

var (
	golang = language{"go", ".go", regexp.MustCompile(`^\s*// part: (\S+)\s*$`), goDeclaration}
	script = language{"python", ".py", regexp.MustCompile(`^\s*# part: (\S+)\s*$`), pythonDeclaration}
)

// code returns the body of a cell that shows Go.
func (m *module) code(folder, argument string) (string, error) {
	return m.excerpt(folder, argument, golang)
}

// python returns the body of a cell that shows Python: declarations of a file,
// or all of it.
func (m *module) python(folder, argument string) (string, error) {
	if strings.Contains(argument, "#") {
		return m.excerpt(folder, argument, script)
	}
	if !strings.HasSuffix(argument, script.suffix) {
		return "", fmt.Errorf("%q is no Python: write FILE.py or FILE.py#NAME", argument)
	}
	_, source, err := m.source(folder, argument)
	return fence(script.name, strings.TrimSpace(source)), err
}

// source returns the path and the text of a file that a page in the folder names.
func (m *module) source(folder, name string) (file, text string, err error) {
	if file, err = inside(folder, name); err != nil {
		return "", "", err
	}
	source, err := fs.ReadFile(m.files, file)
	return file, unix(string(source)), err
}

func (m *module) excerpt(folder, argument string, l language) (string, error) {
	file, names, _ := strings.Cut(argument, "#")
	if !strings.HasSuffix(file, l.suffix) || names == "" {
		return "", fmt.Errorf("%q names no declaration: write FILE%s#NAME", argument, l.suffix)
	}
	file, source, err := m.source(folder, file)
	if err != nil {
		return "", err
	}
	var shown []string
	for name := range strings.SplitSeq(names, ",") {
		name, part, _ := strings.Cut(strings.TrimSpace(name), ":")
		text, err := l.declaration(file, source, name)
		if err != nil {
			return "", err
		}
		if text, err = l.part(text, part); err != nil {
			return "", fmt.Errorf("%s of %s: %w", name, file, err)
		}
		shown = append(shown, narrow(text))
	}
	return fence(l.name, strings.Join(shown, "\n\n")), nil
}

// lesson returns the body of a cell that shows a section's program in Python,
// the same in Go, folded, and what both print.
func (m *module) lesson(folder, argument string) (string, error) {
	s, ok := m.section(folder, argument)
	if !ok {
		return "", fmt.Errorf("the page's chapter has no section %q", argument)
	}
	inPython, err := m.python(folder, s.script())
	if err != nil {
		return "", err
	}
	file, source, err := m.source(folder, s.file())
	if err != nil {
		return "", err
	}
	inGo, err := withoutImports(file, source)
	if err != nil {
		return "", err
	}
	printed, err := m.output(folder, s.demo)
	if err != nil {
		return "", err
	}
	folded := fmt.Sprintf("<details>\n<summary>The same in Go, %d lines</summary>", strings.Count(inGo, "\n")+1)
	return strings.Join([]string{inPython, folded, fence(golang.name, narrow(inGo)), "</details>", "Both print:", printed}, "\n\n"), nil
}

// withoutImports returns what follows the imports of a Go file.
func withoutImports(file, source string) (string, error) {
	fset := token.NewFileSet()
	parsed, err := parser.ParseFile(fset, file, source, parser.ImportsOnly)
	if err != nil {
		return "", err
	}
	end := parsed.Name.End()
	for _, decl := range parsed.Decls {
		end = decl.End()
	}
	return strings.TrimSpace(source[fset.Position(end).Offset:]), nil
}

// narrow makes the indentation of Go four columns wide; GitHub shows a tab as
// eight.
func narrow(text string) string {
	return leadingTabs.ReplaceAllStringFunc(text, func(tabs string) string {
		return strings.Repeat("    ", len(tabs))
	})
}

var leadingTabs = regexp.MustCompile(`(?m)^\t+`)

// closingLine matches the last line of a declaration that has a body.
var closingLine = regexp.MustCompile(`^[)\]}]`)

// part returns the lines of a declaration that belong to a part, dedented, or
// all of them where the name is empty. It leaves out the lines that mark parts.
func (l language) part(text, name string) (string, error) {
	var lines, names []string
	current := ""
	for text := range strings.SplitSeq(text, "\n") {
		if found := l.partLine.FindStringSubmatch(text); found != nil {
			current = found[1]
			if slices.Contains(names, current) {
				return "", fmt.Errorf("there are two parts %q", current)
			}
			if current != "end" {
				names = append(names, current)
			}
		} else if name == "" || current == name {
			lines = append(lines, text)
		}
	}
	if name == "" {
		return strings.TrimRight(strings.Join(lines, "\n"), "\n"), nil
	}
	if !slices.Contains(names, name) {
		return "", fmt.Errorf("there is no part %q: it has %s", name, list(names))
	}
	if last := len(lines) - 1; current == name && last >= 0 && closingLine.MatchString(lines[last]) {
		lines = lines[:last] // the part ends where the body does
	}
	shown := dedent(lines)
	if shown == "" {
		return "", fmt.Errorf("the part %q is empty", name)
	}
	return shown, nil
}

// dedent joins lines without the white space that all of them begin with, and
// without blank lines around them.
func dedent(lines []string) string {
	indent, first := "", true
	for i, text := range lines {
		code := strings.TrimLeft(text, " \t")
		if code == "" {
			lines[i] = ""
			continue
		}
		space := text[:len(text)-len(code)]
		if first {
			indent, first = space, false
		}
		for !strings.HasPrefix(space, indent) {
			indent = indent[:len(indent)-1]
		}
	}
	for i, text := range lines {
		lines[i] = strings.TrimPrefix(text, indent)
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// goDeclaration returns the source of a declaration of a Go file: of a
// function, of a method by Type.Method, of a type, a constant or a variable. A
// group is shown whole.
func goDeclaration(file, source, name string) (string, error) {
	fset := token.NewFileSet()
	parsed, err := parser.ParseFile(fset, file, source, parser.SkipObjectResolution)
	if err != nil {
		return "", err
	}
	var all []string
	for _, decl := range parsed.Decls {
		names := declared(decl)
		if slices.Contains(names, name) {
			position := fset.File(decl.Pos())
			start, end := position.Offset(decl.Pos()), position.Offset(decl.End())
			// A comment at the end of the line belongs to it.
			rest, _, _ := strings.Cut(source[end:], "\n")
			if strings.HasPrefix(strings.TrimLeft(rest, " \t"), "//") {
				end += len(rest)
			}
			return source[start:end], nil
		}
		all = append(all, names...)
	}
	return "", fmt.Errorf("%s declares no %q: it has %s", file, name, list(all))
}

// declared returns the names that a declaration declares.
func declared(decl ast.Decl) (names []string) {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil || len(d.Recv.List) == 0 {
			return []string{d.Name.Name}
		}
		return []string{receiver(d.Recv.List[0].Type) + "." + d.Name.Name}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				names = append(names, s.Name.Name)
			case *ast.ValueSpec:
				for _, ident := range s.Names {
					names = append(names, ident.Name)
				}
			}
		}
	}
	return names
}

// receiver returns the name of a method's type: T of (t *T[E]).
func receiver(expr ast.Expr) (name string) {
	ast.Inspect(expr, func(n ast.Node) bool {
		if ident, ok := n.(*ast.Ident); ok && name == "" {
			name = ident.Name
		}
		return name == ""
	})
	return name
}

var (
	pythonStart  = regexp.MustCompile(`^(?:(?:async[ \t]+def|def|class)[ \t]+(\w+)|(\w+)[ \t]*(?::[^=]*)?=(?:[^=]|$))`)
	trailingLine = regexp.MustCompile(`^\s*(#.*)?$`) // blank, or a comment
)

// pythonDeclaration returns the source of a declaration of a Python file: of a
// function or a class, with its decorators, or of an assignment. It ends before
// the next line that begins at column 0, other than with a closing bracket.
func pythonDeclaration(file, source, name string) (string, error) {
	lines := strings.Split(source, "\n")
	start, end, decorated := -1, len(lines), -1
	var all []string
	for i, text := range lines {
		if text == "" || strings.ContainsAny(text[:1], " \t)]}") {
			continue
		}
		if start >= 0 {
			end = i
			break
		}
		if text[0] == '@' {
			if decorated < 0 {
				decorated = i
			}
			continue
		}
		if found := pythonStart.FindStringSubmatch(text); found != nil {
			all = append(all, found[1]+found[2])
			if all[len(all)-1] == name {
				start = i
				if decorated >= 0 {
					start = decorated
				}
			}
		}
		decorated = -1
	}
	if start < 0 {
		return "", fmt.Errorf("%s declares no %q: it has %s", file, name, list(all))
	}
	for trailingLine.MatchString(lines[end-1]) { // the first line is none
		end--
	}
	text := strings.Join(lines[start:end], "\n")
	for _, quotes := range []string{`"""`, "'''"} {
		if strings.Count(text, quotes)%2 != 0 {
			return "", fmt.Errorf("%s: a string in %s has a line at column 0, where weave takes %[2]s to end: indent it", file, name)
		}
	}
	return text, nil
}
