package notebook

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/python"
	"concurrency-notebook/internal/timeline"
)

// The test binary, started again with this variable set, is the program of a
// made-up chapter: what a reader types is tested on a real process.
const asSpecimen = "NOTEBOOK_TEST_SPECIMEN"

// The specimen's Close says so in this file, where the variable names one.
const closedIn = "NOTEBOOK_TEST_CLOSED"

func TestMain(m *testing.M) {
	if os.Getenv(asSpecimen) != "" && len(os.Args) == 2 && os.Args[1] == "child" {
		forever, _, err := os.Pipe()
		fmt.Fprintln(os.Stderr, "the child runs:", err)
		_, err = forever.Read(make([]byte, 1)) // until it is killed
		panic(err)
	}
	if os.Getenv(asSpecimen) != "" {
		Main(specimen())
	}
	os.Exit(m.Run())
}

func specimen() Chapter {
	half := measure.EstimateOf([]float64{0.48, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.52, 0.53})
	demo := func(text string) func(context.Context, io.Writer) error {
		return func(_ context.Context, w io.Writer) error {
			_, err := fmt.Fprintln(w, text)
			return err
		}
	}
	return Chapter{
		Name: "00-specimen", Title: "Specimen", Answer: "A kettle and a cook can work at the same time.",
		Usage: "For a kettle of your own: go run ./00-specimen buy",
		Close: func() {
			if path := os.Getenv(closedIn); path != "" {
				f, _ := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
				_, _ = f.WriteString("closed\n")
				_ = f.Close()
			}
		},
		Sections: []Section{
			{Name: "kettle", Title: "The kettle", Claims: []string{"S4"}, Demo: demo("the kettle boils"),
				Experiment: func(ctx context.Context, lab *Lab) error {
					lab.Predict("two cooks take 1/2 of the time of one")
					lab.Show("two cooks", "x one cook", half, 0.5)
					lab.Show("no cook", "x one cook", measure.Estimate{Missing: "nobody came"}, 1)
					lab.Remark("The kettle is new.")
					lab.Judge("S4", Go, half.Decide("two cooks / one", 0.5, 1).DespiteLoad("it is made up"))
					lab.Judge("S4", CPython, lab.Twin(ctx, nil).Ratio("two", "one").Decide("two cooks / one", 0.5, 1))
					return nil
				}},
			{Name: "shown-only", Title: "Shown only", Claims: []string{"S5"}, Demo: demo("the tea is ready")},
			{Name: "broken-cup", Title: "The broken cup", Claims: []string{"S6"}, Demo: demo("a cup falls"),
				Experiment: func(context.Context, *Lab) error { return errors.New("the cup broke") }},
			{Name: "panicking", Title: "Panic", Demo: func(context.Context, io.Writer) error { panic("fire in the kitchen") }},
			{Name: "strange-claim", Title: "Strange", Claims: []string{"S6"}, Demo: demo(""),
				Experiment: func(_ context.Context, lab *Lab) error {
					lab.Judge("S7", Go, measure.Fact(true, "seen"))
					return nil
				}},
			{Name: "no-verdict", Title: "Mute", Demo: demo(""), Experiment: func(context.Context, *Lab) error { return nil }},
			{Name: "infinite", Title: "Infinite", Claims: []string{"S6"}, Demo: demo(""),
				Experiment: func(_ context.Context, lab *Lab) error {
					lab.Show("cups", "x", measure.Estimate{Median: math.Inf(1), N: 1})
					lab.Judge("S6", CPython, measure.Fact(true, "seen"))
					return nil
				}},
			{Name: "slow-end", Title: "Slow to end", Demo: demo("waiting"),
				Experiment: func(ctx context.Context, _ *Lab) error {
					fmt.Fprintln(os.Stderr, "it runs")
					<-ctx.Done()
					_, err := io.ReadAll(os.Stdin) // its cleaning up takes until then
					fmt.Fprintln(os.Stderr, "cleaned up", err)
					return ctx.Err()
				}},
			{Name: "endless", Title: "Endless", Demo: demo("waiting"),
				Experiment: func(ctx context.Context, lab *Lab) error {
					child := exec.CommandContext(ctx, os.Args[0], "child")
					child.Stderr = os.Stderr // held open as long as the child lives
					if err := child.Start(); err != nil {
						return err
					}
					return child.Wait()
				}},
		},
	}
}

// command starts the specimen's program with its arguments.
func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), asSpecimen+"=1", "NO_COLOR=", "TERM=xterm")
	return cmd
}

