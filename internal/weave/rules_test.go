package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/notebook"
)

func TestPagesAreWoven(t *testing.T) {
	root, err := moduleRoot(".")
	require.NoError(t, err)
	stale, errs := weave(root)
	for _, err := range errs {
		t.Error(err)
	}
	for _, s := range stale {
		t.Errorf("%s%s", s.diff, cure)
	}
}

// TestChaptersHoldTogether checks that a section's heading, entry in main.go,
// file, demo and Example are there, and go by the same name.
func TestChaptersHoldTogether(t *testing.T) {
	root, err := moduleRoot(".")
	require.NoError(t, err)
	for _, finding := range findings(root) {
		t.Error(finding)
	}
}

// findings returns where the chapters below root do not hold together.
func findings(root string) []string {
	m, errs := readModule(root)
	var found []string
	for _, err := range errs {
		found = append(found, err.Error())
	}
	for _, c := range m.chapters {
		found = append(found, inspect(m, c)...)
	}
	for _, p := range m.pages {
		found = append(found, p.typedNumbers()...)
	}
	return found
}

// An inspector looks at one chapter.
type inspector struct {
	*module
	chapter
	record    notebook.Record
	functions map[string][]string // by their file
	imports   []string            // the names of the packages that the chapter imports
	found     []string
}

func inspect(m *module, c chapter) []string {
	i := &inspector{module: m, chapter: c, functions: make(map[string][]string)}
	if c.name != c.folder {
		i.report(c.line, "the chapter's name is %q: its folder is %q", c.name, c.folder)
	}
	i.readSources()
	i.readRecord()
	var names []string
	for _, s := range c.sections {
		if slices.Contains(names, s.name) {
			i.report(s.line, "there are two sections %q", s.name)
		}
		names = append(names, s.name)
		i.inspectName(s)
		i.inspectDemo(s)
		i.inspectExample(s)
		for _, no := range s.claims {
			if _, ok := notebook.ClaimByNo(no); !ok {
				i.report(s.line, "section %q quotes claim %q, which is not in notebook.Claims", s.name, no)
			}
		}
	}
	i.inspectPage()
	return i.found
}

// report notes a finding about a line of main.go.
func (i *inspector) report(line int, format string, args ...any) {
	i.found = append(i.found, fmt.Sprintf("%s/%s:%d: %s", i.folder, programFile, line, fmt.Sprintf(format, args...)))
}

// readSources reads what the chapter's files declare and import.
func (i *inspector) readSources() {
	files, err := fs.Glob(i.files, path.Join(i.folder, "*.go"))
	if err != nil {
		i.report(i.line, "%v", err)
	}
	for _, name := range files {
		source, err := fs.ReadFile(i.files, name)
		if err != nil {
			i.report(i.line, "%v", err)
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.SkipObjectResolution)
		if err != nil {
			i.found = append(i.found, err.Error())
			continue
		}
		for _, decl := range file.Decls {
			if _, ok := decl.(*ast.FuncDecl); ok {
				i.functions[path.Base(name)] = append(i.functions[path.Base(name)], declared(decl)...)
			}
		}
		for _, spec := range file.Imports {
			i.imports = append(i.imports, importName(spec))
		}
	}
}

var version = regexp.MustCompile(`/v[0-9]+$`)

func importName(spec *ast.ImportSpec) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	imported, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return ""
	}
	return path.Base(version.ReplaceAllString(imported, ""))
}

func (i *inspector) readRecord() {
	record, err := i.module.record(i.folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		i.report(i.line, "%v", err)
	}
	i.record = record
	for _, r := range record.Sections {
		if !slices.ContainsFunc(i.sections, func(s section) bool { return s.name == r.Section }) {
			i.report(i.line, "recorded.json has a section %q, the chapter has none", r.Section)
		}
	}
}

// programs returns the folder of the programs that a section runs as children,
// if it does: their code counts as the section's.
func (s section) programs() string { return "testdata/" + strings.ReplaceAll(s.name, "-", "_") }

