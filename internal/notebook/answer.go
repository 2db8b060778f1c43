package notebook

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"concurrency-notebook/internal/measure"
)

// An Answer says in a plain sentence or two what a section found for one
// language: first on its page, in the terminal, and in -json.
type Answer struct {
	Of    Subject `json:"of"`
	Lead  string  `json:"lead"` // "In Python, that's true.", or nothing, where that says too little
	Text  string  `json:"text"`
	Claim string  `json:"claim,omitempty"` // which sentence it is about
}

// A Wording has a sentence for each verdict that a claim can get, made of the
// figures at hand, so that it is true wherever it is printed.
type Wording map[measure.Answer]string

// Answer says what the verdict on a claim means for a language: the leading
// word is the verdict, and the wording has the sentences behind it. Where there
// is no verdict, the answer says why not.
func (lab *Lab) Answer(claim string, of Subject, wording Wording) {
	lab.wordings = append(lab.wordings, worded{claim, of, wording, false})
}

// Tell is Answer without the leading word: a page tells what was found, and the
// claim, which is one of our own, stands with its verdict in the measurement.
func (lab *Lab) Tell(claim string, of Subject, wording Wording) {
	lab.wordings = append(lab.wordings, worded{claim, of, wording, true})
}

type worded struct {
	claim string
	of    Subject
	Wording
	plain bool
}

// answer words the verdict that the claim has got.
func (w worded) answer(verdicts []Judgement, disturbed string) (Answer, error) {
	for _, j := range verdicts {
		if j.Claim != w.claim || j.Of != w.of {
			continue
		}
		text := w.Wording[j.Answer]
		if j.Answer == measure.CantTell && (text == "" || j.Evidence == disturbed) {
			text = sentence(j.Evidence)
		}
		if text == "" {
			return Answer{}, fmt.Errorf("claim %s came out %q for %s, and its answer has no wording for that", w.claim, j.Answer, w.of)
		}
		if w.plain && j.Answer != measure.CantTell {
			return Answer{w.of, "", text, w.claim}, nil
		}
		return Answer{w.of, lead(w.of, j.Answer), text, w.claim}, nil
	}
	return Answer{}, fmt.Errorf("the answer for %s is about claim %s, which is not judged for it", w.of, w.claim)
}

// String returns the answer as it is read.
func (a Answer) String() string { return strings.TrimSpace(a.Lead + " " + a.Text) }

// Told returns the answers as they are read: one for both languages, where what
// is said of Go is word for word what is said of Python.
func (r Result) Told() (told []Answer) {
	for _, a := range r.Answers {
		i := slices.IndexFunc(told, func(b Answer) bool {
			return b.Of == CPython && b.Claim == a.Claim && b.Text == a.Text && b.Lead != ""
		})
		if i >= 0 && a.Lead == lead(Go, measure.Same) {
			told[i].Lead = strings.Replace(told[i].Lead, "In Python", "In both languages", 1)
			continue
		}
		told = append(told, a)
	}
	return told
}

// lead returns how an answer begins.
func lead(of Subject, a measure.Answer) string {
	in := "For " + string(of)
	switch of {
	case CPython:
		in = "In Python"
	case Go:
		in = "In Go"
	}
	says := map[measure.Answer]string{
		measure.Yes: "that's true", measure.No: "that's not true", measure.InPart: "that's partly true",
		measure.Same: "it's the same", measure.Different: "it's different", measure.CantTell: "we can't tell here",
	}
	return in + ", " + says[a] + "."
}

// sentence makes one of a piece of evidence. What begins with the name of a
// program, as python3, keeps it.
func sentence(evidence string) string {
	word, _, _ := strings.Cut(evidence, " ")
	if strings.ContainsFunc(word, unicode.IsLetter) && !strings.ContainsFunc(word, unicode.IsDigit) {
		first, size := utf8.DecodeRuneInString(evidence)
		evidence = string(unicode.ToUpper(first)) + evidence[size:]
	}
	return evidence + "."
}
