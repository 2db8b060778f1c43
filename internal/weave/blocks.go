package main

import (
	"regexp"
	"strings"
)

// A part is what a line of a page belongs to.
type part int

const (
	inProse part = iota
	inCode       // a fenced or an indented code block, with its fences
	inHTML       // HTML that began on a line before, in which Markdown counts for nothing
)

// blocks tells what the lines of a page belong to. It follows the first phase
// of https://spec.commonmark.org/0.31.2/#appendix-a-parsing-strategy, as far as
// code blocks depend on it: a line first stands in the containers that it goes
// on with, then opens others, and what is left of it is the leaf's.
type blocks struct {
	open      []container // the outermost first
	emptyItem bool        // whether the last of them began on the line before, which had only its bullet
	leaf      leaf
	fence     codeFence      // of a fenced leaf
	htmlEnd   *regexp.Regexp // matches the last line of an HTML leaf
	unclosed  []codeFence    // of code blocks that ended with what they stood in
}

// A container is a list item, by the columns that its content is indented, or a
// quote.
type container int

const quote container = 0

// A leaf is the innermost block, as far as it goes on.
type leaf int

const (
	noLeaf leaf = iota
	paragraph
	fenced
	indented
	rawHTML
)

// A codeFence is the line that opens a code block.
type codeFence struct {
	no    int // of its line, from 1
	marks string
}

// closedBy tells whether a line is the fence that closes the code block.
func (f codeFence) closedBy(text string) bool {
	rest := strings.Trim(text, " ")
	return indentation(text) < 4 && len(rest) >= len(f.marks) && strings.Trim(rest, f.marks[:1]) == ""
}

var (
	fenceLine   = regexp.MustCompile("^(?:(`{3,})[^`]*|(~{3,}).*)$")
	headingText = regexp.MustCompile(`^#{1,6}(?: |$)`)
	underline   = regexp.MustCompile(`^(?:=+|-+) *$`)
	ruleLine    = regexp.MustCompile(`^(?:(?:\* *){3,}|(?:_ *){3,}|(?:- *){3,})$`)
	itemLine    = regexp.MustCompile(`^([-+*]|([0-9]{1,9})[.)])( +|$)`)
)

// htmlStarts are the ways in which HTML begins, and how it ends then. The last
// one does not end a paragraph.
var htmlStarts = []struct{ start, end *regexp.Regexp }{
	{regexp.MustCompile(`(?i)^<(?:script|pre|textarea|style)(?:\s|>|$)`), regexp.MustCompile(`(?i)</(?:script|pre|textarea|style)>`)},
	{regexp.MustCompile(`^<!--`), regexp.MustCompile(`-->`)},
	{regexp.MustCompile(`^<\?`), regexp.MustCompile(`\?>`)},
	{regexp.MustCompile(`^<![A-Za-z]`), regexp.MustCompile(`>`)},
	{regexp.MustCompile(`^<!\[CDATA\[`), regexp.MustCompile(`\]\]>`)},
	{regexp.MustCompile(`(?i)^</?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|` +
		`dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|` +
		`noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?:\s|/?>|$)`), blankLine},
	{regexp.MustCompile(`(?i)^(?:<[a-z][a-z0-9-]*(?:\s+[a-z_:][a-z0-9_.:-]*(?:\s*=\s*(?:[^"'=<>` + "`" + `\s]+|'[^']*'|"[^"]*"))?)*\s*/?>|</[a-z][a-z0-9-]*\s*>)\s*$`), blankLine},
}

var blankLine = regexp.MustCompile(`^ *$`)