var kebab = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// anySystem is a system that no file is written for: it takes only those files
// whose names end in no system and no processor.
var anySystem = build.Context{
	GOOS: "any", GOARCH: "any", Compiler: "gc",
	OpenFile: func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("package main\n")), nil },
}

func (i *inspector) inspectName(s section) {
	if !kebab.MatchString(s.name) {
		i.report(s.line, "section %q: write its name in lower case, with hyphens between words", s.name)
	}
	ok, err := anySystem.MatchFile(i.folder, s.file())
	if err != nil || !ok || strings.HasSuffix(s.file(), "_test.go") {
		i.report(s.line, "section %q: go build reads the end of the name of %s as a system, a processor or a test", s.name, s.file())
	}
}

func (i *inspector) inspectDemo(s section) {
	declared, ok := i.functions[s.file()]
	if !ok {
		i.report(s.line, "section %q has no file %s", s.name, s.file())
	} else if !slices.Contains(declared, s.demo) {
		i.report(s.line, "section %q: %s does not declare its demo %s", s.name, s.file(), s.demo)
	}
	want := lowerCamel(s.name)
	if s.demo == want {
		return
	}
	plain := strings.ReplaceAll(s.name, "-", "")
	if taken := token.IsKeyword(want) || slices.Contains(i.imports, want); !taken {
		i.report(s.line, "section %q: its demo is %s, and should be %s", s.name, s.demo, want)
	} else if !strings.Contains(strings.ToLower(s.demo), plain) {
		i.report(s.line, "section %q: its demo is %s, and should have the section's name in it", s.name, s.demo)
	}
}

// lowerCamel returns the name of a section as that of a function: cpu-bound
// gives cpuBound, leave-the-gil gives leaveTheGIL.
func lowerCamel(name string) string {
	var b strings.Builder
	for n, word := range strings.Split(name, "-") {
		switch {
		case n == 0 || word == "":
		case slices.Contains([]string{"cpu", "io", "gil", "os"}, word):
			word = strings.ToUpper(word)
		default:
			word = strings.ToUpper(word[:1]) + word[1:]
		}
		b.WriteString(word)
	}
	return b.String()
}

func (i *inspector) inspectExample(s section) {
	name, file := "Example_"+s.demo, path.Join(i.folder, "example_test.go")
	examples, err := i.examples(file)
	if err != nil {
		i.report(s.line, "section %q: %v", s.name, err)
		return
	}
	if example, ok := examples[name]; !ok {
		i.report(s.line, "section %q: %s does not declare %s", s.name, file, name)
	} else if example.Output == "" {
		i.report(s.line, "section %q: %s has no output", s.name, name)
	}
}

func (i *inspector) inspectPage() {
	if _, ok := i.module.page(i.folder); !ok {
		i.report(i.line, "the chapter has no page %s", i.chapter.page())
		return
	}
	last := make(map[string]int) // the line of the heading before, by page
	for _, s := range i.sections {
		p, ok := i.module.page(path.Join(i.folder, s.page))
		if !ok {
			i.report(s.line, "section %q has no page %s", s.name, path.Join(i.folder, s.page, pageFile))
			continue
		}
		at := slices.IndexFunc(p.prose, func(l line) bool { return strings.TrimRight(l.text, " ") == "## "+s.title })
		if at < 0 {
			i.report(s.line, "section %q: %s has no heading %q", s.name, p.path, "## "+s.title)
			continue
		}
		heading := p.prose[at].no
		if heading < last[p.path] {
			i.found = append(i.found, fmt.Sprintf("%s:%d: section %q stands elsewhere in %s", p.path, heading, s.name, programFile))
		}
		last[p.path] = heading
		i.inspectText(p, s, p.prose[at:])
	}
}

