package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// The models of Python. Its threads are OS threads too.
const (
	asyncio  = "asyncio"
	executor = "processes, executor"
)

var pythonNames = []string{sequential, threads, processes, asyncio}

// measured is what came of the jobs. For each it has the samples of each model:
// the seconds under its name, and the rest under its name and "/cpu", "/memory"
// and so on.
type measured struct {
	cpus, many int
	inGo       map[string]measure.Samples
	inPython   map[string]measure.Samples
}

// results is what this run has measured: what one section has, another one
// shows again.
var results = measured{inGo: make(map[string]measure.Samples), inPython: make(map[string]measure.Samples)}

// measure measures those of the jobs that are not measured yet.
func (m *measured) measure(ctx context.Context, lab *notebook.Lab, names ...string) error {
	m.cpus, m.many = cpus(), connections()
	server, err := startWaiter(m.many)
	if err != nil {
		return err
	}
	defer server.Close()
	for _, name := range names {
		j := jobByName(name)
		if _, done := m.inGo[name]; done {
			continue
		}
		inGo, err := m.measureGo(ctx, lab, j, server.Addresses)
		if err != nil {
			return err
		}
		m.inGo[name], m.inPython[name] = inGo, m.measurePython(ctx, lab, j, server.Addresses)
	}
	return nil
}

// cpus is how many CPUs Go uses.
func cpus() int { return min(runtime.NumCPU(), runtime.GOMAXPROCS(0)) }

// connections is how many the job of many waits has here: a connection is a file
// at both of its ends.
func connections() int { return min(manyTasks, measure.OpenFiles()/2) }

// measureGo measures a job in each model, in turn.
func (m *measured) measureGo(ctx context.Context, lab *notebook.Lab, j job, servers []string) (samples measure.Samples, err error) {
	order, rounds := slices.DeleteFunc(slices.Clone(goNames), j.never), j.rounds(lab.Rounds())
	for round := range rounds {
		lab.Progress("%s, round %d of %d", j.name, round+1, rounds)
		took := make(map[string]float64)
		failed := ""
		for _, model := range order {
			o, err := cell{model, j.name, servers, m.many, m.cpus}.start(ctx)
			if ctx.Err() != nil {
				return samples, err
			}
			if err != nil && !(j.crashes && errors.Is(err, errKilled)) {
				failed = model
				lab.Remark("%s, %s: %v", j.name, model, err)
				continue
			}
			took[model] = o.Seconds
			o.addTo(&samples, j, model)
		}
		order = slices.DeleteFunc(order, func(model string) bool { return model == failed })
		if whole := took[sequential]; j.counts > 0 && whole > 0 {
			o, err := cell{sequential, alone.name, servers, m.many, m.cpus}.start(ctx)
			if err != nil {
				return samples, fmt.Errorf("%s: %w", alone.name, err)
			}
			for model, seconds := range took {
				samples.Add(model+"/waited", partWaited(seconds, o.Seconds, whole))
			}
		}
		slices.Reverse(order)
	}
	return samples, nil
}

// partWaited returns how much of a computation something waited for, which takes
// so many seconds, or alone if there is no computation, or whole if it comes
// after it.
func partWaited(seconds, alone, whole float64) float64 { return (seconds - alone) / (whole - alone) }

func (o outcome) addTo(s *measure.Samples, j job, model string) {
	if j.crashes {
		s.Add(model+"/lost", float64(others-o.Done))
		return
	}
	s.Add(model, o.Seconds)
	s.Add(model+"/cpu", o.CPU)
	s.Add(model+"/busy", o.CPU/o.Seconds)
	s.Add(model+"/threads", float64(o.Threads))
	if o.Memory > 0 {
		s.Add(model+"/memory", float64(o.Memory))
	}
}

// measurePython does the same with the twin.
func (m *measured) measurePython(ctx context.Context, lab *notebook.Lab, j job, servers []string) (samples measure.Samples) {
	models := slices.DeleteFunc(slices.Clone(pythonNames), j.never)
	if j.crashes {
		models = append(models, executor)
	}
	const few = 2 // rounds of a twin, which has 20 s at the most, on a slow machine too
	for rounds := j.rounds(lab.Rounds()); rounds > 0; rounds -= few {
		s := lab.Twin(ctx, map[string]any{
			"job": j.name, "models": models, "rounds": min(rounds, few), "servers": servers,
			"many": m.many, "workers": j.processes(m.cpus), "counts": j.counts,
		})
		samples = samples.With(s)
		if !slices.ContainsFunc(models, func(model string) bool { return sampled(s, model) }) {
			return samples // it fails, and will again
		}
	}
	for _, model := range models {
		if !sampled(samples, model) {
			lab.Remark("%s, %s of CPython: it failed.", j.name, model)
		}
	}
	return samples
}

func sampled(s measure.Samples, model string) bool {
	return s.Estimate(model).N > 0 || s.Estimate(model+"/lost").N > 0
}

// of returns the samples of a language, and its models.
func (m *measured) of(language notebook.Subject) (map[string]measure.Samples, []string) {
	if language == notebook.Go {
		return m.inGo, goNames
	}
	return m.inPython, pythonNames
}

// languages are those that there is something to show of.
func (m *measured) languages() []notebook.Subject {
	for _, s := range m.inPython {
		if sampled(s, sequential) {
			return []notebook.Subject{notebook.Go, notebook.CPython}
		}
	}
	return []notebook.Subject{notebook.Go}
}
