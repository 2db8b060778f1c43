package main

import (
	"regexp"
	"strings"
)

// A part is what a line of a page belongs to.
type part int

const (
	inProse part = iota
	inCode       // a fenced code block, with its fences
	inHTML       // HTML that began on a line before, in which Markdown counts for nothing
)

// blocks tells what the lines of a page belong to. A marker stands at column 0,
// which is outside of every list item: so it is code only in a code block whose
// fences are at column 0 too, and for all others it is enough to see that they
// end in the item or the quote that they began in. Whatever could be read in two
// ways is refused.
type blocks struct {
	fence  codeFence      // of the code block that is open, if its marks are not ""
	html   *regexp.Regexp // matches the last line of the HTML that is open
	refuse func(no int, format string, args ...any)
}

// A codeFence is the line that opens a code block.
type codeFence struct {
	no            int    // of its line, from 1
	before, marks string // spaces, bullets and quotes, and the fence behind them
}

var (
	fenceLine = regexp.MustCompile("^((?:[ \t>]|(?:[-+*]|[0-9]+[.)])[ \t])*)(?:(`{3,})[^`]*|(~{3,}).*)$")
	blankLine = regexp.MustCompile(`^[ \t]*$`)
)

// htmlStarts are the ways in which HTML begins, and how it ends then.
var htmlStarts = []struct{ start, end *regexp.Regexp }{
	{regexp.MustCompile(`(?i)^ {0,3}<(?:script|pre|textarea|style)\b`), regexp.MustCompile(`(?i)</(?:script|pre|textarea|style)>`)},
	{regexp.MustCompile(`^ {0,3}<!--`), regexp.MustCompile(`-->`)},
	{regexp.MustCompile(`(?i)^ {0,3}</?[a-z]`), blankLine},
}

// next returns what the next line of the page belongs to.
func (b *blocks) next(no int, text string) part {
	if b.fence.marks != "" && b.fence.leftBy(text) {
		b.end()
	}
	if b.fence.marks != "" {
		if b.fence.closedBy(text) {
			b.fence = codeFence{}
		}
		return inCode
	}
	where := inProse
	if b.html != nil {
		where = inHTML
	}
	switch fence := fenceLine.FindStringSubmatch(text); {
	case fence != nil && where == inHTML:
		b.refuse(no, "this code block stands in HTML, where it would not be read as Markdown: end that with a blank line, or a comment with -->")
	case fence != nil:
		b.fence = codeFence{no, fence[1], fence[2] + fence[3]}
		return inCode
	}
	if where == inHTML && b.html.MatchString(text) {
		b.html = nil
		return inHTML
	}
	for _, h := range htmlStarts {
		if (b.html == nil || b.html == blankLine) && h.start.MatchString(text) {
			if !h.end.MatchString(text) {
				b.html = h.end
			}
			break
		}
	}
	return where
}

// end refuses a code block that is open where the page ends, or what it stands in.
func (b *blocks) end() {
	if b.fence.marks != "" {
		b.refuse(b.fence.no, "the code block is never closed: close it with %s", b.fence.marks)
	}
	b.fence = codeFence{}
}

// leftBy tells whether a line stands outside of what the code block stands in.
func (f codeFence) leftBy(text string) bool {
	inside := " \t"
	if strings.HasPrefix(f.before, ">") {
		inside += ">"
	}
	return f.before != "" && !blankLine.MatchString(text) && !strings.ContainsAny(text[:1], inside)
}

// closedBy tells whether a line is the fence that closes the code block: one in
// an item or a quote stands right below the one that opens it.
func (f codeFence) closedBy(text string) bool {
	marks := strings.TrimLeft(text, " \t>")
	before := text[:len(text)-len(marks)]
	if f.before == "" {
		if marks = strings.TrimLeft(text, " "); len(text)-len(marks) >= 4 {
			return false
		}
	} else if width(before) != width(f.before) || strings.Count(before, ">") != strings.Count(f.before, ">") {
		return false
	}
	marks = strings.TrimRight(marks, " \t")
	return len(marks) >= len(f.marks) && strings.Trim(marks, f.marks[:1]) == ""
}

// width returns how many columns a text takes, with a tab stop at each fourth.
func width(text string) int {
	n := 0
	for _, r := range text {
		if n++; r == '\t' {
			n += (4 - n%4) % 4
		}
	}
	return n
}