// newForm tells whether a page has the lesson first and the lab folded.
func (p page) newForm() bool {
	return slices.ContainsFunc(p.cells, func(c cell) bool { return c.kind == "measurement" || c.kind == "answer" })
}

var (
	inlineCode = regexp.MustCompile("`[^`]*`")
	linked     = regexp.MustCompile(`\[[^\]]*\]\([^)]*\)`)
	quoted     = regexp.MustCompile(`“[^”]*”|"[^"]*"`)
	measured   = regexp.MustCompile(`(?i)(\d[\d.,]*(?:\s|&nbsp;)?(?:ns|µs|us|ms|s|sec|seconds?|minutes?|hours?|[kmg]i?b|bytes?|%|×|x|times|hz|cpus?|(?:requests|calls|tasks|threads|messages)? ?(?:a|per|/) ?(?:second|s)))(?:[^\w%×]|$)`)
)

// typedNumbers returns the figures in a page's prose that nobody measured: those
// with a unit, outside of cells, code, quotes and links.
func (p page) typedNumbers() (found []string) {
	if !p.newForm() {
		return nil
	}
	for _, l := range p.prose {
		if strings.HasPrefix(l.text, ">") || strings.HasPrefix(l.text, "<!--") {
			continue
		}
		words := l.words()
		for _, other := range []*regexp.Regexp{inlineCode, linked, quoted} {
			words = other.ReplaceAllString(words, " ")
		}
		for _, number := range measured.FindAllStringSubmatch(words, -1) {
			found = append(found, fmt.Sprintf("%s:%d: the number %q was typed: show what was measured in a figure cell, or link to its source", p.path, l.no, number[1]))
		}
	}
	return found
}

var nextSection = regexp.MustCompile(`^##? `)

// inspectText looks at what stands under the heading of a section, which is the
// first of the lines.
func (i *inspector) inspectText(p page, s section, lines []line) {
	first, end := lines[0].no, len(p.text)
	var quotes string // set apart by a line of their own, so that no claim runs over two
	for n, l := range lines[1:] {
		if nextSection.MatchString(l.text) {
			end = l.no
			break
		}
		if quote, ok := strings.CutPrefix(l.text, ">"); ok {
			if lines[n].no != l.no-1 || !strings.HasPrefix(lines[n].text, ">") {
				quotes += " | "
			}
			quotes += " " + quote
		}
	}
	report := func(format string, args ...any) {
		i.found = append(i.found, fmt.Sprintf("%s:%d: section %q %s", p.path, first, s.name, fmt.Sprintf(format, args...)))
	}
	has := func(kind string, names func(argument string) bool) bool {
		return slices.ContainsFunc(p.cells, func(c cell) bool {
			return c.kind == kind && first < c.line && c.line < end && names(c.argument)
		})
	}

	result, _ := i.record.Section(s.name)
	for _, no := range s.claims {
		if claim, ok := notebook.ClaimByNo(no); ok && !slices.Contains(told(result), no) && !strings.Contains(plainText(quotes), plainText(claim.Words)) {
			report("does not quote claim %s: > %s", no, claim.Words)
		}
	}
	home := path.Dir(p.path)
	whole := has("lesson", func(argument string) bool { return argument == s.name })
	if !whole && !has("code", func(argument string) bool {
		file, _, _ := strings.Cut(argument, "#")
		file = path.Join(home, file)
		return file == path.Join(i.folder, s.file()) || strings.HasPrefix(file, path.Join(i.folder, s.programs())+"/")
	}) {
		report("shows no code of its file: <!-- code: %s#NAME -->", s.file())
	}
	if !whole && s.page == "" && !has("output", func(argument string) bool { return argument == s.demo }) {
		report("does not show the output of its demo: <!-- output: %s -->", s.demo)
	}
	if script := s.script(); !whole && i.has(path.Join(i.folder, script)) && !has("python", func(argument string) bool { return argument == script }) {
		report("does not show its Python, whole: <!-- lesson: %s -->, or <!-- python: %s -->", s.name, script)
	}
	if !s.experiment {
		return
	}
	recorded := relative(home, path.Join(i.folder, s.name))
	if p.newForm() {
		for _, kind := range []string{"answer", "measurement"} {
			shown := func(argument string) bool { return argument == recorded }
			if kind == "answer" && has(kind, func(argument string) bool { return strings.HasPrefix(argument, recorded+" / ") }) {
				for _, a := range result.Answers {
					one := recorded + " / " + a.Claim
					if !has(kind, func(argument string) bool { return argument == one }) {
						report("does not show its answer: <!-- answer: %s -->", one)
					}
				}
			} else if !has(kind, shown) {
				report("does not show its %s: <!-- %[1]s: %s -->", kind, recorded)
			}
		}
	} else if !has("recorded", func(argument string) bool { return argument == recorded }) {
		report("does not show what was recorded: <!-- recorded: %s -->", recorded)
	}
	if len(result.Judgements) == 0 {
		report("has no judgement in recorded.json: record it with: %s -record", i.goCommand("run", i.folder))
	}
	if !p.newForm() {
		return
	}
	var named []notebook.Judgement
	for _, l := range lines {
		if l.no >= end {
			break
		}
		if comment := writtenFor.FindStringSubmatch(l.text); comment != nil {
			outcomes, _ := outcomes(comment[1]) // weave says what is wrong with it
			named = append(named, outcomes...)
		}
	}
	for _, j := range result.Judgements {
		if !slices.ContainsFunc(named, func(o notebook.Judgement) bool { return o.Claim == j.Claim && o.Of == j.Of }) {
			report("does not say which outcome its prose was written for: <!-- written for: %s %s %s -->", j.Claim, j.Of, j.Answer)
		}
	}
}

