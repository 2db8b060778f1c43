package notebook

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/timeline"
)

// A Subject is what a verdict is about: a language, or an engine of a chapter.
type Subject string

// The two languages of the notebook.
const (
	Go      Subject = "Go"
	CPython Subject = "CPython"
)

// A Judgement is the verdict on one claim for one language.
type Judgement struct {
	Claim string  `json:"claim"` // its number
	Of    Subject `json:"of"`
	measure.Verdict
}

// A Figure is one measured value, as a row of a table.
type Figure struct {
	Name string `json:"name"`
	Unit string `json:"unit"` // figures of the same unit stand in one table
	measure.Estimate
	Ideal *float64 `json:"ideal,omitempty"` // if nothing else cost anything; nil where there is none
	Said  *Said    `json:"said,omitempty"`  // as a reader says it; nil for bare numbers
}

// Said is a figure in a reader's words: "2.61 s".
type Said struct {
	Value string `json:"value"`
	Low   string `json:"low"`
	High  string `json:"high"`
	Ideal string `json:"ideal,omitempty"`
}

// Text returns the figure's value as it is shown.
func (f Figure) Text() string {
	if f.Said != nil {
		return f.Said.Value
	}
	return f.Format(f.Median)
}

// Interval returns the figure's interval as it is shown, or "".
func (f Figure) Interval() string {
	switch {
	case f.Low == f.High, f.Said != nil && f.Said.Low == f.Said.High:
		return ""
	case f.Said != nil:
		return f.Said.Low + " to " + f.Said.High
	}
	return measure.Number(f.Low) + " to " + measure.Number(f.High)
}

// IdealText returns the figure's ideal as it is shown, or "".
func (f Figure) IdealText() string {
	switch {
	case f.Ideal == nil:
		return ""
	case f.Said != nil:
		return f.Said.Ideal
	}
	return f.Format(*f.Ideal)
}

// A Headline says which figures are the section's picture.
type Headline struct {
	Unit  string `json:"unit"`
	Title string `json:"title"`
}

// IntervalHead returns what stands over the intervals of a table: how sure the
// least sure of them is.
func IntervalHead(figures []Figure) string {
	coverage := 1.0
	for _, f := range figures {
		if f.Low != f.High {
			coverage = min(coverage, f.Coverage())
		}
	}
	if coverage == 0 { // too few rounds to tell
		return "range"
	}
	return fmt.Sprintf("%.0f %% interval", 100*coverage)
}

// A Machine says where something was measured.
type Machine struct {
	Go         string `json:"go"` // as in go1.26.8
	System     string `json:"system"`
	CPUs       int    `json:"cpus"`
	GOMAXPROCS int    `json:"gomaxprocs"`
	Python     string `json:"python"` // as in CPython 3.11.7 (GIL), or why there is none; "" where none is asked for
}

// A Result is what one section found.
type Result struct {
	Section    string      `json:"section"`
	Answers    []Answer    `json:"answers,omitempty"`
	Prediction string      `json:"prediction,omitempty"`
	Rounds     int         `json:"rounds,omitempty"`
	Headline   *Headline   `json:"headline,omitempty"` // the figures that are drawn as bars
	Grids      []Grid      `json:"grids,omitempty"`
	Figures    []Figure    `json:"figures"`
	Judgements []Judgement `json:"judgements"`
	Remarks    []string    `json:"remarks,omitempty"`
	Error      string      `json:"error,omitempty"`

	Chart *timeline.Chart `json:"chart,omitempty"` // who ran when, in one run of it

	disturbed string // why a verdict was taken back: other programs ran
}

// ByUnit returns the figures of each unit, one table after the other.
func (r Result) ByUnit() (tables [][]Figure) {
	for _, f := range r.Figures {
		i := slices.IndexFunc(tables, func(table []Figure) bool { return table[0].Unit == f.Unit })
		if i < 0 {
			i, tables = len(tables), append(tables, nil)
		}
		tables[i] = append(tables[i], f)
	}
	return tables
}

// A Finding is a verdict and what it is about, as in "S15, S17, CPython: yes".
type Finding struct {
	Head string
	measure.Verdict
}

