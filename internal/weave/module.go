package main

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"concurrency-notebook/internal/notebook"
)

const (
	pageFile    = "README.md"
	programFile = "main.go"
)

// A module is the notebook on disk. Paths in it are relative to its root, with
// slashes.
type module struct {
	root     string
	files    fs.FS
	pages    []page
	chapters []chapter // in the order in which they are read
}

// readModule reads the pages and the chapters below root, and returns with them
// all that is wrong there. The notebook's pages are the one at the root, those
// with Go in their folder or below it, and those with markers.
func readModule(root string) (*module, []error) {
	m := &module{root: root, files: os.DirFS(root)}
	var errs []error
	var files []string             // all pages and programs
	hasGo := make(map[string]bool) // whether there is Go in a folder or below it
	err := fs.WalkDir(m.files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name != "." && m.foreign(name) {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(name) == ".go" {
			for folder := path.Dir(name); !hasGo[folder]; folder = path.Dir(folder) {
				hasGo[folder] = true
			}
		}
		if base := entry.Name(); base == pageFile || base == programFile {
			files = append(files, name)
		}
		return nil
	})
	if err != nil {
		errs = append(errs, err)
	}
	for _, name := range files {
		folder := path.Dir(name)
		isPage := path.Base(name) == pageFile
		if !isPage && (folder == "." || slices.Contains(strings.Split(folder, "/"), "internal")) {
			continue
		}
		text, err := fs.ReadFile(m.files, name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		var refused []error
		if !isPage {
			var c []chapter
			c, refused = parseChapter(name, text)
			m.chapters = append(m.chapters, c...)
		} else if folder == "." || hasGo[folder] || len(almostMarkers(string(text))) > 0 {
			var p page
			p, refused = parsePage(name, string(text))
			m.pages = append(m.pages, p)
		}
		errs = append(errs, refused...)
	}
	slices.SortFunc(m.chapters, m.inOrder)
	return m, errs
}

// foreign tells whether a folder is none of the notebook's: what is installed
// there brings pages of its own. A module inside the notebook's is one of its
// rooms if its path says so.
func (m *module) foreign(folder string) bool {
	base := path.Base(folder)
	if strings.ContainsAny(base[:1], "._") || slices.Contains([]string{"node_modules", "testdata", "vendor"}, base) {
		return true
	}
	if slices.ContainsFunc([]string{"pyvenv.cfg", ".git"}, func(name string) bool { return m.has(path.Join(folder, name)) }) {
		return true
	}
	return m.has(path.Join(folder, goMod)) && m.modulePath(folder) != path.Join(m.modulePath("."), folder)
}

const goMod = "go.mod"

var moduleLine = regexp.MustCompile(`(?m)^module[ \t]+"?([^\s"]+)`)

// modulePath returns the path of the module whose go.mod is in a folder, or "".
func (m *module) modulePath(folder string) string {
	text, _ := fs.ReadFile(m.files, path.Join(folder, goMod)) // where there's none, there's no path
	if found := moduleLine.FindSubmatch(text); found != nil {
		return string(found[1])
	}
	return ""
}

// goCommand returns a command of go on the package in a folder, as typed at the
// root: go run ./FOLDER, or go run -C MODULE ./REST in a module of its own.
func (m *module) goCommand(command, folder string, flags ...string) string {
	words := append([]string{"go", command}, flags...)
	for up := folder; up != "."; up = path.Dir(up) {
		if m.has(path.Join(up, goMod)) {
			words = slices.Insert(words, 2, "-C", up) // which has to be the first flag
			folder = relative(up, folder)
			break
		}
	}
	if folder != "." {
		folder = "./" + folder
	}
	return strings.Join(append(words, folder), " ")
}

// inOrder compares two chapters: by their folders, but those inside a chapter
// stand behind it, in the order in which its page leads to them.
func (m *module) inOrder(a, b chapter) int {
	as, bs := strings.Split(a.folder, "/"), strings.Split(b.folder, "/")
	depth := 0
	for depth < min(len(as), len(bs)) && as[depth] == bs[depth] {
		depth++
	}
	if depth == len(as) || depth == len(bs) {
		return cmp.Compare(len(as), len(bs))
	}
	around, _ := m.page(path.Join(as[:depth]...))
	var prose strings.Builder // but no nav, which follows the order
	for _, l := range around.prose {
		prose.WriteString(l.text)
	}
	at := func(name string) int {
		if i := strings.Index(prose.String(), "]("+name+"/"); i >= 0 {
			return i
		}
		return prose.Len()
	}
	return cmp.Or(cmp.Compare(at(as[depth]), at(bs[depth])), strings.Compare(as[depth], bs[depth]))
}

// page returns the page of a folder, and whether there is one.
func (m *module) page(folder string) (page, bool) {
	i := slices.IndexFunc(m.pages, func(p page) bool { return path.Dir(p.path) == folder })
	if i < 0 {
		return page{}, false
	}
	return m.pages[i], true
}

// record returns the recorded run of the chapter in a folder.
func (m *module) record(folder string) (notebook.Record, error) {
	return notebook.ReadRecord(filepath.Join(m.root, filepath.FromSlash(folder)))
}

// inside returns the path that a page in the folder names, and refuses one
// that leads out of the module.
func inside(folder, name string) (string, error) {
	joined := path.Join(folder, name)
	if !fs.ValidPath(joined) {
		return "", fmt.Errorf("%s lies outside of the module", name)
	}
	return joined, nil
}

// relative returns the link from a page in the folder to a file.
func relative(folder, file string) string {
	rel, err := filepath.Rel(filepath.FromSlash(folder), filepath.FromSlash(file))
	if err != nil {
		panic(err) // both are relative to the root
	}
	return filepath.ToSlash(rel)
}