// specimenRun runs it to its end.
func specimenRun(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	cmd := command(t, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		var exit *exec.ExitError
		require.ErrorAs(t, err, &exit)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

func TestPageInAFile(t *testing.T) {
	stdout, stderr, code := specimenRun(t, "kettle", "shown-only")
	require.Zero(t, code, stderr)
	require.Empty(t, stderr)
	require.NotContains(t, stdout, "\x1b", "no colour and no cursor movement outside a terminal")
	head := fmt.Sprintf(`00-specimen  Specimen

A kettle and a cook can work at the same time.

%s on %s/%s, %s, GOMAXPROCS %d`, runtime.Version(), runtime.GOOS, runtime.GOARCH, Count(runtime.NumCPU(), "CPU"), runtime.GOMAXPROCS(0))
	require.Equal(t, strings.Fields(head), strings.Fields(stdout)[:len(strings.Fields(head))])
	require.Contains(t, stdout, `
── The kettle ──────────────────────────────────────────────────────── kettle ──

  S4  “Threads of a process can share the memory of global variables.”

  │ the kettle boils

  Predicted: two cooks take 1/2 of the time of one

  x one cook  measured  96 % interval  ideal ┃
  two cooks       0.50   0.50 to 0.52     0.50  █████████████████████████████┃

  The kettle is new.

  = S4, Go: the same. Two cooks / one = 0.50 (0.50 to 0.52), below the line at
    0.75.
  ○ S4, CPython: can't tell here. This chapter has no Python twin.

── Shown only ──────────────────────────────────────────────────── shown-only ──
`[1:], "a whole section as it stands in a file")
	require.NotContains(t, stdout, "no cook")
}

func TestFailuresCostOnlyTheirSection(t *testing.T) {
	stdout, _, code := specimenRun(t, "broken-cup", "panicking", "strange-claim", "no-verdict", "kettle")
	require.Equal(t, 1, code)
	for _, want := range []string{
		"failed: the cup broke", "failed: panic: fire in the kitchen", "judges claim S7", "states no verdict",
		"S4, Go: the same", " s, 4 failed",
	} {
		require.Contains(t, strings.Join(strings.Fields(stdout), " "), want)
	}
}

func TestJSON(t *testing.T) {
	stdout, stderr, code := specimenRun(t, "-json", "kettle", "broken-cup", "shown-only")
	require.Equal(t, 1, code, "a section failed")
	require.Empty(t, stderr)
	var lines []map[string]any
	for line := range strings.Lines(stdout) {
		var object map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &object))
		lines = append(lines, object)
	}
	require.Len(t, lines, 3)
	kettle := lines[0]
	require.Equal(t, "00-specimen", kettle["chapter"])
	require.Equal(t, "kettle", kettle["section"])
	require.Equal(t, "S4 “Threads of a process can share the memory of global variables.”", kettle["claim"])
	require.Equal(t, "S4, Go: the same; S4, CPython: can't tell here", kettle["verdict"])
	require.Contains(t, kettle["evidence"], "two cooks / one = 0.50")
	require.Equal(t, 0.5, kettle["figures"].([]any)[0].(map[string]any)["median"])
	require.Len(t, kettle["judgements"], 2)
	require.Equal(t, runtime.Version(), kettle["machine"].(map[string]any)["go"])
	require.Equal(t, "the cup broke", lines[1]["error"])
	require.Equal(t, "", lines[2]["verdict"])
	require.Equal(t, []any{}, lines[2]["figures"])
}

func TestPythonForADemo(t *testing.T) {
	ours := &python.Interpreter{Path: "/kettle/python3"}
	found, err := Python(withPython(t.Context(), interpreter{Interpreter: ours}))
	require.NoError(t, err)
	require.Same(t, ours, found)

	_, err = Python(withPython(t.Context(), interpreter{missing: "Python was left out (-no-python)"}))
	require.EqualError(t, err, "Python was left out (-no-python)")

	t.Setenv("PATH", t.TempDir())
	_, err = Python(t.Context())
	require.EqualError(t, err, "python3 was not found on PATH", "in an Example it is looked for")
}

func TestSummary(t *testing.T) {
	holds, not := measure.Fact(true, "it is hot"), measure.Fact(false, "it is cold")
	for _, c := range []struct {
		judged            []Judgement
		verdict, evidence string
	}{
		{nil, "", ""},
		{[]Judgement{{"S1", Go, holds}, {"S1", CPython, holds}}, "yes", "it is hot"},
		{[]Judgement{{"S1", Go, holds}, {"S2", Go, holds}, {"S1", CPython, not}}, "S1, S2, Go: yes; S1, CPython: no", "it is hot; it is cold"},
	} {
		verdict, evidence := Result{Judgements: c.judged}.summary()
		require.Equal(t, c.verdict, verdict)
		require.Equal(t, c.evidence, evidence)
	}
}

