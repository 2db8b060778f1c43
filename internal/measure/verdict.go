package measure

import "fmt"

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
	if e.N == 0 {
		return Cannot("%s", e.Missing)
	}
	line, side := (ifHolds+ifNot)/2, "below"
	below, above := e.High < line, e.Low > line
	holds, not := below, above
	if ifHolds > ifNot {
		side, holds, not = "above", above, below
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
