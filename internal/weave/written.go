package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// Prose is written for an outcome, and says for which one in a comment:
//
//	<!-- written for: S7 in part, Go different; 1.8 yes -->
//
// An item without a claim is about the one before it, and one without a subject
// is about Python.
var writtenFor = regexp.MustCompile(`^<!-- written for: (.*?) *-->$`)

var claimNo = regexp.MustCompile(`^(?:S\d+|\d+\.\d+)$`)

// outcomes returns the verdicts that a comment says its prose was written for.
func outcomes(items string) ([]notebook.Judgement, error) {
	var found []notebook.Judgement
	claim := ""
	for item := range strings.FieldsFuncSeq(items, func(r rune) bool { return r == ',' || r == ';' }) {
		j := notebook.Judgement{Of: notebook.CPython}
		for _, answer := range []measure.Answer{measure.Yes, measure.No, measure.InPart, measure.CantTell, measure.Same, measure.Different} {
			if rest, ok := strings.CutSuffix(item, " "+string(answer)); ok {
				words := strings.Fields(rest)
				if len(words) > 0 && claimNo.MatchString(words[0]) {
					claim, words = words[0], words[1:]
				}
				if len(words) > 0 {
					j.Of = notebook.Subject(strings.Join(words, " "))
				}
				j.Answer = answer
			}
		}
		if j.Claim = claim; j.Claim == "" || j.Answer == "" {
			return nil, fmt.Errorf("%q is no outcome: write S7 in part, Go different", strings.TrimSpace(item))
		}
		found = append(found, j)
	}
	return found, nil
}

// outdated returns where a page's prose was written for another outcome than
// the one that is recorded.
func (m *module) outdated(p page) (errs []error) {
	for _, l := range p.prose {
		found := writtenFor.FindStringSubmatch(l.text)
		if found == nil {
			continue
		}
		expected, err := outcomes(found[1])
		if err != nil {
			errs = append(errs, fmt.Errorf("%s:%d: %w", p.path, l.no, err))
			continue
		}
		recorded, err := m.judgements(path.Dir(p.path))
		if err != nil {
			errs = append(errs, fmt.Errorf("%s:%d: %w", p.path, l.no, err))
			continue
		}
		for _, want := range expected {
			i := slices.IndexFunc(recorded, func(j notebook.Judgement) bool { return j.Claim == want.Claim && j.Of == want.Of })
			switch {
			case i < 0:
				errs = append(errs, fmt.Errorf("%s:%d: %s is not judged for %s", p.path, l.no, want.Claim, want.Of))
			case recorded[i].Answer != want.Answer:
				errs = append(errs, fmt.Errorf("%s:%d: this prose was written for %s, %s: %s; recorded is %s: rewrite it, or record again if the machine was busy",
					p.path, l.no, want.Claim, want.Of, want.Answer, recorded[i].Answer))
			}
		}
	}
	return errs
}

// judgements returns what was recorded by the chapter that a folder belongs to
// and, if it belongs to none, by all of them.
func (m *module) judgements(folder string) (all []notebook.Judgement, err error) {
	for _, c := range m.chapters {
		if folder != "." && m.home(folder) != c.folder {
			continue
		}
		record, err := m.record(c.folder)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		for _, s := range record.Sections {
			all = append(all, s.Judgements...)
		}
	}
	return all, nil
}

// home returns the folder of the chapter that a folder belongs to, or "".
func (m *module) home(folder string) string {
	for up := folder; up != "."; up = path.Dir(up) {
		if slices.ContainsFunc(m.chapters, func(c chapter) bool { return c.folder == up }) {
			return up
		}
	}
	return ""
}