func TestCommandLine(t *testing.T) {
	for _, c := range []struct {
		name           string
		args           []string
		code           int
		stdout, stderr string
	}{
		{"list", []string{"-list", "kettle"}, 0, "kettle  S4   “Threads of a process can share the memory of global variables.”\n", ""},
		{"flags after sections", []string{"kettle", "-list"}, 0, "kettle  S4", ""},
		{"help", []string{"-h"}, 0, "usage: go run ./00-specimen [flags] [section ...]", ""},
		{"what else there is", []string{"-h"}, 0, "\n\nFor a kettle of your own: go run ./00-specimen buy\n\nflags:\n", ""},
		{"unknown section", []string{"teapot"}, 2, "",
			"00-specimen: there is no section \"teapot\"; there are kettle, shown-only, broken-cup, panicking, strange-claim, no-verdict, infinite, slow-end, endless\n"},
		{"unknown flag", []string{"-boil"}, 2, "",
			"00-specimen: flag provided but not defined: -boil; the flags are -list, -json, -record, -python PATH, -no-python, -no-color and -h\n"},
		{"flag without its value", []string{"-python"}, 2, "", "flag needs an argument: -python"},
		{"record without sources", []string{"-record"}, 1, "", "00-specimen: finding the folder to record in: "},
		{"no such Python", []string{"-python", "/nonexistent/python3"}, 2, "", "00-specimen: -python /nonexistent/python3: cannot run /nonexistent/python3: "},
		{"nor to record with", []string{"-record", "-python", "/nonexistent/python3"}, 2, "", "00-specimen: -python /nonexistent/python3: cannot run /nonexistent/python3: "},
		{"what JSON can't say", []string{"-json", "infinite"}, 1, "", "00-specimen: section infinite: writing its result as JSON: "},
		{"record a part", []string{"-record", "kettle"}, 2, "", "-record records the whole chapter"},
	} {
		stdout, stderr, code := specimenRun(t, c.args...)
		require.Equal(t, c.code, code, c.name)
		require.Contains(t, stdout, c.stdout, c.name)
		require.Contains(t, stderr, c.stderr, c.name)
		if c.code != 0 {
			require.Equal(t, 1, strings.Count(stderr, "\n"), "%s: one clear line", c.name)
		}
	}
	list, _, _ := specimenRun(t, "-list")
	require.Equal(t, len(specimen().Sections), strings.Count(list, "\n"))
}

func TestReaderGoneEndsItQuietly(t *testing.T) {
	cmd := command(t, "endless", "kettle")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	read, write, err := os.Pipe()
	require.NoError(t, err)
	cmd.Stdout = write
	require.NoError(t, read.Close()) // nobody reads: the first write fails
	require.NoError(t, cmd.Start())
	require.NoError(t, write.Close())
	require.NoError(t, cmd.Wait(), "exit code 0")
	require.Empty(t, stderr.String())
}

func TestCtrlC(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows cannot send an interrupt to one process")
	}
	for signal, code := range map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143} {
		closed := filepath.Join(t.TempDir(), "closed")
		t.Setenv(closedIn, closed)
		cmd := command(t, "endless", "kettle")
		read, write, err := os.Pipe()
		require.NoError(t, err)
		cmd.Stderr = write // the endless child holds it too
		require.NoError(t, cmd.Start())
		require.NoError(t, write.Close())

		line, err := bufio.NewReader(read).ReadString('\n')
		require.NoError(t, err)
		require.Equal(t, "the child runs: <nil>\n", line)
		require.NoError(t, cmd.Process.Signal(signal))
		rest, err := io.ReadAll(read) // ends when both processes are gone
		require.NoError(t, err)
		require.Empty(t, rest)
		require.Error(t, cmd.Wait())
		require.Equal(t, code, cmd.ProcessState.ExitCode())
		require.FileExists(t, closed)
	}
}

// timeout(1) sends two signals. Only a second Ctrl-C may skip the cleaning up.
func TestSecondSignal(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows cannot send a signal to one process")
	}
	cmd := command(t, "slow-end")
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := bufio.NewReader(stderr)
	line, err := lines.ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "it runs\n", line)
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	require.NoError(t, cmd.Process.Signal(syscall.SIGHUP))
	require.NoError(t, stdin.Close())
	line, err = lines.ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "cleaned up <nil>\n", line)
	require.Error(t, cmd.Wait())
	require.Contains(t, []int{143, 129}, cmd.ProcessState.ExitCode())
}

