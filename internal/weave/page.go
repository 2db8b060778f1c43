package main

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// A page is a README.md: text written by hand, and cells.
type page struct {
	path  string
	text  string
	cells []cell
	prose []line // the lines that stand neither in a cell nor in a code block
}

// A cell is the part of a page between two markers.
type cell struct {
	kind, argument string
	line           int    // of its opening marker, from 1
	start, end     int    // what stands between the markers, as offsets into the page
	eol            string // how lines end here
	inline         bool   // whether it stands in a line of prose
}

// A line of a page, without its end.
type line struct {
	no   int // from 1
	text string
}

// words returns the line without its inline cells.
func (l line) words() string { return inlineCell.ReplaceAllString(l.text, "") }

// kinds are the kinds of cells.
var kinds = map[string]struct {
	argument string // what its marker names, or "" if nothing
	body     func(m *module, folder, argument string) (string, error)
}{
	"code":        {"FILE.go#NAME", (*module).code},
	"python":      {"FILE.py", (*module).python},
	"output":      {"NAME", (*module).output},
	"lesson":      {"SECTION", (*module).lesson},
	"answer":      {"SECTION", (*module).answer},
	"picture":     {"SECTION", (*module).picture},
	"measurement": {"SECTION", (*module).measurement},
	"recorded":    {"SECTION", (*module).recorded},
	"figure":      {"SECTION / ROW", (*module).figure},
	"contents":    {"", (*module).contents},
	"claims":      {"", (*module).claims},
	"nav":         {"", (*module).nav},
}

// inlineKind is the kind of the cells that stand in a line of prose.
const inlineKind = "figure"

var (
	inlineCell   = regexp.MustCompile(`<!-- ` + inlineKind + `: (.*?) -->(.*?)<!-- /` + inlineKind + ` -->`)
	markerLine   = regexp.MustCompile(`^<!-- (/?)([a-z]+)(:(?: (.*))?)? -->[ \t]*$`)
	almostMarker = regexp.MustCompile(`(?im)<!--\s*(/?)\s*([a-z]+)\s*(?::|-->|$)`)
	backquotes   = regexp.MustCompile("`+")
)

// A marker is a line that opens or closes a cell.
type marker struct {
	closes         bool
	kind, argument string
}

// parseMarker returns the marker that a line is, and whether it looks like one.
func parseMarker(text string) (marker, bool) {
	found := markerLine.FindStringSubmatch(text)
	if found == nil || strings.Contains(found[4], "-->") {
		return marker{}, false
	}
	closes := found[1] != ""
	if closes && found[3] != "" {
		return marker{}, false
	}
	return marker{closes, found[2], strings.TrimSpace(found[4])}, true
}

// almostMarkers returns what anybody would take for markers in a text, if there
// are such cells.
func almostMarkers(text string) (found []marker) {
	for _, match := range almostMarker.FindAllStringSubmatch(text, -1) {
		m := marker{closes: match[1] != "", kind: strings.ToLower(match[2])}
		if !m.closes {
			m.argument = kinds[m.kind].argument
		}
		if m.known() {
			found = append(found, m)
		}
	}
	return found
}

// outsideCode returns a line without what stands in it as `code`.
func outsideCode(text string) string {
	runs := backquotes.FindAllString(text, -1)
	pieces := backquotes.Split(text, -1)
	outside := pieces[0]
	for i := 0; i < len(runs); i++ {
		if n := slices.Index(runs[i+1:], runs[i]); n >= 0 {
			i += n + 1
		}
		outside += "`" + pieces[i+1]
	}
	return outside
}

// String returns the marker as it should be written.
func (m marker) String() string {
	switch {
	case m.closes:
		return "<!-- /" + m.kind + " -->"
	case m.argument != "":
		return "<!-- " + m.kind + ": " + m.argument + " -->"
	}
	return "<!-- " + m.kind + " -->"
}

// known tells whether there are such cells.
func (m marker) known() bool {
	_, ok := kinds[m.kind]
	return ok
}

// closing returns the marker that closes the cell.
func (c cell) closing() marker { return marker{closes: true, kind: c.kind} }

