package measure

import (
	"fmt"
	"slices"
	"strings"
)

// An Answer is what a verdict comes to.
type Answer string

// The answers. None of them is a failure. A sentence about Python is answered
// yes, no or in part; what Go does beside it is the same, or different.
const (
	Yes      Answer = "yes"
	No       Answer = "no"
	InPart   Answer = "in part" // one half is right, or all of it under a condition left out
	CantTell Answer = "can't tell here"

	Same      Answer = "the same"
	Different Answer = "different"
)

// A Verdict is an answer and the evidence for it.
type Verdict struct {
	Answer   Answer `json:"verdict"`
	Evidence string `json:"evidence"`

	// Timed verdicts rest on a time, a rate or CPU time: unless the machine was
	// free, they are none. Those made from an [Estimate] are timed.
	Timed bool `json:"-"`
	// Proof says why load can't touch a verdict made from an estimate.
	Proof string `json:"proof,omitempty"`
}

// Decide answers a claim that predicts one value where its opposite predicts
// another: the line lies midway between the two, and the whole interval must
// lie on one side of it. The subject begins the evidence: "4 threads /
// sequential" gives "4 threads / sequential = 1.02 (1.01 to 1.05), above the
// line at 0.75".
func (e Estimate) Decide(subject string, ifYes, ifNo float64) Verdict {
	line := (ifYes + ifNo) / 2
	if ifYes > ifNo {
		return e.Above(subject, line)
	}
	return e.Below(subject, line)
}

// Above answers yes if the values lie above the line, where the claim names the
// line itself: "at least ten times" is above 10.
func (e Estimate) Above(subject string, line float64) Verdict {
	return e.judge(subject, line, Yes, No)
}

// Below answers yes if the values lie below the line.
func (e Estimate) Below(subject string, line float64) Verdict {
	return e.judge(subject, line, No, Yes)
}

func (e Estimate) judge(subject string, line float64, above, below Answer) Verdict {
	if e.N == 0 {
		return Cannot("%s", e.Missing)
	}
	side, answer := "on both sides of", CantTell
	switch {
	case e.Low > line:
		side, answer = "above", above
	case e.High < line:
		side, answer = "below", below
	}
	return Verdict{Answer: answer, Timed: true,
		Evidence: fmt.Sprintf("%s = %v, %s the line at %s", subject, e, side, Number(line))}
}

// Within answers yes if the whole interval lies from low to high, and no if the
// whole of it lies elsewhere.
func (e Estimate) Within(subject string, low, high float64) Verdict {
	if e.N == 0 {
		return Cannot("%s", e.Missing)
	}
	side, answer := "partly in", CantTell
	switch {
	case low <= e.Low && e.High <= high:
		side, answer = "inside", Yes
	case e.High < low || high < e.Low:
		side, answer = "outside", No
	}
	return Verdict{Answer: answer, Timed: true,
		Evidence: fmt.Sprintf("%s = %v, %s the range from %s to %s", subject, e, side, Number(low), Number(high))}
}

// Means returns the verdict in other words: what yes and what no come to. So a
// test of what Go does becomes the same or different, and the refutation of
// half a sentence becomes in part.
func (v Verdict) Means(yes, no Answer) Verdict {
	switch v.Answer {
	case Yes:
		v.Answer = yes
	case No:
		v.Answer = no
	}
	return v
}

// DespiteLoad marks a verdict that other programs on the machine can't change,
// and says why: a thread that exists is counted, however slow the machine is.
func (v Verdict) DespiteLoad(why string) Verdict {
	v.Timed, v.Proof = false, why
	return v
}

// All returns the verdict on a claim that says several things: yes if each of
// them is right, no if one of them is not.
func All(verdicts ...Verdict) Verdict {
	all := Verdict{Answer: Yes}
	var evidence []string
	for _, v := range verdicts {
		if !slices.Contains(evidence, v.Evidence) {
			evidence = append(evidence, v.Evidence)
		}
		if v.Answer == No || all.Answer == Yes {
			all.Answer = v.Answer
		}
		all.Timed = all.Timed || v.Timed
	}
	all.Evidence = strings.Join(evidence, "; ")
	return all
}

// Fact returns the verdict on something that is counted or seen, not timed.
func Fact(yes bool, format string, args ...any) Verdict {
	v := Verdict{Answer: No, Evidence: fmt.Sprintf(format, args...)}
	if yes {
		v.Answer = Yes
	}
	return v
}

// Cannot returns the verdict that there is none here, and why.
func Cannot(format string, args ...any) Verdict {
	return Verdict{Answer: CantTell, Evidence: fmt.Sprintf(format, args...)}
}
