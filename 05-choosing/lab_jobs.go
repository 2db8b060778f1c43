package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/again"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/python"
)

// A job is a number of tasks, the same for every model.
type job struct {
	name  string
	tasks []task
	times int // that they are repeated; 0: once a connection

	workers, threads int  // of the pools; 0: one a CPU, one a task
	starts           bool // its workers are not there yet, if they are processes
	counts           int  // the task that counts; 0: the last to end
}

const (
	computing = "compute"
	fewWaits  = "few waits"
	manyWaits = "many waits"
	beside    = "mixed"
	tiny      = "tiny"

	manyTasks = 2000
)

// request is what waits beside a computation.
var request = task{Requests: 10, Wait: 1}

var jobs = []job{
	{name: computing, tasks: []task{{Primes: 160_000}}, times: 10},
	{name: fewWaits, tasks: []task{{Requests: 12, Wait: 1}}, times: 10, workers: 10, starts: true},
	{name: manyWaits, tasks: []task{{Requests: 1, Wait: together}}},
	{name: beside, tasks: []task{{Primes: 1_030_000}, request}, times: 1, workers: 2, counts: 1},
	{name: tiny, tasks: []task{{}}, times: 2000, threads: 10},
}

func jobByName(name string) job {
	return jobs[slices.IndexFunc(jobs, func(j job) bool { return j.name == name })]
}

// build returns the job's tasks, spread over the servers.
func (j job) build(servers []string, many int) (tasks []task) {
	for range j.repeated(many) {
		tasks = append(tasks, j.tasks...)
	}
	for i := range tasks {
		tasks[i].Server = servers[i%len(servers)]
	}
	return tasks
}

func (j job) repeated(many int) int {
	if j.times == 0 {
		return many
	}
	return j.times
}

// wait returns how long all of the tasks wait together, once all are there.
func (j job) wait() time.Duration {
	if j.name == manyWaits {
		return aWhile
	}
	return 0
}

// never reports whether the job would never end in the model, which cannot have
// all of its tasks at once while each waits for the others.
func (j job) never(model string) bool {
	return j.name == manyWaits && slices.Contains([]string{sequential, processes, processPool, interpreterPool}, model)
}

// A cell is one job in one model.
type cell struct {
	Model, Job string
	Servers    []string
	Many       int // connections of the job that waits on many
	Workers    int
}

// An outcome is what a cell took.
type outcome struct {
	Seconds float64 // for the job, or until the task that counts was done
	Busy    float64 // CPUs
	Memory  float64 // bytes a task, at the most; 0 where the system does not tell
}

// cellElsewhere measures a cell, as a program of its own: what it uses is its
// own.
var cellElsewhere = again.Define("cell", func(c cell) error {
	o, err := c.run(context.Background())
	if err != nil {
		return err
	}
	return again.Say(o)
})

func (c cell) run(ctx context.Context) (outcome, error) {
	j := jobByName(c.Job)
	var pool *procpool.Pool
	used := measure.CPUTime
	if c.Model == processes && !j.starts {
		var err error
		if pool, err = procpool.New(c.Workers); err != nil {
			return outcome{}, err
		}
		defer pool.Close()
		used = func() time.Duration { return measure.CPUTime() + pool.CPUTime() }
	}
	do, tasks := goModels(pool, c.Workers)[c.Model], j.build(c.Servers, c.Many)
	memory, cpu, began, start := peakMemory(), used(), time.Now(), measure.WallTime()
	if j.counts > 0 {
		tasks[j.counts].Since = began.UnixMicro()
	}
	results, err := do(ctx, tasks)
	took := measure.WallTime() - start
	if err != nil {
		return outcome{}, err
	}
	busy := (used() - cpu).Seconds() / took.Seconds()
	if j.counts > 0 {
		took = time.Duration(results[j.counts]) * time.Microsecond
	}
	return outcome{
		Seconds: took.Seconds(), Busy: busy,
		Memory: float64(peakMemory()-memory) / float64(len(tasks)),
	}, nil
}

// start runs the cell as a program of its own.
func (c cell) start(ctx context.Context) (outcome, error) {
	const limit = 20 * time.Second // many times what it takes
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("no result within %v, stopped", limit))
	defer cancel()
	return again.Run[outcome](ctx, cellElsewhere, c)
}

func (o outcome) addTo(s *measure.Samples, j job, model string) {
	s.Add(model, o.Seconds)
	s.Add(model+"/opening", o.Seconds-j.wait().Seconds())
	if !j.starts { // or else the CPU time of processes isn't known
		s.Add(model+"/busy", o.Busy)
	}
	s.Add(model+"/memory", o.Memory)
}

// measured is what came of the jobs: for each the samples, the seconds under the
// name of the model, and the rest under that and "/busy" and so on.
type measured struct {
	cpus, many int
	inGo       map[string]measure.Samples
	inPython   map[string]measure.Samples
	pythons    []*python.Interpreter
}

// results is what this run has measured: two sections show the same job.
var results = measured{inGo: make(map[string]measure.Samples), inPython: make(map[string]measure.Samples)}