var straight = strings.NewReplacer("“", `"`, "”", `"`, "‘", "'", "’", "'")

// plainText returns text with single spaces and straight quotation marks.
func plainText(text string) string {
	return straight.Replace(strings.Join(strings.Fields(text), " "))
}

// A change to a file, and how what is found then begins.
type change struct{ name, file, old, new, want string }

func requireFindings(t *testing.T, files tree, changes []change) {
	for _, c := range changes {
		t.Run(c.name, func(t *testing.T) {
			require.Contains(t, files[c.file], c.old)
			got := findings(files.with(tree{c.file: strings.Replace(files[c.file], c.old, c.new, 1)}).write(t))
			require.True(t, slices.ContainsFunc(got, func(finding string) bool { return strings.HasPrefix(finding, c.want) }),
				"%q is not among\n%s", c.want, strings.Join(got, "\n"))
		})
	}
}

func TestFindings(t *testing.T) {
	require.Empty(t, findings(kitchen.write(t)))
	require.Empty(t, findings(tree{"go.mod": "module kitchen\n"}.write(t)), "no chapter, no page")

	const main, page = "01-kettle/main.go", "01-kettle/README.md"
	tests := []change{
		{"chapter's name", main, `"01-kettle"`, `"kettle"`, main + `:5: the chapter's name is "kettle": its folder is "01-kettle"`},
		{"unread field", main, `"The kettle"`, `title`, main + ":7: write NAME: LITERAL"},
		{"section twice", main, "{Name: \"errgroup\"", "{Name: \"boil-water\", Title: \"A group\"},\n\t\t{Name: \"errgroup\"", main + `:14: there are two sections "boil-water"`},
		{"section's name", main, `"errgroup"`, `"errGroup"`, main + `:14: section "errGroup": write its name in lower case`},
		{"test's name", main, `"errgroup"`, `"errgroup-test"`, main + `:14: section "errgroup-test": go build reads the end of the name of errgroup_test.go`},
		{"system's name", main, `"errgroup"`, `"group-windows"`, main + `:14: section "group-windows": go build reads the end of the name of group_windows.go`},
		{"processor's name", main, `"errgroup"`, `"group-arm64"`, main + `:14: section "group-arm64": go build reads the end of the name of group_arm64.go`},
		{"no file", main, `"boil-water"`, `"boil-tea"`, main + `:10: section "boil-tea" has no file boil_tea.go`},
		{"demo elsewhere", "01-kettle/boil_water.go", "func boilWater(", "func boil(", main + `:10: section "boil-water": boil_water.go does not declare its demo boilWater`},
		{"method is no demo", "01-kettle/boil_water.go", "func boilWater(", "func (k kettle) boilWater(", main + `:10: section "boil-water": boil_water.go does not declare its demo boilWater`},
		{"demo's name", main, "Demo: boilWater", "Demo: boil", main + `:10: section "boil-water": its demo is boil, and should be boilWater`},
		{"name not imported", "01-kettle/errgroup.go", "x/sync/errgroup", "x/sync/semaphore", main + `:14: section "errgroup": its demo is waitInErrgroup, and should be errgroup`},
		{"name imported as another", "01-kettle/errgroup.go", `import "`, `import group "`, main + `:14: section "errgroup": its demo is waitInErrgroup, and should be errgroup`},
		{"name not in the demo's", main, "Demo: waitInErrgroup", "Demo: wait", main + `:14: section "errgroup": its demo is wait, and should have the section's name in it`},
		{"no demo", main, "Demo: boilWater, ", "", main + `:10: section "boil-water": its demo is , and should be boilWater`},
		{"no Example", "01-kettle/example_test.go", "Example_boilWater", "Example_boil", main + `:10: section "boil-water": 01-kettle/example_test.go does not declare Example_boilWater`},
		{"Example without output", "01-kettle/example_test.go", "// Output:", "// Prints:", main + `:10: section "boil-water": Example_boilWater has no output`},
		{"file that does not parse", "01-kettle/errgroup.go", "package main", "package", "01-kettle/errgroup.go:3:1: expected"},
		{"unknown claim", main, `"S3"`, `"S3", "S19"`, main + `:14: section "errgroup" quotes claim "S19", which is not in notebook.Claims`},
		{"no heading", page, "## A group", "### A group", main + `:14: section "errgroup": 01-kettle/README.md has no heading "## A group"`},
		{"heading in a code block", page, "## A group", "```\n## A group\n```", main + `:14: section "errgroup": 01-kettle/README.md has no heading "## A group"`},
		{"claim not quoted", page, "> A thread is", "A thread is", page + `:21: section "errgroup" does not quote claim S3: > A thread is the smallest`},
		{"claim misquoted", page, "faster than", "faster then", page + `:6: section "boil-water" does not quote claim S17: > The calculation`},
		{"claim over two quotes", page, "executed\n> faster", "executed\n\n> faster", page + `:6: section "boil-water" does not quote claim S17: > The calculation`},
		{"claim quoted elsewhere", page, "## A group\n", "## A group\n## What else\n", page + `:21: section "errgroup" does not quote claim S3`},
		{"code of another file", page, "code: boil_water.go#boilWater", "code: errgroup.go#waitInErrgroup", page + `:6: section "boil-water" shows no code of its file: <!-- code: boil_water.go#NAME -->`},
		{"output of another", page, "output: waitInErrgroup", "output: boilWater", page + `:21: section "errgroup" does not show the output of its demo: <!-- output: waitInErrgroup -->`},
		{"another's record", page, "recorded: boil-water", "recorded: ../01-kettle/boil-water", page + `:6: section "boil-water" does not show what was recorded: <!-- recorded: boil-water -->`},
		{"nothing judged", main, "Demo: waitInErrgroup", "Demo: waitInErrgroup, Experiment: wait", page + `:21: section "errgroup" has no judgement in recorded.json: record it with: go run ./01-kettle -record`},
		{"record changed by hand", "01-kettle/recorded.json", "2026-11-23", "2026-11-24", main + ":5: "},
		{"section recorded in vain", main, `{Name: "errgroup"`, `{Name: "group"`, main + `:14: section "group" has no file group.go`},
		{"cell not closed", page, "<!-- /nav -->", "", page + ":12: <!-- code: boil_water.go#boilWater --> stands inside the cell that line 3 opens"},
	}
	requireFindings(t, kitchen, tests)

	t.Run("a section on an engine's page", func(t *testing.T) {
		files := kitchen.with(tree{
			main:                      strings.Replace(kitchen[main], `Title: "A group",`, `Title: "A group", Page: "pot",`, 1),
			page:                      kitchen[page][:strings.Index(kitchen[page], "## A group")],
			"01-kettle/pot/README.md": "# The pot\n\n" + strings.ReplaceAll(kitchen[page][strings.Index(kitchen[page], "## A group"):], "code: ../01-kettle/errgroup.go", "code: ../errgroup.go"),
		})
		without := files.with(nil)
		delete(without, "01-kettle/pot/README.md")
		require.Contains(t, strings.Join(findings(without.write(t)), "\n"), `section "errgroup" has no page 01-kettle/pot/README.md`)
		for _, finding := range findings(files.write(t)) {
			require.NotContains(t, finding, `"errgroup"`)
		}
		root := files.write(t)
		_, _, stderr := runWeave(root)
		require.NotContains(t, stderr, "errgroup.go")
	})
	t.Run("order of the headings", func(t *testing.T) {
		head, rest, _ := strings.Cut(kitchen[page], "## Boil")
		first, second, _ := strings.Cut(rest, "## A group")
		second, tail, _ := strings.Cut(second, "## What")
		files := kitchen.with(tree{page: head + "## A group" + second + "## Boil" + first + "## What" + tail})
		require.Equal(t, []string{page + `:6: section "errgroup" stands elsewhere in main.go`}, findings(files.write(t)))
	})
	t.Run("code of the section's programs", func(t *testing.T) {
		show := func(file string) tree {
			return kitchen.with(tree{
				"01-kettle/" + file: "package main\n\nfunc main() {}\n",
				page:                strings.ReplaceAll(kitchen[page], "code: boil_water.go#boilWater", "code: "+file+"#main"),
			})
		}
		require.Empty(t, findings(show("testdata/boil_water/dry/main.go").write(t)))
		require.Equal(t, []string{page + `:6: section "boil-water" shows no code of its file: <!-- code: boil_water.go#NAME -->`},
			findings(show("testdata/boil_water_again/main.go").write(t)))
	})
	t.Run("no page", func(t *testing.T) {
		files := kitchen.with(nil)
		delete(files, page)
		require.Equal(t, []string{main + ":5: the chapter has no page 01-kettle/README.md"}, findings(files.write(t)))
	})
	t.Run("no example_test.go", func(t *testing.T) {
		files := kitchen.with(nil)
		delete(files, "01-kettle/example_test.go")
		require.Len(t, findings(files.write(t)), 2)
	})
	t.Run("section recorded in vain", func(t *testing.T) {
		record := kettleRecord
		record.Sections = append(slices.Clone(record.Sections), notebook.Result{Section: "brew-tea"})
		files := kitchen.with(tree{"01-kettle/recorded.json": signed(record)})
		require.Equal(t, []string{main + `:5: recorded.json has a section "brew-tea", the chapter has none`}, findings(files.write(t)))
	})
}