func TestOutputThatCannotBeWritten(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("there is no /dev/full: ", err)
	}
	defer full.Close()
	for _, args := range [][]string{{"-list"}, {"-h"}, {"-json", "kettle"}, {"kettle"}} {
		cmd := command(t, args...)
		var stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = full, &stderr
		require.Error(t, cmd.Run(), args)
		require.Equal(t, 1, cmd.ProcessState.ExitCode(), args)
		require.Contains(t, stderr.String(), "00-specimen: write ")
	}
}

// In every pair of rounds, Go and Python change places.
func TestInTurnWithTwin(t *testing.T) {
	interpreter, err := python.Find(t.Context(), "")
	if err != nil {
		t.Skip(err)
	}
	lab := Lab{
		chapter: &Chapter{Name: "00-specimen", Files: fstest.MapFS{"twin.py": {Data: []byte(`
from measure import main, report, rounds

def kettle(path):
    for n in rounds():
        with open(path, "a") as file:
            file.write("P")
        report("cups", n)

if __name__ == "__main__":
    main()
`)}}},
		section: &Section{Name: "kettle"}, rounds: 5, page: newPage(io.Discard, options{plain: true}),
	}
	lab.python.Interpreter = interpreter
	order := filepath.Join(t.TempDir(), "order")
	cup := measure.Variant{Name: "cup", Run: func(context.Context) error {
		f, err := os.OpenFile(order, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		_, err = f.WriteString("G")
		return errors.Join(err, f.Close())
	}}
	went, theirs, err := lab.InTurnWithTwin(t.Context(), map[string]any{"path": order}, cup)
	require.NoError(t, err)
	text, err := os.ReadFile(order)
	require.NoError(t, err)
	require.Equal(t, "GPPGGPPGGP", string(text))
	require.Equal(t, 3.0, theirs.Estimate("cups").Median)
	require.Equal(t, 5, went.With(theirs).Ratio("cups", "cup").N)

	lab.section = &Section{Name: "teapot"}
	went, theirs, err = lab.InTurnWithTwin(t.Context(), nil, cup)
	require.NoError(t, err, "Go goes on without Python")
	require.Equal(t, 5, went.Estimate("cup").N)
	require.Contains(t, theirs.Estimate("cups").Missing, "twin of 00-specimen, section teapot: ")
	require.Contains(t, lab.result.Remarks[0], "No comparison with Python")

	lab.python.missing = "no Python here"
	_, theirs, err = lab.InTurnWithTwin(t.Context(), nil, cup)
	require.NoError(t, err)
	require.Equal(t, "no Python here", theirs.Estimate("cups").Missing)
}

// Load takes away what rests on a time, and nothing else.
func TestLoad(t *testing.T) {
	slow := measure.Estimate{Median: 2, Low: 2, High: 2, N: 9}
	section := Section{Name: "kettle", Claims: []string{"S4", "S5", "S6", "S7"}}
	judge := func(lab *Lab) {
		lab.Judge("S4", CPython, slow.Above("tea / coffee", 1))
		lab.Judge("S5", CPython, slow.Above("cups", 1).DespiteLoad("cups are counted"))
		lab.Judge("S6", CPython, measure.Fact(true, "seen"))
		lab.CPUs("S7")
		lab.Judge("S7", CPython, measure.Fact(true, "seen"))
		lab.Answer("S4", CPython, Wording{measure.Yes: "Tea takes longer.", measure.CantTell: "Nobody had tea."})
		lab.Answer("S5", CPython, Wording{measure.Yes: "There are two cups."})
	}
	answers := func(r Result) (all []measure.Answer) {
		for _, j := range r.Judgements {
			all = append(all, j.Answer)
		}
		return all
	}
	quiet, err := Try(section, judge)
	require.NoError(t, err)
	require.Equal(t, []measure.Answer{measure.Yes, measure.Yes, measure.Yes, measure.Yes}, answers(quiet))
	require.Equal(t, Answer{CPython, "In Python, that's true.", "Tea takes longer.", quiet.Judgements[0].Claim}, quiet.Answers[0])
	require.NoError(t, Record{Sections: []Result{quiet}}.replace(t.TempDir()))

	busy, err := Try(section, func(lab *Lab) {
		lab.quiet, lab.alone = "only 1 of 2 CPUs were free", "only 1 of 2 CPUs were free"
		judge(lab)
	})
	require.NoError(t, err)
	require.Equal(t, []measure.Answer{measure.CantTell, measure.Yes, measure.Yes, measure.CantTell}, answers(busy))
	require.Equal(t, Answer{CPython, "In Python, we can't tell here.", "Only 1 of 2 CPUs were free.", busy.Judgements[0].Claim}, busy.Answers[0])
	require.Equal(t, Answer{CPython, "In Python, that's true.", "There are two cups.", busy.Judgements[1].Claim}, busy.Answers[1])
	folder := t.TempDir()
	require.ErrorContains(t, Record{Sections: []Result{quiet, busy}}.replace(folder), "nothing was recorded: in section kettle, only 1 of 2 CPUs were free")
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Empty(t, left)
}

// What another Python does is no verdict on CPython.
func TestOtherPython(t *testing.T) {
	result, err := Try(Section{Name: "kettle", Claims: []string{"S4"}}, func(lab *Lab) {
		lab.python.Interpreter = &python.Interpreter{Implementation: "PyPy", Version: "3.11.9", Optimized: true}
		lab.Judge("S4", CPython, measure.Fact(true, "seen"))
		lab.Judge("S4", Go, measure.Fact(true, "seen"))
	})
	require.NoError(t, err)
	require.Equal(t, measure.Cannot("this is PyPy 3.11.9 (no GIL), and the verdict would be one on CPython"), result.Judgements[0].Verdict)
	require.Equal(t, measure.Same, result.Judgements[1].Answer)
}

func TestAnswersNeedTheirWords(t *testing.T) {
	section := Section{Name: "kettle", Claims: []string{"S4"}}
	judge := func(claim string) func(*Lab) {
		return func(lab *Lab) {
			lab.Judge("S4", CPython, measure.Fact(false, "seen"))
			lab.Answer(claim, CPython, Wording{measure.Yes: "It boils."})
		}
	}
	_, err := Try(section, judge("S4"))
	require.ErrorContains(t, err, `claim S4 came out "no" for CPython, and its answer has no wording for that`)
	_, err = Try(section, judge("S5"))
	require.ErrorContains(t, err, "the answer for CPython is about claim S5, which is not judged for it")
}

// Where several sentences stand above them, answers say which they're about.
func TestAnswersNameTheirClaims(t *testing.T) {
	printed := func(answers ...Answer) string {
		var out bytes.Buffer
		p := &page{w: &out, width: 80}
		p.paint(false)
		p.findings(Result{Answers: answers})
		return out.String()
	}
	python := Answer{Of: CPython, Lead: "In Python, that's true.", Text: "It boils.", Claim: "6.3"}
	other, told := python, python
	other.Claim = "6.4"
	told.Claim, told.Lead = "6.60", ""
	require.Equal(t, "\n  In Python, that's true. It boils.\n", printed(python))
	require.Equal(t, "\n  6.3: In Python, that's true. It boils.\n\n  6.4: In Python, that's true. It boils.\n\n  6.60: It boils.\n",
		printed(python, other, told))
	require.Equal(t, "\n  It boils.\n", printed(told))
}

// A finding is told without the verdict, unless there's none.
func TestTell(t *testing.T) {
	section := Section{Name: "kettle", Claims: []string{"S4"}}
	told := func(verdict measure.Verdict) []string {
		result, err := Try(section, func(lab *Lab) {
			lab.Judge("S4", CPython, verdict)
			lab.Tell("S4", CPython, Wording{measure.Yes: "It boils."})
		})
		require.NoError(t, err)
		return result.Said()
	}
	require.Equal(t, []string{"It boils."}, told(measure.Fact(true, "seen")))
	require.Equal(t, []string{"In Python, we can't tell here. No kettle."}, told(measure.Cannot("no kettle")))
}

// What Go does beside a sentence about Python is the same, or different.
func TestRelate(t *testing.T) {
	yes, no := measure.Fact(true, "seen"), measure.Fact(false, "seen")
	for _, c := range []struct {
		name           string
		inPython, inGo measure.Verdict
		want           measure.Answer
	}{
		{"both", yes, yes, measure.Same},
		{"neither", no, no, measure.Same},
		{"Python alone", yes, no, measure.Different},
		{"Go alone", no, yes, measure.Different},
		{"as the sentence says, where Python is not known", measure.Cannot("no Python"), yes, measure.Same},
		{"not", measure.Cannot("no Python"), no, measure.Different},
		{"not known of Go", yes, measure.Cannot("busy"), measure.CantTell},
		{"said already", yes, yes.Means(measure.Different, measure.Same), measure.Different},
	} {
		judged := []Judgement{{"S4", CPython, c.inPython}, {"S4", Go, c.inGo}}
		relate(judged)
		require.Equal(t, c.want, judged[1].Answer, c.name)
		require.Equal(t, c.inPython.Answer, judged[0].Answer, c.name)
	}
	fromGo := slices.IndexFunc(Claims, func(c Claim) bool { return c.Source == GoDocs })
	aboutGo := []Judgement{{Claims[fromGo].No, Go, yes}}
	relate(aboutGo)
	require.Equal(t, measure.Yes, aboutGo[0].Answer, "a sentence about Go is answered for Go")
}

func TestBesideThePage(t *testing.T) {
	page := Record{Chapter: "00-specimen", Sections: []Result{{Section: "kettle", Judgements: []Judgement{
		{"S4", CPython, measure.Fact(true, "seen")}, {"S4", Go, measure.Fact(true, "seen").Means(measure.Same, measure.Different)}}}}}
	page.Sum = page.digest()
	text, err := json.Marshal(page)
	require.NoError(t, err)
	c := Chapter{Files: fstest.MapFS{recordFile: {Data: text}}}
	here := page.Sections
	require.Equal(t, "2 verdicts, all as on the page.", c.beside(here))
	here = []Result{{Section: "kettle", Judgements: []Judgement{{"S4", CPython, measure.Cannot("busy")}, here[0].Judgements[1], {"S5", Go, measure.Fact(true, "seen")}}}}
	require.Equal(t, "3 verdicts, 1 as on the page. Otherwise here: S4 for CPython: can't tell here, on the page yes; S5 for Go: yes, not on the page.", c.beside(here))
	here[0].disturbed = "busy"
	require.Equal(t, "3 verdicts, 1 as on the page. 1 couldn't be judged now, since other programs keep this machine busy. Otherwise here: S5 for Go: yes, not on the page.", c.beside(here))
	require.Empty(t, c.beside(nil))
	require.Empty(t, Chapter{}.beside(here), "there is no page")
	require.Empty(t, Chapter{Files: fstest.MapFS{recordFile: {Data: []byte("{}")}}}.beside(here), "nothing is recorded yet")
}

func TestBarsAreInTheUnitOfTheLongest(t *testing.T) {
	lab := Lab{}
	time := Time("time for a cup")
	lab.Headline(time, "Tea")
	lab.Figure(time, "Go, a cup", measure.Estimate{Median: 2e-6, Low: 1e-6, High: 3e-6, N: 9}, 1e-6)
	lab.Figure(time, "CPython, a cup", measure.Estimate{Median: 0.25, Low: 0.2, High: 0.3, N: 9})
	lab.Figure(Time("another time"), "Go, a cup", measure.Estimate{Median: 9, N: 9})
	bars := lab.result.bars()
	require.Equal(t, "time for a cup, ms", bars.Unit)
	require.Len(t, bars.Rows, 2)
	require.Equal(t, "2 µs", bars.Rows[0].Text)
	require.InDelta(t, 0.002, bars.Rows[0].Value, 1e-12)
	require.InDelta(t, 0.001, bars.Rows[0].Ideal, 1e-12)
	require.True(t, math.IsNaN(bars.Rows[1].Ideal), "there is none")
	bars.Rows[1].Ideal = 0
	require.Equal(t, timeline.Bar{Name: "CPython, a cup", Value: 250, Low: 200, High: 300, Text: "250 ms"}, bars.Rows[1])
}

func TestIntervalHead(t *testing.T) {
	of := func(n int) Figure { return Figure{Estimate: measure.Estimate{Low: 1, High: 2, N: n}} }
	require.Equal(t, "96 % interval", IntervalHead([]Figure{of(25), of(16)}), "of the least sure")
	require.Equal(t, "98 % interval", IntervalHead([]Figure{of(16)}))
	require.Equal(t, "range", IntervalHead([]Figure{of(25), of(3)}))
}

func TestClose(t *testing.T) {
	closed := filepath.Join(t.TempDir(), "closed")
	t.Setenv(closedIn, closed)
	for args, code := range map[string]int{"shown-only": 0, "-list": 0, "broken-cup": 1, "panicking": 1, "teapot": 2} {
		_, _, got := specimenRun(t, args)
		require.Equal(t, code, got, args)
		text, err := os.ReadFile(closed)
		require.NoError(t, err, args)
		require.Equal(t, "closed\n", string(text), args)
		require.NoError(t, os.Remove(closed))
	}
}

func TestRecord(t *testing.T) {
	folder := t.TempDir()
	half := measure.EstimateOf([]float64{1.0 / 3, 0.5, 0.7})
	r := Record{Chapter: "00-specimen", Date: "2026-11-23", Sections: []Result{{
		Section: "kettle", Figures: []Figure{{Name: "two cooks", Unit: "x one", Estimate: half, Ideal: new(0.5)}},
		Judgements: []Judgement{{Claim: "S4", Of: Go, Verdict: measure.Fact(true, "two of two")}},
		Chart: &timeline.Chart{Title: "tea", Panels: []timeline.Panel{{Title: "one cook", Lanes: []timeline.Lane{
			{Name: "cook 1", Spans: []timeline.Span{{Label: "boil", End: 1234567}}}}}}},
	}}}
	_, err := ReadRecord(folder)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, r.replace(folder))
	read, err := ReadRecord(folder)
	require.NoError(t, err)
	require.Equal(t, r.Sections, read.Sections)
	kettle, ok := read.Section("kettle")
	require.True(t, ok)
	require.Equal(t, r.Sections[0], kettle)
	for name, dark := range map[string]bool{"kettle.svg": false, "kettle-dark.svg": true} {
		picture, err := os.ReadFile(filepath.Join(folder, name))
		require.NoError(t, err)
		require.Equal(t, string(r.Sections[0].Chart.SVG(dark)), string(picture))
	}

	path := filepath.Join(folder, recordFile)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	for old, typed := range map[string]string{"0.7": "0.6", "two of two": "three of two", "1234.567": "1234.568", "2026-11-23": "2026-11-24", "yes": "no"} {
		require.Contains(t, string(text), old)
		require.NoError(t, os.WriteFile(path, bytes.Replace(text, []byte(old), []byte(typed), 1), 0o644))
		_, err = ReadRecord(folder)
		require.ErrorContains(t, err, "was changed by hand")
		require.ErrorContains(t, err, "go run ./00-specimen -record")
	}
}

