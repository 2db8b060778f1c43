package gil

// A Thread is a thread of the model. It is used by one goroutine.
type Thread struct {
	gil   *GIL
	name  string
	holds bool
	ended func() // ends the span of the recorder
}

// Thread returns a new thread, which does not hold the lock.
func (g *GIL) Thread(name string) *Thread { return &Thread{gil: g, name: name} }

// Take waits until the thread holds the lock: PyEval_RestoreThread. It panics, in
// CPython's words, if the thread holds it already. (So it is since 3.13; until
// 3.12 such a thread waited for itself, for ever.)
func (t *Thread) Take() {
	if t.holds {
		panic("_PyThreadState_Attach: non-NULL old thread state")
	}
	t.gil.take(t)
	t.holds = true
	if t.gil.rec != nil {
		t.ended = t.gil.rec.Span(t.name, "holds the GIL")
	}
}

// Drop gives the lock back: PyEval_SaveThread. It panics, in CPython's words, if
// the thread does not hold it.
func (t *Thread) Drop() {
	t.mustHold()
	t.holds = false
	if t.ended != nil {
		t.ended()
	}
	t.gil.drop(t)
}

// Check is the eval breaker: between two steps of a computation the thread looks
// whether it has been asked to drop the lock, and does so. It panics, in
// CPython's words, if the thread does not hold it.
func (t *Thread) Check() {
	t.mustHold()
	if t.gil.dropRequest.Load() {
		t.Drop()
		t.Take()
	}
}

// Run holds the lock while f runs, as a thread of CPython does.
func (t *Thread) Run(f func()) {
	t.Take()
	defer t.Drop()
	f()
}

// Compute makes so many steps of Python code, with a look at the eval breaker
// after each. A long C function is one step.
func (t *Thread) Compute(steps int, step func()) {
	for range steps {
		step()
		t.Check()
	}
}

// Block lets f wait without the lock: Py_BEGIN_ALLOW_THREADS, as around most
// system calls that may wait.
func (t *Thread) Block(f func()) {
	t.Drop()
	defer t.Take()
	f()
}

// mustHold panics in the words of CPython 3.9 to 3.11.
func (t *Thread) mustHold() {
	if !t.holds {
		panic("the function must be called with the GIL held, but the GIL is released (the current Python thread state is NULL)")
	}
}
