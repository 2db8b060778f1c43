package notebook

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/python"
	"concurrency-notebook/internal/timeline"
)

// A Lab is what an experiment works with: it runs variants in turn, the twin
// beside them, and writes down what was predicted, measured and judged.
type Lab struct {
	chapter *Chapter
	section *Section
	rounds  int
	tries   int // how often to measure while the machine is busy; 0 is once
	python  interpreter
	page    *page
	result  Result

	wordings []worded
	parallel []string // the claims that need all CPUs
	alone    string   // why those can't be judged here, or ""
	quiet    string   // why nothing that is timed can, or ""
}

// An interpreter is CPython, or the reason why there is none.
type interpreter struct {
	*python.Interpreter
	missing string

	others []*python.Interpreter // that the reader has named
	given  bool                  // whether the reader has named any
}

// Pythons returns the Python beside us and, for a section that compares several,
// the others: those that the reader has named or else those on PATH.
func (lab *Lab) Pythons(ctx context.Context) []*python.Interpreter {
	if lab.python.missing != "" {
		return nil
	}
	all := []*python.Interpreter{lab.python.Interpreter}
	if lab.python.given {
		return append(all, lab.python.others...)
	}
	lab.page.progress("looking for other Pythons")
	return append(all, python.Others(ctx, all...)...)
}

// TwinOn runs the twin as Twin does, but on this Python.
func (lab *Lab) TwinOn(ctx context.Context, on *python.Interpreter, args map[string]any) measure.Samples {
	other := *lab
	other.python = interpreter{Interpreter: on}
	samples := other.Twin(ctx, args)
	lab.result = other.result
	return samples
}

// Predict states what the figures should be, with the formula behind it. An
// experiment calls it before it measures.
func (lab *Lab) Predict(format string, args ...any) {
	lab.result.Prediction = fmt.Sprintf(format, args...)
	lab.page.prediction(lab.result.Prediction)
}

// CPUs returns how many CPUs Go would use. The verdicts on these claims (on all
// of the section's, if none is named) are about parallelism: without two free
// CPUs there are none.
func (lab *Lab) CPUs(claims ...string) int {
	if lab.parallel = claims; len(claims) == 0 {
		lab.parallel = lab.section.Claims
	}
	return measure.UsableCPUs()
}

// calibrate sees how much of the machine is free: before the experiment, and
// again after it.
func (lab *Lab) calibrate(ctx context.Context) {
	lab.page.progress("calibrating")
	c := measure.Calibrate(ctx)
	lab.alone, lab.quiet = cmp.Or(lab.alone, c.WhyNotParallel()), cmp.Or(lab.quiet, c.WhyNotTimed())
}

// awaitQuiet waits until the CPUs are free, a minute at most.
func (lab *Lab) awaitQuiet(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for measure.Calibrate(ctx).WhyNotTimed() != "" {
		lab.page.progress("waiting for a quiet moment")
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Second):
		}
	}
}

// Progress says in one line what is being done, on a terminal only: for what
// takes long and is neither a round nor the twin.
func (lab *Lab) Progress(format string, args ...any) { lab.page.progress(format, args...) }

// Rounds returns how many rounds the reader asked for: an experiment that does
// not run variants in turn takes its length from them.
func (lab *Lab) Rounds() int { return lab.rounds }

// InTurn runs the variants in turn, as measure.InTurn does, as many rounds as
// the reader asked for.
func (lab *Lab) InTurn(ctx context.Context, variants ...measure.Variant) (measure.Samples, error) {
	return lab.inTurn(ctx, func(int) {}, variants...)
}

func (lab *Lab) inTurn(ctx context.Context, after func(round int), variants ...measure.Variant) (measure.Samples, error) {
	lab.result.Rounds = lab.rounds
	lab.page.progress("measuring, round 1 of %d", lab.rounds)
	return measure.InTurn(ctx, lab.rounds, func(done int) {
		after(done)
		lab.page.progress("measuring, round %d of %d", min(done+1, lab.rounds), lab.rounds)
	}, variants...)
}