// Findings returns the section's judgements, those of the same verdict and
// evidence in one.
func (r Result) Findings() []Finding {
	type group struct {
		measure.Verdict
		claims, subjects []string
	}
	// First the claims of one verdict on one language, then the languages of
	// which the same is said of the same claims.
	var groups []group
	for _, j := range r.Judgements {
		i := slices.IndexFunc(groups, func(g group) bool { return g.Verdict == j.Verdict && g.subjects[0] == string(j.Of) })
		if i < 0 {
			i = len(groups)
			groups = append(groups, group{Verdict: j.Verdict, subjects: []string{string(j.Of)}})
		}
		groups[i].claims = append(groups[i].claims, j.Claim)
	}
	var merged []group
	for _, g := range groups {
		i := slices.IndexFunc(merged, func(m group) bool { return m.Verdict == g.Verdict && slices.Equal(m.claims, g.claims) })
		if i < 0 {
			merged = append(merged, g)
		} else {
			merged[i].subjects = append(merged[i].subjects, g.subjects...)
		}
	}
	var findings []Finding
	for _, g := range merged {
		head := fmt.Sprintf("%s, %s: %s", strings.Join(g.claims, ", "), strings.Join(g.subjects, " and "), g.Answer)
		findings = append(findings, Finding{head, g.Verdict})
	}
	return findings
}

// summary returns the section's verdict, in a word if all of its judgements agree,
// and the evidence of all.
func (r Result) summary() (verdict, evidence string) {
	var heads, all []string
	agree := true
	for _, f := range r.Findings() {
		heads, all = append(heads, f.Head), append(all, f.Evidence)
		agree = agree && f.Answer == r.Judgements[0].Answer
	}
	if verdict = strings.Join(heads, "; "); agree && len(heads) > 0 {
		verdict = string(r.Judgements[0].Answer)
	}
	return verdict, strings.Join(all, "; ")
}

// bars draws the section's headline. Times are in seconds, and drawn in the unit
// in which the longest of them is said.
func (r Result) bars() timeline.Bars {
	bars := timeline.Bars{Title: r.Headline.Title, Unit: r.Headline.Unit}
	scale, longest := 1.0, 0.0
	for _, f := range r.Figures {
		if f.Unit != r.Headline.Unit || f.Median < longest || f.Said == nil {
			continue
		}
		longest = f.Median
		_, in, _ := strings.Cut(f.Said.Value, " ")
		if factor, ok := map[string]float64{"s": 1, "ms": 1e3, "µs": 1e6, "ns": 1e9}[in]; ok {
			scale, bars.Unit = factor, r.Headline.Unit+", "+in
		}
	}
	for _, f := range r.Figures {
		if f.Unit != r.Headline.Unit {
			continue
		}
		bar := timeline.Bar{Name: f.Name, Value: f.Median * scale, Low: f.Low * scale, High: f.High * scale, Ideal: math.NaN(), Text: f.Text()}
		if f.Ideal != nil {
			bar.Ideal = *f.Ideal * scale
		}
		bars.Rows = append(bars.Rows, bar)
	}
	return bars
}

// beside says how the verdicts of this run stand beside those on the page.
func (c Chapter) beside(results []Result) string {
	if c.Files == nil {
		return ""
	}
	text, err := fs.ReadFile(c.Files, recordFile)
	if err != nil {
		return ""
	}
	record, err := parseRecord(recordFile, text)
	if err != nil {
		return ""
	}
	verdicts, busy := 0, 0
	var others []string
	for _, r := range results {
		recorded, _ := record.Section(r.Section)
		for _, j := range r.Judgements {
			verdicts++
			i := slices.IndexFunc(recorded.Judgements, func(other Judgement) bool { return other.Claim == j.Claim && other.Of == j.Of })
			switch {
			case r.disturbed != "" && j.Evidence == r.disturbed:
				busy++
			case i < 0:
				others = append(others, fmt.Sprintf("%s for %s: %s, not on the page", j.Claim, j.Of, j.Answer))
			case recorded.Judgements[i].Answer != j.Answer:
				others = append(others, fmt.Sprintf("%s for %s: %s, on the page %s", j.Claim, j.Of, j.Answer, recorded.Judgements[i].Answer))
			}
		}
	}
	if verdicts == 0 {
		return ""
	}
	same := fmt.Sprint(verdicts - len(others) - busy)
	if same == fmt.Sprint(verdicts) {
		same = "all"
	}
	summary := fmt.Sprintf("%s, %s as on the page.", Count(verdicts, "verdict"), same)
	if busy > 0 {
		summary += fmt.Sprintf(" %d couldn't be judged now, since other programs keep this machine busy.", busy)
	}
	if len(others) > 0 {
		summary += " Otherwise here: " + strings.Join(others, "; ") + "."
	}
	return summary
}

