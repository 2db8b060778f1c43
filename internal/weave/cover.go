package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// contents returns the body of the cell that lists the chapters, and the rooms
// inside them.
func (m *module) contents(folder, _ string) (string, error) {
	var rows [][]string
	for _, c := range m.chapters {
		name := c.label() + " " + c.title
		if m.home(path.Dir(c.folder)) != "" {
			name = "↳ " + c.title
		}
		about := place{name, relative(folder, c.page())}.String()
		if p, ok := m.page(c.folder); ok && c.folder != folder {
			about += fmt.Sprintf("<br>%d min", p.minutes())
		}
		rows = append(rows, []string{about, inTable(c.answer)})
	}
	return table("---", []string{"chapter", "its answer"}, rows), nil
}

// minutes returns how long a page takes to read, what is folded or describes a
// picture left out: 240 words a minute, of prose or code.
func (p page) minutes() int {
	words, folded := 0, 0
	for text := range strings.Lines(p.text) {
		switch line := strings.TrimSpace(text); {
		case strings.HasPrefix(line, "<details"):
			folded++
		case strings.HasPrefix(line, "</details"):
			folded--
		case strings.HasPrefix(line, "<!--"), strings.HasPrefix(line, "<source "), strings.HasPrefix(line, "<img "):
		case folded == 0:
			words += len(strings.Fields(line))
		}
	}
	return max(1, (words+120)/240)
}

// nav returns the body of the cell that leads to the chapters before and after
// this one and, inside a chapter's folder, up to the chapter.
func (m *module) nav(folder, _ string) (string, error) {
	link := func(format string, c chapter) string {
		return place{fmt.Sprintf(format, c.label()+" "+c.title), relative(folder, c.page())}.String()
	}
	find := func(folder string) int {
		return slices.IndexFunc(m.chapters, func(c chapter) bool { return c.folder == folder })
	}
	this, around := find(folder), -1
	for up := path.Dir(folder); up != "." && around < 0; up = path.Dir(up) {
		around = find(up)
	}
	if this < 0 && around < 0 {
		return "", errors.New("nav belongs to the page of a chapter or of a folder inside one, and here is none")
	}
	var links []string
	if this > 0 {
		links = append(links, link("← %s", m.chapters[this-1]))
	}
	if around >= 0 && around != this-1 {
		links = append(links, link("↑ %s", m.chapters[around]))
	}
	links = append(links, place{"Contents", relative(folder, pageFile)}.String())
	if this >= 0 && this+1 < len(m.chapters) {
		links = append(links, link("%s →", m.chapters[this+1]))
	}
	return strings.Join(links, " · "), nil
}

// A ruling is a judgement, and where it was made.
type ruling struct {
	place
	notebook.Judgement
}

// claims returns the body of the cell that lists the claims of the notes.
func (m *module) claims(folder, _ string) (string, error) {
	quoted := make(map[string][]place) // by the number of the claim
	judged := make(map[string][]place)
	rulings := make(map[string][]ruling)
	for _, c := range m.chapters {
		record, err := m.record(c.folder)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		for _, s := range c.sections {
			where := m.place(folder, c, s)
			for _, no := range s.claims {
				quoted[no] = append(quoted[no], where)
			}
			result, _ := record.Section(s.name)
			for _, j := range result.Judgements {
				if !slices.Contains(judged[j.Claim], where) {
					judged[j.Claim] = append(judged[j.Claim], where)
				}
				rulings[j.Claim] = append(rulings[j.Claim], ruling{where, j})
			}
		}
	}

	var rows [][]string
	for _, claim := range notebook.Claims {
		no := claim.No
		if claim.Source != notebook.Notes || !strings.HasPrefix(no, "S") {
			continue
		}
		where := judged[no]
		if where == nil {
			where = quoted[no]
		}
		var links []string
		for _, p := range where {
			links = append(links, p.String())
		}
		rows = append(rows, []string{no, "“" + inTable(claim.Quote()) + "”", lines(links),
			verdict(rulings[no], notebook.CPython), verdict(rulings[no], notebook.Go)})
	}
	return table("---", []string{"", "the notes say", "judged in", "Python", "Go"}, rows), nil
}

// place returns the heading of a section, as seen from a page in the folder.
func (m *module) place(folder string, c chapter, s section) place {
	anchor, home := slug(s.title), path.Join(c.folder, s.page)
	if p, ok := m.page(home); ok {
		if a := p.anchors()["## "+s.title]; a != "" {
			anchor = a
		}
	}
	return place{c.label() + " " + s.title, relative(folder, path.Join(home, pageFile)) + "#" + anchor}
}

// verdict returns what the rulings come to for a language. Where they differ,
// each verdict leads to the last section that reached it.
func verdict(rulings []ruling, of notebook.Subject) string {
	last := make(map[measure.Answer]ruling)
	var answers []measure.Answer // the latest last
	for _, r := range rulings {
		if r.Of == of {
			answers = slices.DeleteFunc(answers, func(a measure.Answer) bool { return a == r.Answer })
			answers = append(answers, r.Answer)
			last[r.Answer] = r
		}
	}
	var shown []string
	for _, a := range answers {
		text := strings.TrimSpace(symbol(a) + " " + string(a))
		if len(answers) > 1 {
			text = place{text, last[a].target}.String()
		}
		shown = append(shown, text)
	}
	return lines(shown)
}

// lines returns a cell of a table with a line for each text.
func lines(texts []string) string {
	if len(texts) == 0 {
		return none
	}
	return strings.Join(texts, "<br>")
}
