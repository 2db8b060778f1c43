package main

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

var headingLine = regexp.MustCompile(`^(#{1,6}) +(.*?) *$`)

// anchors returns the anchor that GitHub gives to each heading of a page, by
// the heading as it is written: "## CPU-bound work" gives "cpu-bound-work".
// Where a heading stands twice, the first counts.
func (p page) anchors() map[string]string {
	byHeading, repeats := make(map[string]string), make(map[string]int)
	for _, l := range p.prose {
		found := headingLine.FindStringSubmatch(l.text)
		if found == nil {
			continue
		}
		plain := slug(found[2])
		anchor := plain
		for _, taken := repeats[anchor]; taken; _, taken = repeats[anchor] {
			repeats[plain]++
			anchor = fmt.Sprintf("%s-%d", plain, repeats[plain])
		}
		repeats[anchor] = 0
		heading := found[1] + " " + found[2]
		if _, ok := byHeading[heading]; !ok {
			byHeading[heading] = anchor
		}
	}
	return byHeading
}

// slug returns a heading in lower case, with hyphens for spaces, and without
// punctuation other than - and _.
func slug(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-', r == '_', unicode.IsLetter(r), unicode.IsMark(r), unicode.IsNumber(r):
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// list returns the names, apart by commas.
func list(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