func TestFolderToRecordIn(t *testing.T) {
	root := t.TempDir()
	folder := filepath.Join(root, "06-sync-primitives", "toolbox")
	require.NoError(t, os.MkdirAll(filepath.Join(folder, "deeper"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(root, "go.mod"), nil, 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "main.go"), nil, 0o644))
	t.Chdir(filepath.Join(folder, "deeper"))
	found, err := folderToRecordIn("06-sync-primitives/toolbox")
	require.NoError(t, err)
	require.FileExists(t, filepath.Join(found, "main.go"))
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Len(t, left, 2, "it leaves nothing behind")
	require.NoError(t, os.WriteFile(filepath.Join(folder, "go.mod"), nil, 0o644))
	again, err := folderToRecordIn("06-sync-primitives/toolbox")
	require.NoError(t, err, "a room may be a module of its own")
	require.Equal(t, found, again)
	_, err = folderToRecordIn("07-nowhere")
	require.ErrorContains(t, err, "run it inside the notebook's checkout")

	if os.Geteuid() <= 0 {
		t.Skip("root may write anywhere, and Windows has other permissions")
	}
	require.NoError(t, os.Chmod(folder, 0o555))
	_, err = folderToRecordIn("06-sync-primitives/toolbox")
	require.ErrorIs(t, err, fs.ErrPermission)
	require.ErrorContains(t, err, "nothing can be recorded here")
}

