package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"strconv"
	"strings"
)

// A chapter is a notebook.Chapter, as its main.go writes it.
type chapter struct {
	folder              string
	line                int // of the literal in main.go
	name, title, answer string
	sections            []section
}

// A section is a notebook.Section, as main.go writes it.
type section struct {
	line        int
	name, title string
	page        string // the folder of its page, "" if that is the chapter's
	claims      []string
	demo        string // the name of the function
	experiment  bool   // whether there is one
}

// page returns the path of the chapter's page.
func (c chapter) page() string { return path.Join(c.folder, pageFile) }

// file returns the name of the file that is the section's lesson in Go.
func (s section) file() string { return strings.ReplaceAll(s.name, "-", "_") + ".go" }

// script returns the name of the file that is its lesson in Python.
func (s section) script() string { return strings.ReplaceAll(s.name, "-", "_") + ".py" }

// label returns the short name of a chapter: the number that its folder begins
// with, or else that of the folder around it, or the folder's name where there
// is none.
func (c chapter) label() string {
	for folder := c.folder; folder != "."; folder = path.Dir(folder) {
		number, _, _ := strings.Cut(path.Base(folder), "-")
		if _, err := strconv.Atoi(number); err == nil {
			return number
		}
	}
	return path.Base(c.folder)
}

// parseChapter reads a main.go without running it, and returns its chapter, if
// it has one that can be read.
func parseChapter(name string, source []byte) ([]chapter, []error) {
	r := literalReader{files: token.NewFileSet()}
	file, err := parser.ParseFile(r.files, name, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, []error{err}
	}
	var found []chapter
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.CompositeLit); ok && isChapter(lit.Type) {
			found = append(found, r.chapter(path.Dir(name), lit))
			return false
		}
		return true
	})
	if len(r.errs) > 0 {
		return nil, r.errs
	}
	return found, nil
}

// isChapter tells whether an expression is the type notebook.Chapter.
func isChapter(expr ast.Expr) bool {
	selector, ok := expr.(*ast.SelectorExpr)
	return ok && selector.Sel.Name == "Chapter" && isIdent(selector.X, "notebook")
}

func isIdent(expr ast.Expr, name string) bool {
	ident, ok := expr.(*ast.Ident)
	return ok && ident.Name == name
}

// A literalReader returns the values of literals, and notes what is none.
type literalReader struct {
	files *token.FileSet
	errs  []error
}

func (r *literalReader) chapter(folder string, lit *ast.CompositeLit) chapter {
	fields := r.fields(lit)
	c := chapter{
		folder: folder, line: r.line(lit),
		name: r.text(fields["Name"]), title: r.text(fields["Title"]), answer: r.text(fields["Answer"]),
	}
	for _, element := range r.elements(fields["Sections"]) {
		if lit, ok := element.(*ast.CompositeLit); ok {
			c.sections = append(c.sections, r.section(lit))
		} else {
			r.refuse(element)
		}
	}
	return c
}

func (r *literalReader) section(lit *ast.CompositeLit) section {
	fields := r.fields(lit)
	s := section{line: r.line(lit), name: r.text(fields["Name"]), title: r.text(fields["Title"]), page: r.text(fields["Page"])}
	for _, element := range r.elements(fields["Claims"]) {
		s.claims = append(s.claims, r.text(element))
	}
	switch demo := fields["Demo"].(type) {
	case nil:
	case *ast.Ident:
		s.demo = demo.Name
	default:
		r.refuse(demo)
	}
	experiment := fields["Experiment"]
	s.experiment = experiment != nil && !isIdent(experiment, "nil")
	return s
}

func (r *literalReader) line(n ast.Node) int { return r.files.Position(n.Pos()).Line }

func (r *literalReader) refuse(n ast.Node) {
	r.errs = append(r.errs, fmt.Errorf("%s:%d: write NAME: LITERAL here, and for Demo a function's name: chapters are read without running them",
		r.files.Position(n.Pos()).Filename, r.line(n)))
}

// fields returns the values of a struct literal by the names of its fields.
func (r *literalReader) fields(lit *ast.CompositeLit) map[string]ast.Expr {
	byName := make(map[string]ast.Expr)
	for _, element := range lit.Elts {
		field, ok := element.(*ast.KeyValueExpr)
		if !ok {
			r.refuse(element)
		} else if key, ok := field.Key.(*ast.Ident); ok {
			byName[key.Name] = field.Value
		}
	}
	return byName
}

// elements returns the elements of a slice literal.
func (r *literalReader) elements(expr ast.Expr) []ast.Expr {
	if expr == nil || isIdent(expr, "nil") {
		return nil
	}
	if lit, ok := expr.(*ast.CompositeLit); ok {
		return lit.Elts
	}
	r.refuse(expr)
	return nil
}

// text returns the value of a string literal, or of several joined by +.
func (r *literalReader) text(expr ast.Expr) string {
	switch e := expr.(type) {
	case nil:
		return ""
	case *ast.BinaryExpr:
		return r.text(e.X) + r.text(e.Y) // only + is defined on strings
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); e.Kind == token.STRING && err == nil {
			return text
		}
	}
	r.refuse(expr)
	return ""
}