// next returns what the next line of the page belongs to.
func (b *blocks) next(no int, text string) part {
	rest, in := b.goOn(expandTabs(text))
	b.emptyItem = false
	if in < len(b.open) && b.leaf != paragraph {
		b.close(in)
	}
	switch b.leaf {
	case fenced:
		if b.fence.closedBy(rest) {
			b.leaf = noLeaf
		}
		return inCode
	case indented:
		if rest == "" || indentation(rest) >= 4 {
			return inCode
		}
		b.leaf = noLeaf
	case rawHTML:
		if b.htmlEnd.MatchString(rest) {
			b.leaf = noLeaf
		}
		return inHTML
	}

	for rest != "" {
		// A paragraph goes on with a line that stands outside of its containers
		// too, if nothing else begins there.
		lazy := in < len(b.open)
		indent := indentation(rest)
		text := rest[indent:]
		item := itemLine.FindStringSubmatch(text)
		switch {
		case indent >= 4:
			if b.leaf == paragraph {
				return inProse
			}
			b.leaf = indented
			return inCode
		case text[0] == '>':
			b.close(in)
			b.open = append(b.open, quote)
			rest = trimBlank(strings.TrimPrefix(text[1:], " "))
		case headingText.MatchString(text):
			b.close(in)
			return inProse
		case fenceLine.MatchString(text):
			b.close(in)
			found := fenceLine.FindStringSubmatch(text)
			b.leaf, b.fence = fenced, codeFence{no, found[1] + found[2]}
			return inCode
		case b.beginsHTML(in, text):
			return inProse
		case b.leaf == paragraph && !lazy && underline.MatchString(text), ruleLine.MatchString(text):
			b.close(in)
			return inProse
		case item != nil && (b.leaf != paragraph || lazy || endsParagraph(text, item)):
			b.close(in)
			rest = trimBlank(text[len(item[0]):])
			width := indent + len(item[0])
			if spaces := len(item[3]); rest == "" || spaces > 4 {
				width -= spaces - 1
				rest = trimBlank(strings.Repeat(" ", max(spaces-1, 0)) + rest)
			}
			b.open = append(b.open, container(width))
			b.emptyItem = rest == ""
		default:
			b.leaf = paragraph
			return inProse
		}
		in = len(b.open)
	}
	b.close(in)
	return inProse
}

// goOn returns what is left of a line inside of the open containers that it
// goes on with, and how many they are.
func (b *blocks) goOn(rest string) (string, int) {
	for i, c := range b.open {
		rest = trimBlank(rest)
		indent := indentation(rest)
		switch {
		case c == quote && indent < 4 && strings.HasPrefix(rest[indent:], ">"):
			rest = strings.TrimPrefix(rest[indent+1:], " ")
		case c != quote && rest == "" && !(b.emptyItem && i == len(b.open)-1):
		case c != quote && rest != "" && indent >= int(c):
			rest = rest[c:]
		default:
			return rest, i
		}
	}
	return trimBlank(rest), len(b.open)
}

// close closes the leaf, and all containers but the first.
func (b *blocks) close(containers int) {
	if b.leaf == fenced {
		b.unclosed = append(b.unclosed, b.fence)
	}
	b.open, b.leaf = b.open[:containers], noLeaf
}

// beginsHTML begins an HTML leaf inside of the first containers, if the line
// does.
func (b *blocks) beginsHTML(containers int, text string) bool {
	for i, h := range htmlStarts {
		if !h.start.MatchString(text) || b.leaf == paragraph && i == len(htmlStarts)-1 {
			continue
		}
		b.close(containers)
		if !h.end.MatchString(text) {
			b.leaf, b.htmlEnd = rawHTML, h.end
		}
		return true
	}
	return false
}

// endsParagraph tells whether a list item may begin on the line below a
// paragraph's: it must have text, and if it has a number, that is 1.
func endsParagraph(text string, item []string) bool {
	number := item[2]
	return trimBlank(text[len(item[0]):]) != "" && (number == "" || strings.TrimLeft(number, "0") == "1")
}

func indentation(text string) int { return len(text) - len(strings.TrimLeft(text, " ")) }

// trimBlank returns the text, or "" if there are only spaces in it.
func trimBlank(text string) string {
	if blankLine.MatchString(text) {
		return ""
	}
	return text
}

// expandTabs puts spaces in the place of tabs, up to the next fourth column.
func expandTabs(text string) string {
	var b strings.Builder
	for i, piece := range strings.Split(text, "\t") {
		if i > 0 {
			b.WriteString(strings.Repeat(" ", 4-b.Len()%4))
		}
		b.WriteString(piece)
	}
	return b.String()
}