// parsePage finds the cells of a page, and returns with them all that is wrong
// with its markers.
func parsePage(path, text string) (page, []error) {
	p := page{path: path, text: text}
	var errs []error
	refuse := func(no int, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s:%d: %s", path, no, fmt.Sprintf(format, args...)))
	}

	var open *cell // the cell that the line stands in, or nil
	around := blocks{refuse: refuse}
	offset, no := 0, 0
	for whole := range strings.Lines(text) {
		content := strings.TrimSuffix(strings.TrimSuffix(whole, "\n"), "\r")
		start := offset
		offset += len(whole)
		no++

		mark, isMarker := parseMarker(content)
		where := inProse
		if open == nil { // a cell leaves no block open
			where = around.next(no, content)
		}
		switch {
		case where == inCode:
			// text
		case open == nil && !isMarker:
			l := line{no, content}
			p.prose = append(p.prose, l)
			for _, at := range inlineCell.FindAllStringSubmatchIndex(content, -1) {
				if strings.TrimSpace(content[:at[0]]) == "" {
					refuse(no, "a line that begins with a comment is HTML: put a word before the figure")
				}
				p.cells = append(p.cells, cell{kind: inlineKind, argument: content[at[2]:at[3]], line: no, start: start + at[4], end: start + at[5], inline: true})
			}
			for _, m := range almostMarkers(outsideCode(l.words())) {
				refuse(no, "this is not taken for a marker: write %v at column 0, alone on its line; if it is text, between the fences of a code block", m)
			}
		case open == nil && !mark.known():
			refuse(no, "unknown marker %v: the kinds are %s", mark, list(slices.Sorted(maps.Keys(kinds))))
		case open == nil && mark.kind == inlineKind:
			refuse(no, "a figure stands in a line of prose: <!-- figure: SECTION / ROW -->its value<!-- /figure -->")
		case open == nil && mark.closes:
			refuse(no, "%v closes no cell: remove it, or open the cell above it", mark)
		case open == nil:
			if where == inHTML {
				refuse(no, "%v stands in HTML, where the cell would not be read as Markdown: end that with a blank line, or a comment with -->", mark)
			}
			open = &cell{kind: mark.kind, argument: mark.argument, line: no, start: offset, eol: whole[len(content):]}
		case !isMarker || !mark.known():
			// the body of the cell
		case mark.closes && mark.kind == open.kind:
			open.end = start
			p.cells = append(p.cells, *open)
			open = nil
		default:
			refuse(no, "%v stands inside the cell that line %d opens: close that with %v first",
				mark, open.line, open.closing())
			if !mark.closes {
				open = &cell{kind: mark.kind, argument: mark.argument, line: no, start: offset, eol: whole[len(content):]}
			}
		}
	}
	if open != nil {
		refuse(open.line, "the cell is never closed: close it with %v", open.closing())
	}
	around.end()
	return p, errs
}

// An edit is a cell that is out of date, and what should stand in it.
type edit struct {
	cell
	body string
}

// edits returns the cells of a page that are out of date, or why they cannot
// be woven.
func (m *module) edits(p page) (edits []edit, errs []error) {
	for _, c := range p.cells {
		body, err := m.body(path.Dir(p.path), c)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s:%d: %w", p.path, c.line, err))
			continue
		}
		if !c.inline {
			var lines strings.Builder
			for text := range strings.SplitSeq(body, "\n") {
				lines.WriteString(strings.TrimRight(text, "\r") + c.eol)
			}
			body = lines.String()
		}
		if unix(body) != unix(p.text[c.start:c.end]) {
			edits = append(edits, edit{c, body})
		}
	}
	return edits, append(errs, m.outdated(p)...)
}

// unix returns text with lines that end with LF, as git stores it: a checkout
// may have CRLF.
func unix(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

// body returns what should stand in a cell of the folder's page.
func (m *module) body(folder string, c cell) (string, error) {
	kind := kinds[c.kind]
	if (kind.argument == "") != (c.argument == "") {
		return "", fmt.Errorf("write the marker as %v", marker{kind: c.kind, argument: kind.argument})
	}
	body, err := kind.body(m, folder, c.argument)
	for text := range strings.Lines(body) {
		if mark, ok := parseMarker(strings.TrimRight(text, "\r\n")); ok && mark.known() {
			return "", fmt.Errorf("the cell would hold the line %v, which is a marker: indent it in its source", mark)
		}
	}
	return body, err
}

// rewrite returns the page as it should be, and for each edit the lines that it
// replaces and the new ones.
func (p page) rewrite(edits []edit) (woven, diff string) {
	var w, d strings.Builder
	done := 0
	for _, e := range edits {
		w.WriteString(p.text[done:e.start] + e.body)
		done = e.end

		before := slices.Collect(strings.Lines(unix(p.text[e.start:e.end])))
		after := slices.Collect(strings.Lines(unix(e.body)))
		no := e.line
		if !e.inline {
			no++
		}
		for len(before) > 0 && len(after) > 0 && before[0] == after[0] {
			before, after = before[1:], after[1:]
			no++
		}
		for len(before) > 0 && len(after) > 0 && before[len(before)-1] == after[len(after)-1] {
			before, after = before[:len(before)-1], after[:len(after)-1]
		}
		fmt.Fprintf(&d, "%s:%d: out of date: %v\n", p.path, no, marker{kind: e.kind, argument: e.argument})
		for _, text := range before {
			fmt.Fprintf(&d, "-%s\n", strings.TrimRight(text, "\r\n"))
		}
		for _, text := range after {
			fmt.Fprintf(&d, "+%s\n", strings.TrimRight(text, "\r\n"))
		}
	}
	return w.String() + p.text[done:], d.String()
}