func TestPageFitsItsWidth(t *testing.T) {
	for _, width := range []int{40, 60, 80, 100} {
		var out bytes.Buffer
		p := &page{w: &out, width: width}
		p.paint(false)
		p.opening(specimen())
		p.machine(Machine{Go: "go1.26", System: "linux/amd64", CPUs: 2, GOMAXPROCS: 2, Python: "CPython 3.11.7 (GIL)"})
		for _, claim := range Claims {
			p.section(Section{Name: "cpu-bound", Title: "CPU-bound work", Claims: []string{claim.No}})
		}
		_, err := io.WriteString(p.demo(), strings.Repeat("a wide line ", 6)+"\n\nshort\n")
		require.NoError(t, err)
		p.prediction("goroutines and processes take 1/2 of the sequential time on 2 CPUs, threads under a GIL all of it")
		wide := measure.EstimateOf([]float64{0.48, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.52, 0.53})
		p.section(Section{Name: "concurrent-or-parallel", Title: "Concurrent or parallel"})
		p.findings(Result{
			Answers: []Answer{{Of: CPython, Lead: "In Python, that's true.", Text: strings.Repeat("It takes a while. ", 9)}},
			Chart: &timeline.Chart{Title: "tea", Panels: []timeline.Panel{{Title: "one cook", Lanes: []timeline.Lane{
				{Name: "the goroutine that boils", Spans: []timeline.Span{{Label: "boil", End: 1234567}}}}}}},
			Grids: []Grid{breakfast},
			Figures: []Figure{
				{Name: "Go, two goroutines, two CPUs", Unit: "CPUs", Estimate: wide, Ideal: new(0.5)},
				{Name: "goroutines", Unit: "x sequential", Estimate: wide, Ideal: new(0.5)},
				{Name: "four threads", Unit: "x sequential", Estimate: measure.EstimateOf([]float64{1.02}), Ideal: new(1.0)},
			},
			Remarks:    []string{strings.Repeat("a long remark ", 20)},
			Judgements: []Judgement{{Claim: "S17", Of: CPython, Verdict: wide.Decide("four threads / sequential", 1, 0.5)}},
		})
		for line := range strings.Lines(out.String()) {
			require.LessOrEqual(t, utf8.RuneCountInString(strings.TrimSuffix(line, "\n")), width, line)
		}
		if width >= 60 {
			require.Contains(t, out.String(), "█", "there is room for bars in %d columns", width)
		}
		require.Equal(t, width >= 60, strings.Contains(out.String(), "0.50 to 0.52  "), "and for the interval in %d", width)
	}
}