// TestNewForm changes a page that has the lesson first, and sees what is found.
func TestNewForm(t *testing.T) {
	const main, page = "01-kettle/main.go", "01-kettle/README.md"
	answers := []notebook.Answer{
		{Of: notebook.CPython, Lead: "In Python, that's true.", Text: "It boils.", Claim: "S17"},
		{Of: notebook.Go, Lead: "In Go, we can't tell here.", Text: "It's cold.", Claim: "S1"},
	}
	answered := func(r *notebook.Result) { r.Answers = answers }
	files := kitchen.with(recordedWith(answered)).with(tree{
		"01-kettle/boil_water.py": "print('filled')\n",
		page: strings.Replace(kitchen[page], "<!-- recorded: boil-water -->\n<!-- /recorded -->\n", `<!-- answer: boil-water -->
<!-- /answer -->

<!-- python: boil_water.py -->
<!-- /python -->

<!-- written for: S17 yes, Go no; S1 Go can't tell here -->
It takes <!-- figure: boil-water / alone -->1.00<!-- /figure --> of it, and `+"`5 ms`"+`, [5 ms](source) and “5 ms”.

<!-- measurement: boil-water -->
<!-- /measurement -->
`, 1),
	})
	require.Empty(t, findings(files.write(t)))
	requireFindings(t, files, []change{
		{"no answer", page, "<!-- answer: boil-water -->\n<!-- /answer -->\n", "", page + `:6: section "boil-water" does not show its answer: <!-- answer: boil-water -->`},
		{"one of two answers", page, "<!-- answer: boil-water -->", "<!-- answer: boil-water / S17 -->", page + `:6: section "boil-water" does not show its answer: <!-- answer: boil-water / S1 -->`},
		{"no measurement", page, "<!-- measurement: boil-water -->\n<!-- /measurement -->\n", "", page + `:6: section "boil-water" does not show its measurement`},
		{"another's answer", page, "<!-- answer: boil-water -->", "<!-- answer: ../02-orders/boil-water -->", page + `:6: section "boil-water" does not show its answer`},
		{"no Python", page, "<!-- python: boil_water.py -->\n<!-- /python -->\n", "", page + `:6: section "boil-water" does not show its Python, whole: <!-- lesson: boil-water -->, or <!-- python: boil_water.py -->`},
		{"a part of the Python", page, "boil_water.py -->", "boil_water.py#boil -->", page + `:6: section "boil-water" does not show its Python, whole`},
		{"an outcome is missing", page, "; S1 Go can't tell here", "", page + `:6: section "boil-water" does not say which outcome its prose was written for: <!-- written for: S1 Go can't tell here -->`},
		{"a typed time", page, "It takes", "It takes 5 ms or", page + `:25: the number "5 ms" was typed`},
		{"a typed ratio", page, "It takes", "It takes 1.02×, so", page + `:25: the number "1.02×" was typed`},
		{"a typed size", page, "It takes", "It takes 2 KiB, so", page + `:25: the number "2 KiB" was typed`},
		{"a typed rate", page, "It takes", "It takes 3,000 requests a second, so", page + `:25: the number "3,000 requests a second" was typed`},
		{"a typed share", page, "It takes", "It takes 19 %, so", page + `:25: the number "19 %" was typed`},
	})
	t.Run("a finding that's told needs no quote", func(t *testing.T) {
		quote := "> The notes (S17): “The calculation operation executed\n"
		require.Contains(t, files[page], quote)
		unquoted := tree{page: strings.Replace(files[page], quote, "", 1)}
		require.NotEmpty(t, findings(files.with(unquoted).write(t)))
		answers[0].Lead = ""
		require.Empty(t, findings(files.with(unquoted).with(recordedWith(answered)).write(t)))
		answers[0].Lead = "In Python, that's true."
	})
	t.Run("numbers that nobody measured", func(t *testing.T) {
		changed := files.with(tree{page: strings.Replace(files[page], "It takes", "Ten threads, 40 requests, 3.14 and Go 1.26 take", 1)})
		require.Empty(t, findings(changed.write(t)))
	})
}

func TestLowerCamel(t *testing.T) {
	for name, want := range map[string]string{
		"mutex": "mutex", "cpu-bound": "cpuBound", "io-bound": "ioBound", "leave-the-gil": "leaveTheGIL",
		"two-os-threads": "twoOSThreads", "one-io-1": "oneIO1", "a-": "a",
	} {
		require.Equal(t, want, lowerCamel(name))
	}
}
