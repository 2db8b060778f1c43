package notebook

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
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
	Predicted *float64 `json:"predicted,omitempty"` // nil where nothing was predicted
}

// IntervalHead returns what stands over the intervals of a table: only from six
// samples on is it known how sure they are.
func IntervalHead(figures []Figure) string {
	for _, f := range figures {
		if f.Low != f.High && f.N < 6 {
			return "range"
		}
	}
	return "96 % interval"
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
	Prediction string      `json:"prediction,omitempty"`
	Grids      []Grid      `json:"grids,omitempty"`
	Figures    []Figure    `json:"figures"`
	Judgements []Judgement `json:"judgements"`
	Remarks    []string    `json:"remarks,omitempty"`
	Error      string      `json:"error,omitempty"`

	Chart *timeline.Chart `json:"chart,omitempty"` // who ran when, in one run of it
}

// A Finding is a verdict and what it is about, as in "S15, S17 hold for
// CPython".
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
		verb := string(g.Answer)
		if plural, ok := plurals[g.Answer]; ok && len(g.claims) > 1 {
			verb = plural
		}
		head := fmt.Sprintf("%s %s for %s", strings.Join(g.claims, ", "), verb, strings.Join(g.subjects, " and "))
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

// unjudged reports whether a verdict of the section is missing.
func (r Result) unjudged() bool {
	return slices.ContainsFunc(r.Judgements, func(j Judgement) bool { return j.Answer == measure.CannotBeJudged })
}

var plurals = map[measure.Answer]string{measure.Holds: "hold", measure.DoesNotHold: "do not hold"}

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
	var r Record
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&r); err != nil {
		return Record{}, fmt.Errorf("reading %s: %w", path, err)
	}
	if r.Sum != r.digest() {
		return Record{}, fmt.Errorf("%s was changed by hand: its figures are not the ones that were recorded; mend it with: go run ./%s -record", path, r.Chapter)
	}
	return r, nil
}

// Pictures returns the charts of the record as SVG, by the names of their
// files: cpu-bound.svg for a light page, cpu-bound-dark.svg for a dark one.
func (r Record) Pictures() map[string][]byte {
	pictures := make(map[string][]byte)
	for _, s := range r.Sections {
		if s.Chart != nil {
			pictures[s.Section+".svg"] = s.Chart.SVG(false)
			pictures[s.Section+"-dark.svg"] = s.Chart.SVG(true)
		}
	}
	return pictures
}

// write replaces the recorded run of the chapter in the folder, and its
// pictures.
func (r Record) write(folder string) error {
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
