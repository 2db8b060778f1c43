package notebook

import (
	"fmt"
	"io"

	"concurrency-notebook/internal/measure"
)

// Try makes a section's result out of what judge does, without a machine: it is
// for tests of how each outcome reads.
func Try(section Section, judge func(lab *Lab)) (Result, error) {
	lab := Lab{section: &section, rounds: rounds, page: newPage(io.Discard, options{plain: true})}
	lab.begin()
	judge(&lab)
	err := lab.conclude()
	return lab.result, err
}

// Try is the function Try, of the chapter's section of that name.
func (c Chapter) Try(name string, judge func(lab *Lab)) (Result, error) {
	section, ok := c.Section(name)
	if !ok {
		return Result{}, fmt.Errorf("chapter %s has no section %q", c.Name, name)
	}
	return Try(section, judge)
}

// MadeUp returns samples for Try: for each name nine rounds of the same value.
func MadeUp(values map[string]float64) measure.Samples {
	var s measure.Samples
	for name, value := range values {
		for range 9 {
			s.Add(name, value)
		}
	}
	return s
}

// Said returns the section's answers, as they are read.
func (r Result) Said() []string {
	var said []string
	for _, a := range r.Answers {
		said = append(said, a.String())
	}
	return said
}