// InTurnWithTwin runs the variants in turn, and the twin's rounds beside them:
// Go, Python, Python, Go and so on, so that a ratio of the two is made of
// pairs. It returns what Go measured, and what the twin did, which is missing
// where there is no Python.
func (lab *Lab) InTurnWithTwin(ctx context.Context, args map[string]any, variants ...measure.Variant) (went, theirs measure.Samples, err error) {
	if lab.python.missing != "" {
		went, err = lab.InTurn(ctx, variants...)
		return went, measure.Missing(lab.python.missing), err
	}
	twin, failed := lab.python.Start(ctx, lab.twin(args))
	if failed == nil {
		defer twin.Stop()
	}
	went, err = lab.inTurn(ctx, func(round int) {
		// After an odd round of Go's, Python makes that round and the next.
		for n := round; round%2 == 1 && n <= min(round+1, lab.rounds) && failed == nil; n++ {
			failed = twin.Round()
		}
	}, variants...)
	if failed == nil {
		theirs, failed = twin.Finish()
	}
	if failed != nil {
		theirs = lab.noTwin(failed)
	}
	return went, theirs, err
}

// twin describes the section's function in twin.py.
func (lab *Lab) twin(args map[string]any) python.Twin {
	return python.Twin{
		Name: lab.chapter.Name, Files: lab.chapter.Files, Section: lab.section.Name,
		Rounds: lab.rounds, Args: args,
	}
}

// noTwin says why there is nothing to compare with.
func (lab *Lab) noTwin(err error) measure.Samples {
	lab.Remark("No comparison with Python: %v", err)
	return measure.Missing(err.Error())
}

// Twin runs the function of the chapter's twin.py that has the section's name,
// with the arguments given by keyword, and returns what it measured. Without
// Python, or where the twin fails, the samples are missing, and say why.
func (lab *Lab) Twin(ctx context.Context, args map[string]any) measure.Samples {
	if lab.python.missing != "" {
		return measure.Missing(lab.python.missing)
	}
	lab.result.Rounds = max(lab.result.Rounds, lab.rounds)
	lab.page.progress("%s, round 1 of %d", lab.python, lab.rounds)
	twin := lab.twin(args)
	twin.Progress = func(done int) {
		lab.page.progress("%s, round %d of %d", lab.python, min(done+1, lab.rounds), lab.rounds)
	}
	samples, err := lab.python.Run(ctx, twin)
	if err != nil {
		return lab.noTwin(err)
	}
	return samples
}

// UnderGIL returns the first value where the Python beside us has a GIL, and
// the second where it has none: the two predictions for its threads.
func (lab *Lab) UnderGIL(withGIL, without float64) float64 {
	if lab.python.Interpreter != nil && !lab.python.GIL {
		return without
	}
	return withGIL
}

// Show adds a row to the table of the unit's figures, with the ideal, if there
// is one: what it would be if nothing else cost anything. What was not measured
// is not shown.
func (lab *Lab) Show(name, unit string, e measure.Estimate, ideal ...float64) {
	lab.Figure(Unit{Name: unit}, name, e, ideal...)
}

// A Unit is what a figure is measured in.
type Unit struct {
	Name string               // heads the table: "times faster than one after another"
	Say  func(float64) string // how a reader says such a value; nil for a bare number
}

// Time returns the unit of times, in seconds, under a name.
func Time(name string) Unit { return Unit{name, measure.Seconds} }

// Figure adds a row to the table of the unit's figures, and says its value as a
// reader does.
func (lab *Lab) Figure(unit Unit, name string, e measure.Estimate, ideal ...float64) {
	if e.N == 0 {
		return
	}
	figure := Figure{Name: name, Unit: unit.Name, Estimate: e}
	if unit.Say != nil {
		figure.Said = &Said{Value: unit.Say(e.Median), Low: unit.Say(e.Low), High: unit.Say(e.High)}
	}
	if len(ideal) > 0 {
		figure.Ideal = &ideal[0]
		if unit.Say != nil {
			figure.Said.Ideal = unit.Say(ideal[0])
		}
	}
	lab.result.Figures = append(lab.result.Figures, figure)
}