// measure measures those of the jobs that are not measured yet.
func (m *measured) measure(ctx context.Context, lab *notebook.Lab, names ...string) error {
	m.cpus, m.many = measure.UsableCPUs(), min(manyTasks, measure.OpenFiles()/2) // a connection has two ends
	server, err := startWaiter(m.many)
	if err != nil {
		return err
	}
	defer server.Close()
	for _, name := range names {
		if _, done := m.inGo[name]; done {
			continue
		}
		j := jobByName(name)
		if m.inGo[name], err = m.measureGo(ctx, lab, j, server.Addresses); err != nil {
			return err
		}
		m.inPython[name] = m.measurePython(ctx, lab, j, server.Addresses)
	}
	return nil
}

func (m *measured) workers(j job) int {
	if j.workers > 0 {
		return j.workers
	}
	return m.cpus
}

// rounds returns how often a job is measured, of the rounds that the reader asked
// for: two thirds of them, and less than half where thousands of connections take
// seconds in each.
func (j job) rounds(lab *notebook.Lab) int {
	if j.name == manyWaits {
		return max(lab.Rounds()*4/9, 1)
	}
	return max(lab.Rounds()*2/3, 1)
}

// measureGo measures a job in each model, in turn.
func (m *measured) measureGo(ctx context.Context, lab *notebook.Lab, j job, servers []string) (s measure.Samples, err error) {
	order := slices.DeleteFunc(slices.Clone(goNames), j.never)
	for round := range j.rounds(lab) {
		lab.Progress("%s, round %d of %d", j.name, round+1, j.rounds(lab))
		took := make(map[string]float64)
		for _, model := range order {
			o, err := cell{model, j.name, servers, m.many, m.workers(j)}.start(ctx)
			switch {
			case ctx.Err() != nil:
				return s, err
			case err != nil:
				lab.Remark("%s, %s: %v", j.name, model, err)
			default:
				took[model] = o.Seconds
				o.addTo(&s, j, model)
			}
		}
		order = slices.DeleteFunc(order, func(model string) bool { return took[model] == 0 })
		if whole := took[sequential]; j.counts > 0 && whole > 0 {
			alone, err := requestAlone(ctx, servers[0])
			if err != nil {
				return s, err
			}
			for model, seconds := range took {
				s.Add(model+"/waited", (seconds-alone)/(whole-alone))
			}
		}
		slices.Reverse(order)
	}
	return s, nil
}

// requestAlone returns the seconds that the requests take by themselves.
func requestAlone(ctx context.Context, server string) (float64, error) {
	t := request
	t.Server = server
	start := measure.WallTime()
	_, err := t.run(ctx)
	return (measure.WallTime() - start).Seconds(), err
}

// measurePython does the same with the twin.
func (m *measured) measurePython(ctx context.Context, lab *notebook.Lab, j job, servers []string) measure.Samples {
	args := func(names []string, rounds int) map[string]any {
		threads := j.threads
		if threads == 0 {
			threads = len(j.tasks) * j.repeated(m.many)
		}
		return map[string]any{
			"tasks": slower(j.tasks), "times": j.repeated(m.many), "servers": servers, "names": names, "rounds": rounds,
			"workers": m.workers(j), "threads": threads, "there": !j.starts, "counts": j.counts, "wait": j.wait().Seconds(), "alone": request,
		}
	}
	run := func(twin func(map[string]any) measure.Samples, names []string) (s measure.Samples) {
		const few = 3 // rounds of a twin, which has 20 s at the most, on a slow machine too
		for left := j.rounds(lab); left > 0; left -= few {
			some := twin(args(names, min(left, few)))
			if s = s.With(some); !sampled(some, names) {
				break
			}
		}
		return s
	}
	names := slices.DeleteFunc(slices.Concat(pythonNames, optionalNames), j.never)
	s := run(func(args map[string]any) measure.Samples { return lab.Twin(ctx, args) }, names)
	for _, p := range m.others(ctx, lab) {
		names := slices.DeleteFunc(slices.Clone(optionalNames), func(name string) bool {
			return name == uvloop || j.never(name) || sampled(s, []string{name})
		})
		some := run(func(args map[string]any) measure.Samples { return lab.TwinOn(ctx, p, args) }, names)
		if sampled(some, names) {
			s = s.With(some)
		}
	}
	return s
}

func sampled(s measure.Samples, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return s.Estimate(name).N > 0 })
}

// others returns the Pythons on PATH that have what the one beside us may lack:
// no GIL, or a pool of interpreters.
func (m *measured) others(ctx context.Context, lab *notebook.Lab) []*python.Interpreter {
	if m.pythons == nil {
		m.pythons = lab.Pythons(ctx)
	}
	if len(m.pythons) == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(m.pythons[1:]), func(p *python.Interpreter) bool {
		var major, minor int
		fmt.Sscanf(p.Version, "%d.%d", &major, &minor)
		return p.GIL && major == 3 && minor < 14
	})
}

// slower returns the tasks for Python, which counts fewer primes in the same time.
func slower(tasks []task) []task {
	tasks = slices.Clone(tasks)
	for i := range tasks {
		tasks[i].Primes /= 9
	}
	return tasks
}
