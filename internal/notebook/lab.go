package notebook

import (
	"context"
	"fmt"
	"slices"

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
	python  interpreter
	page    *page
	result  Result

	parallel []string // the claims that need all CPUs
	unfit    string   // why they cannot be judged here, or ""
}

// An interpreter is CPython, or the reason why there is none.
type interpreter struct {
	*python.Interpreter
	missing string
}

// Predict states what the figures should be, with the formula behind it. An
// experiment calls it before it measures.
func (lab *Lab) Predict(format string, args ...any) {
	lab.result.Prediction = fmt.Sprintf(format, args...)
	lab.page.prediction(lab.result.Prediction)
}

// CPUs calibrates the machine, now and again when the experiment has ended, and
// returns how many CPUs Go would use. Unless nearly all of them were free both
// times, the verdicts on these claims (on all of the section's, if none is
// named) become cannot be judged here: they are those about parallelism.
func (lab *Lab) CPUs(ctx context.Context, claims ...string) int {
	if lab.parallel = claims; len(claims) == 0 {
		lab.parallel = lab.section.Claims
	}
	return lab.calibrate(ctx)
}

func (lab *Lab) calibrate(ctx context.Context) int {
	lab.page.progress("calibrating")
	c := measure.Calibrate(ctx)
	if lab.unfit == "" {
		lab.unfit = c.WhyNotParallel()
	}
	return c.Want
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
	lab.page.progress("measuring, round 1 of %d", lab.rounds)
	return measure.InTurn(ctx, lab.rounds, func(done int) {
		lab.page.progress("measuring, round %d of %d", min(done+1, lab.rounds), lab.rounds)
	}, variants...)
}

// Twin runs the function of the chapter's twin.py that has the section's name,
// with the arguments given by keyword, and returns what it measured. Without
// Python, or where the twin fails, the samples are missing, and say why.
func (lab *Lab) Twin(ctx context.Context, args map[string]any) measure.Samples {
	if lab.python.missing != "" {
		return measure.Missing(lab.python.missing)
	}
	lab.page.progress("%s, round 1 of %d", lab.python, lab.rounds)
	samples, err := lab.python.Run(ctx, python.Twin{
		Name: lab.chapter.Name, Files: lab.chapter.Files, Section: lab.section.Name,
		Rounds: lab.rounds, Args: args,
		Progress: func(done int) {
			lab.page.progress("%s, round %d of %d", lab.python, min(done+1, lab.rounds), lab.rounds)
		},
	})
	if err != nil {
		lab.Remark("No comparison with Python: %v", err)
		return measure.Missing(err.Error())
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

// Show adds a row to the table of the unit's figures, with what was predicted
// for it, if anything was. What was not measured is not shown.
func (lab *Lab) Show(name, unit string, e measure.Estimate, predicted ...float64) {
	if e.N == 0 {
		return
	}
	figure := Figure{Name: name, Unit: unit, Estimate: e}
	if len(predicted) > 0 {
		figure.Predicted = &predicted[0]
	}
	lab.result.Figures = append(lab.result.Figures, figure)
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

// run makes the section's experiment and completes its result.
func (lab *Lab) run(ctx context.Context) error {
	if err := lab.section.Experiment(ctx, lab); err != nil {
		return err
	}
	if len(lab.result.Judgements) == 0 {
		return fmt.Errorf("the experiment of %s states no verdict", lab.section.Name)
	}
	for _, j := range lab.result.Judgements {
		if !slices.Contains(lab.section.Claims, j.Claim) {
			return fmt.Errorf("the experiment of %s judges claim %s, which the section does not quote", lab.section.Name, j.Claim)
		}
	}
	if len(lab.parallel) > 0 {
		lab.calibrate(ctx)
	}
	for i, j := range lab.result.Judgements {
		if lab.unfit != "" && slices.Contains(lab.parallel, j.Claim) {
			lab.result.Judgements[i].Verdict = measure.Cannot("%s", lab.unfit)
		}
	}
	return nil
}