// Headline makes the figures of a unit the section's picture: bars, under the
// title.
func (lab *Lab) Headline(unit Unit, title string) {
	lab.result.Headline = &Headline{unit.Name, title}
}

// Draw shows who ran when, above the figures: a chart of one run, which -record
// makes the section's picture on the page. Of several, the last one counts.
func (lab *Lab) Draw(chart timeline.Chart) { lab.result.Chart = &chart }

// Remark adds a line that the reader of the figures should know.
func (lab *Lab) Remark(format string, args ...any) {
	lab.result.Remarks = append(lab.result.Remarks, fmt.Sprintf(format, args...))
}

// Judge states the verdict on one of the section's claims, for one language.
func (lab *Lab) Judge(claim string, of Subject, verdict measure.Verdict) {
	lab.result.Judgements = append(lab.result.Judgements, Judgement{Claim: claim, Of: of, Verdict: verdict})
}

// begin makes the lab ready for the section, and forgets what was there before.
func (lab *Lab) begin() {
	lab.result = Result{Section: lab.section.Name, Figures: []Figure{}, Judgements: []Judgement{}}
	lab.wordings, lab.parallel, lab.alone, lab.quiet = nil, nil, "", ""
}

// run makes the section's experiment and completes its result.
func (lab *Lab) run(ctx context.Context) error {
	lab.begin()
	lab.calibrate(ctx)
	if err := lab.section.Experiment(ctx, lab); err != nil {
		return err
	}
	lab.calibrate(ctx)
	return lab.conclude()
}

// conclude takes back what can't be judged on this machine now, and words the
// answers.
func (lab *Lab) conclude() error {
	if len(lab.result.Judgements) == 0 {
		return fmt.Errorf("the experiment of %s states no verdict", lab.section.Name)
	}
	for n, j := range lab.result.Judgements {
		if !slices.Contains(lab.section.Claims, j.Claim) {
			return fmt.Errorf("the experiment of %s judges claim %s, which the section does not quote", lab.section.Name, j.Claim)
		}
		if i := lab.python.Interpreter; i != nil && i.Implementation != "CPython" && j.Of == CPython {
			lab.result.Judgements[n].Verdict = measure.Cannot("this is %s, and the verdict would be one on CPython", i)
			continue
		}
		why := ""
		switch {
		case slices.Contains(lab.parallel, j.Claim):
			why = lab.alone
		case j.Timed:
			why = lab.quiet
		}
		if why != "" {
			lab.result.Judgements[n].Verdict = measure.Cannot("%s", why)
			lab.result.disturbed = why
		}
	}
	relate(lab.result.Judgements)
	for _, w := range lab.wordings {
		answer, err := w.answer(lab.result.Judgements, lab.result.disturbed)
		if err != nil {
			return fmt.Errorf("the experiment of %s: %w", lab.section.Name, err)
		}
		lab.result.Answers = append(lab.result.Answers, answer)
	}
	return nil
}

// relate says of Go what a sentence about Python can be asked for: whether it is
// the same there. An experiment that knows better has said so itself.
func relate(judgements []Judgement) {
	for i, j := range judgements {
		claim, _ := ClaimByNo(j.Claim)
		if j.Of != Go || claim.About() != CPython {
			continue
		}
		python := measure.Yes // what the sentence says
		for _, other := range judgements {
			if other.Claim == j.Claim && other.Of == CPython && other.Answer == measure.No {
				python = measure.No
			}
		}
		if python == measure.Yes {
			judgements[i].Verdict = j.Means(measure.Same, measure.Different)
		} else {
			judgements[i].Verdict = j.Means(measure.Different, measure.Same)
		}
	}
}
