// Package timeline records who ran what and when, and draws it: as a chart for
// the terminal, and as a picture (SVG) for a page. A claim about concurrency is
// a claim about what happens at the same time, and a reader sees that at once
// in a drawing. What is drawn is what was recorded: a run, never an idea of one.
// [Bars] are figures of many runs, drawn in the same look.
package timeline

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// A Lane is a row of a drawing: a goroutine, a worker, a CPU, and what it did.
type Lane struct {
	Name  string `json:"name"`
	Spans []Span `json:"spans"` // by their start
}

// A Span is one piece of work, its times since the start of the recording. A
// span that ends as it starts is a mark: a moment, not a piece of work.
type Span struct {
	Label      string
	Start, End time.Duration
}

// mark reports whether the span is a moment.
func (s Span) mark() bool { return s.Start == s.End }

// A Recorder records spans. It is safe for concurrent use, in real and in
// virtual time; make it with [Start], in the kind of time that it records.
type Recorder struct {
	start time.Time

	mu    sync.Mutex
	notes []note
}

type note struct {
	lane string
	Span
}

// Start returns a recorder whose clock starts now.
func Start() *Recorder { return &Recorder{start: time.Now()} }

// Span records a piece of work from now until the call of end:
//
//	defer rec.Span("worker 1", "primes")()
//
// Call end once. A span lasts at least a nanosecond, since one of no length
// would be a mark.
func (r *Recorder) Span(lane, label string) (end func()) {
	start := time.Since(r.start)
	return func() { r.add(lane, Span{label, start, max(time.Since(r.start), start+1)}) }
}

// Attach returns a context that carries the recorder to the code that calls
// [Record], however many calls lie between.
func (r *Recorder) Attach(ctx context.Context) context.Context {
	return context.WithValue(ctx, recorderKey{}, r)
}

type recorderKey struct{}

// Record records a span with the recorder that the context carries. Where it
// carries none, nobody draws, and nothing is recorded:
//
//	defer timeline.Record(ctx, "worker 1", "primes")()
func Record(ctx context.Context, lane, label string) (end func()) {
	if r, ok := ctx.Value(recorderKey{}).(*Recorder); ok {
		return r.Span(lane, label)
	}
	return func() {}
}

// Add records what someone else tells, another process for one. Its times are
// those of the wall clock: where that was set back meanwhile, a time before the
// recorder's start counts as the start, and an end before its own start as that
// start. A span that ends as it starts is a mark here: a wall clock may be too
// coarse to tell the two apart.
func (r *Recorder) Add(lane, label string, start, end time.Time) {
	from := max(start.Sub(r.start), 0)
	r.add(lane, Span{label, from, max(end.Sub(r.start), from)})
}

func (r *Recorder) add(lane string, s Span) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.notes = append(r.notes, note{lane, s})
}

// Timeline returns a copy of what has been recorded so far; a span that has not
// ended is not there yet. Lanes stand in the order of their names, with numbers
// by their value (worker 2 before worker 10), and spans in the order of their
// start: what ran the same way looks the same, whoever came first.
func (r *Recorder) Timeline() []Lane {
	r.mu.Lock()
	notes := slices.Clone(r.notes)
	r.mu.Unlock()

	slices.SortFunc(notes, func(a, b note) int {
		return cmp.Or(compareNames(a.lane, b.lane), compareSpans(a.Span, b.Span))
	})
	lanes := []Lane{} // not nil: in JSON it is a list too
	for _, n := range notes {
		if len(lanes) == 0 || lanes[len(lanes)-1].Name != n.lane {
			lanes = append(lanes, Lane{Name: n.lane})
		}
		last := &lanes[len(lanes)-1]
		last.Spans = append(last.Spans, n.Span)
	}
	return lanes
}

func compareSpans(a, b Span) int {
	return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), compareNames(a.Label, b.Label))
}

// compareNames compares two names, the numbers in them by their value.
func compareNames(a, b string) int {
	if a == b {
		return 0
	}
	return cmp.Or(strings.Compare(numbersPadded(a), numbersPadded(b)), strings.Compare(a, b))
}

var number = regexp.MustCompile(`[0-9]+`)

func numbersPadded(name string) string {
	return number.ReplaceAllStringFunc(name, func(digits string) string {
		return strings.Repeat("0", max(0, 30-len(digits))) + digits
	})
}

// MarshalText formats the span as one line: its start and its end in µs, and
// its label, as in "12.345 67.890 primes".
func (s Span) MarshalText() ([]byte, error) {
	return fmt.Appendf(nil, "%s %s %s", micros(s.Start), micros(s.End), s.Label), nil
}

func micros(d time.Duration) string { return fmt.Sprintf("%d.%03d", d/1000, d%1000) }

// UnmarshalText reads what MarshalText writes, to the nanosecond. It refuses a
// negative time, and an end before the start. The label is all that follows the
// second space.
func (s *Span) UnmarshalText(text []byte) error {
	start, rest, _ := strings.Cut(string(text), " ")
	end, label, ok := strings.Cut(rest, " ")
	from, startErr := time.ParseDuration(start + "µs")
	to, endErr := time.ParseDuration(end + "µs")
	if !ok || startErr != nil || endErr != nil || from < 0 || to < from {
		return fmt.Errorf("span %q: want its start and its end in µs, and its label, as in 12.345 67.890 primes", text)
	}
	*s = Span{label, from, to}
	return nil
}
