package measure

import (
	"fmt"
	"slices"
	"strings"
)

// An Answer is what a verdict comes to.
type Answer string

// The three answers. None of them is a failure.
const (
	Holds          Answer = "holds"
	DoesNotHold    Answer = "does not hold"
	CannotBeJudged Answer = "cannot be judged here"
)

// A Verdict is an answer and the evidence for it.
type Verdict struct {
	Answer   Answer `json:"verdict"`
	Evidence string `json:"evidence"`
}

// Decide tells whether a claim holds that predicts one value where its
// opposite predicts another. The line lies midway between the two, and the
// whole interval must lie on one side of it. The subject begins the evidence:
// "4 threads / sequential" gives "4 threads / sequential = 1.02 (1.01 to
// 1.05); it holds above 0.75".
func (e Estimate) Decide(subject string, ifHolds, ifNot float64) Verdict {
	line := (ifHolds + ifNot) / 2
	if ifHolds > ifNot {
		return e.Above(subject, line)
	}
	return e.Below(subject, line)
}

// Above tells whether a claim holds that means values above the line, where it
// names the line itself: "at least ten times" is above 10.
func (e Estimate) Above(subject string, line float64) Verdict {
	return e.judge(subject, "above", line, e.Low > line, e.High < line)
}

// Below tells whether a claim holds that means values below the line.
func (e Estimate) Below(subject string, line float64) Verdict {
	return e.judge(subject, "below", line, e.High < line, e.Low > line)
}

// Within tells whether a claim holds that means values from low to high: whether
// the whole interval lies there, or the whole of it elsewhere.
func (e Estimate) Within(subject string, low, high float64) Verdict {
	if e.N == 0 {
		return Cannot("%s", e.Missing)
	}
	v := Verdict{CannotBeJudged, fmt.Sprintf("%s = %v; it holds from %s to %s", subject, e, Number(low), Number(high))}
	switch {
	case low <= e.Low && e.High <= high:
		v.Answer = Holds
	case e.High < low || high < e.Low:
		v.Answer = DoesNotHold
	default:
		v.Evidence += ", and the interval lies on both sides"
	}
	return v
}

func (e Estimate) judge(subject, side string, line float64, holds, not bool) Verdict {
	if e.N == 0 {
		return Cannot("%s", e.Missing)
	}
	v := Verdict{CannotBeJudged, fmt.Sprintf("%s = %v; it holds %s %s", subject, e, side, Number(line))}
	switch {
	case holds:
		v.Answer = Holds
	case not:
		v.Answer = DoesNotHold
	default:
		v.Evidence += ", and the interval lies on both sides"
	}
	return v
}

// All returns the verdict on a claim that says several things: it holds if all
// of them do, and does not if one of them does not.
func All(verdicts ...Verdict) Verdict {
	all := Verdict{Answer: Holds}
	var evidence []string
	for _, v := range verdicts {
		if !slices.Contains(evidence, v.Evidence) {
			evidence = append(evidence, v.Evidence)
		}
		if v.Answer == DoesNotHold || all.Answer == Holds {
			all.Answer = v.Answer
		}
	}
	all.Evidence = strings.Join(evidence, "; ")
	return all
}

// Fact returns the verdict on something that is counted, not estimated.
func Fact(holds bool, format string, args ...any) Verdict {
	v := Verdict{DoesNotHold, fmt.Sprintf(format, args...)}
	if holds {
		v.Answer = Holds
	}
	return v
}

// Cannot returns the verdict that a claim cannot be judged here, and why.
func Cannot(format string, args ...any) Verdict {
	return Verdict{CannotBeJudged, fmt.Sprintf(format, args...)}
}