func TestFindings(t *testing.T) {
	busy, faster := measure.Cannot("only 1.3 of 2 CPUs were free"), measure.Fact(true, "0.5")
	slower := measure.Fact(false, "1.1")
	for _, c := range []struct {
		name       string
		judgements []Judgement
		want       []string
	}{
		{"none", nil, nil},
		{"one", []Judgement{{"S17", CPython, faster}}, []string{"S17, CPython: yes"}},
		{"two of the same evidence", []Judgement{{"S15", CPython, faster}, {"S15", Go, slower}, {"S17", CPython, faster}},
			[]string{"S15, S17, CPython: yes", "S15, Go: no"}},
		{"none can be judged", []Judgement{{"S15", CPython, busy}, {"S15", Go, busy}, {"S17", CPython, busy}},
			[]string{"S15, S17, CPython: can't tell here", "S15, Go: can't tell here"}},
		{"nor of either language", []Judgement{{"S15", CPython, busy}, {"S15", Go, busy}, {"S16", CPython, busy}, {"S16", Go, busy}},
			[]string{"S15, S16, CPython and Go: can't tell here"}},
		{"two do not hold", []Judgement{{"S10", Go, slower}, {"S11", Go, slower}}, []string{"S10, S11, Go: no"}},
	} {
		var heads []string
		for _, f := range (Result{Judgements: c.judgements}).Findings() {
			heads = append(heads, f.Head)
		}
		require.Equal(t, c.want, heads, c.name)
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  []string
	}{
		{"", 10, []string{""}},
		{"one two three", 7, []string{"one two", "three"}},
		{"incomprehensibilities", 7, []string{"incomprehensibilities"}},
		{"a\nb  c", 7, []string{"a", "b c"}},
		{"über äther", 10, []string{"über äther"}},
	} {
		require.Equal(t, c.want, wrap(c.text, c.width))
	}
}