// A Record is the recorded run of a chapter: the file recorded.json.
type Record struct {
	Chapter  string   `json:"chapter"`
	Date     string   `json:"date"` // as in 2026-11-23
	Machine  Machine  `json:"machine"`
	Sections []Result `json:"sections"`

	// Sum is the digest of all the rest: a figure typed into the file by hand
	// shows.
	Sum string `json:"sum"`
}

const recordFile = "recorded.json"

// ReadRecord reads the recorded run of the chapter in the folder. Where there
// is none, the error is fs.ErrNotExist; where the file was changed by hand, the
// error says so.
func ReadRecord(folder string) (Record, error) {
	path := filepath.Join(folder, recordFile)
	text, err := os.ReadFile(path)
	if err != nil {
		return Record{}, err
	}
	return parseRecord(path, text)
}

func parseRecord(path string, text []byte) (Record, error) {
	var r Record
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&r); err != nil {
		return Record{}, fmt.Errorf("reading %s: %w", path, err)
	}
	if r.Chapter == "" { // {}, as a new chapter has it
		return Record{}, fs.ErrNotExist
	}
	if r.Sum != r.digest() {
		return Record{}, fmt.Errorf("%s was changed by hand: its figures are not the ones that were recorded; mend it with: go run ./%s -record", path, r.Chapter)
	}
	return r, nil
}

// Pictures returns what the record has to draw, as SVG, by the names of their
// files: cpu-bound.svg is who ran when, or a grid, cpu-bound-bars.svg the headline, both
// for a light page; for a dark one there are cpu-bound-dark.svg and so on.
func (r Record) Pictures() map[string][]byte {
	pictures := make(map[string][]byte)
	for _, s := range r.Sections {
		if s.Chart != nil {
			pictures[s.Section+".svg"] = s.Chart.SVG(false)
			pictures[s.Section+"-dark.svg"] = s.Chart.SVG(true)
		} else if heat, ok := s.Heat(); ok {
			pictures[s.Section+".svg"] = heat.SVG(false)
			pictures[s.Section+"-dark.svg"] = heat.SVG(true)
		}
		if s.Headline != nil {
			pictures[s.Section+"-bars.svg"] = s.bars().SVG(false)
			pictures[s.Section+"-bars-dark.svg"] = s.bars().SVG(true)
		}
	}
	return pictures
}

// replace replaces the recorded run of the chapter in the folder, and its pictures,
// unless other programs took the verdicts away: then the old one is better.
func (r Record) replace(folder string) error {
	for _, s := range r.Sections {
		if s.disturbed != "" {
			return fmt.Errorf("nothing was recorded: in section %s, %s; record again on a machine that does nothing else", s.Section, s.disturbed)
		}
	}
	r.Sum = r.digest()
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("recording %s: %w", r.Chapter, err)
	}
	files := r.Pictures()
	files[recordFile] = append(text, '\n')
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o644); err != nil {
			return fmt.Errorf("recording %s: %w", r.Chapter, err)
		}
	}
	return nil
}

func (r Record) digest() string {
	r.Sum = ""
	text, err := json.Marshal(r)
	if err != nil {
		panic(err) // a Record holds nothing that JSON cannot
	}
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// Section returns the result of the section of that name, and whether there is
// one.
func (r Record) Section(name string) (Result, bool) {
	for _, s := range r.Sections {
		if s.Section == name {
			return s, true
		}
	}
	return Result{}, false
}