func TestClaimsAreUnique(t *testing.T) {
	seen := make(map[string]bool)
	for i, c := range Claims {
		require.False(t, seen[c.No], "claim %s is listed twice", c.No)
		seen[c.No] = true
		require.NotEmpty(t, c.Words)
		if i < 18 {
			require.Equal(t, fmt.Sprintf("S%d", i+1), c.No)
		}
	}
}

func TestToldOfBoth(t *testing.T) {
	answers := func(python, golang, text, other string) Result {
		return Result{Answers: []Answer{
			{CPython, "In Python, " + python + ".", text, "6.20"}, {CPython, "In Python, that's true.", text, "6.21"},
			{Go, "In Go, " + golang + ".", other, "6.20"},
		}}
	}
	require.Equal(t, []Answer{{CPython, "In both languages, that's true.", "It boils.", "6.20"}, {CPython, "In Python, that's true.", "It boils.", "6.21"}},
		answers("that's true", "it's the same", "It boils.", "It boils.").Told())
	require.Len(t, answers("that's true", "it's the same", "It boils.", "It's cold.").Told(), 3)
	require.Len(t, answers("that's true", "it's different", "It boils.", "It boils.").Told(), 3)
	for _, untouched := range []string{"In Python, that's true.", "In Go, it's the same."} {
		require.Contains(t, answers("that's true", "it's the same", "It boils.", "It boils.").Said(), untouched+" It boils.")
	}
}
