package notebook

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Claim is a sentence that the notebook judges, word for word: the whole of
// it, with its full stop, or a part.
type Claim struct {
	No     string // S1 to S18 in the notes; chapter and number for all others
	Words  string
	Source Source
}

// Quote returns the claim's words, with an ellipsis where a part of the
// sentence is left out.
func (c Claim) Quote() string {
	quote := c.Words
	if c.Source == Ours || c.Source == Folklore { // nobody has written it down
		return quote
	}
	if first, _ := utf8.DecodeRuneInString(quote); !unicode.IsUpper(first) {
		quote = "… " + quote
	}
	if !strings.HasSuffix(quote, ".") {
		quote += " …"
	}
	return quote
}

// quoted returns the quote in quotation marks.
func (c Claim) quoted() string { return "“" + c.Quote() + "”" }

// About returns what the claim is about, and so is judged first.
func (c Claim) About() Subject {
	switch c.Source {
	case GoDocs:
		return Go
	case Ours:
		return "" // the engine that it names
	}
	return CPython
}

// A Source is where a claim stands.
type Source string

// The notes that the notebook retells, the two articles they are about, and who
// else is taken at their word.
const (
	Notes       Source = "the notes"
	Luminousmen Source = "luminousmen, “Asynchronous programming. Python3.5+”"
	Effbot      Source = "Fredrik Lundh, “Thread Synchronization Mechanisms in Python”"

	PythonDocs Source = "Python’s documentation"
	GoDocs     Source = "Go’s documentation"
	Folklore   Source = "folklore"
	Ours       Source = "this notebook" // it says what its own engines do, and judges that too
)

// Claims lists every claim that the notebook judges, in the order of the notes.
var Claims = []Claim{
	{"S1", "Python code can now be mainly executed in one of two worlds, synchronous or asynchronous.", Notes},
	{"S2", "You should think of them as separate worlds with different libraries and styles of calls, but sharing variables and syntax.", Notes},
	{"S3", "A thread is the smallest unit of processing that can be performed in an OS.", Notes},
	{"S4", "Threads of a process can share the memory of global variables.", Notes},
	{"S5", "If a global variable is changed in one thread, this change is valid for all threads.", Notes},
	{"S6", "In simple words, a thread is a sequence of such operations within a program that can be executed independently of other code.", Notes},
	{"S7", "Threads executing concurrently but can be executing in parallel — it depends on the system on which they are running.", Notes},
	{"S8", "First of all, GIL is a lock that must be taken before any access to Python (and this is not only the execution of Python code but also calls to the Python C API).", Notes},
	{"S9", "In essence, GIL is a global semaphore that does not allow more than one thread to work simultaneously within an interpreter.", Notes},
	{"S10", "In fact, GIL in python makes the idea of using threads for parallelism in computational problems(CPU-bound operations) useless.", Notes},
	{"S11", "On CPU-bound tasks, the program will not accelerate, but only slow down", Notes},
	{"S12", "because now the threads will have to halve the processor time.", Notes},
	{"S13", "At the same time, the GIL I/O operation will not slow down, since before the system call the thread releases the GIL.", Notes},
	{"S14", "On this sad note, you can come to the conclusion that threads will be enough for parallelizing tasks that are tied to I/O.", Notes},
	{"S15", "But computing tasks should be run in separate processes.", Notes},
	{"S16", "Like threads, processes are always executed concurrently, but they can also be executed in parallel, depending on the presence of the hardware component.", Notes},
	{"S17", "The calculation operation executed faster than threaded implementation because now we are not stuck in capturing GIL", Notes},
	{"S18", "but the I/O bound function took slightly more time because processes are more heavyweight than threads.", Notes},

	{"1.6", "For each Python thread, there is an underlying OS thread.", Luminousmen},
	{"1.8", "The I/O-bound function executed more than 5 times faster because we download the data in parallel on separate threads.", Luminousmen},
	{"1.9", "10 thousand threads can be easy", Luminousmen},
	{"1.10", "The entire Python program exits when no alive non-daemon threads are left.", PythonDocs},
	{"2.10", "In later versions of GIL, a thread can be held no longer than 5 ms.", Luminousmen},
	{"2.12", "the GIL makes += safe", Folklore},
	{"2.13", "full utilization of the available processing power by running threads in parallel on available CPU cores", PythonDocs},
	{"2.14", "under the model’s lock, 2 and 4 threads that compute keep 1 CPU busy, within 5 %", Ours},
	{"2.15", "beside one thread that computes, a ping to the model takes the switch interval, within 15 %", Ours},
	{"2.18", "interpreters with a GIL of their own compute in parallel in one process", Ours},
	{"3.2", "processes pay once the work takes longer than c/(c - 1) times what they cost beside it, c being the number of CPUs", Ours},
	{"3.3", "processes are more heavyweight than threads", Notes},
	{"3.4", "Processes are conventionally limited to only have access to their own process memory space", PythonDocs},
	{"3.5", "one should try to avoid shifting large amounts of data between processes", PythonDocs},
	{"3.6", "using a large value for chunksize can make the job complete much faster than using the default value of 1", PythonDocs},
	{"3.7", "Starting a process using this method is rather slow compared to using fork or forkserver", PythonDocs},
	{"3.8", "When one of the worker processes terminates abruptly, a BrokenProcessPool error is now raised", PythonDocs},
	{"3.9", "a task whose worker dies runs again on a new one", Ours},
	{"3.10", "a worker has answered within 1.3 times what the bare program takes, and ten times sooner than with spawn", Ours},
	{"3.11", "a call takes at most 1/7 of Pool.apply", Ours},
	{"3.12", "a task of a Map takes at most 2/3 of one of Pool.map, with the chunks that each chooses itself", Ours},
	{"3.13", "1 MiB goes there and back at five times the rate of Pool, and no slower than through a bare Pipe", Ours},
	{"3.14", "workers on CPU work have at least 0.97 of the speed-up of as many goroutines", Ours},
	{"3.15", "Note that safely forking a multithreaded process is problematic.", PythonDocs},
	{"4.1", "Everything works in a central event-processing loop, which is a small code that allows you to run several coroutines (an important term, in simple terms it is not OS-managed threads, except they are co-operatively multitasking, and hence not truly concurrent) at the same time.", Luminousmen},
	{"4.3", "Switching between threads occurs only on I/O. Non-I/O threads will take control forever.", Luminousmen},
	{"4.4", "If you block a coroutine synchronously — maybe you use time.sleep(10) rather than await asyncio.sleep(10) — you don't return control to the event loop — the entire process will block.", Luminousmen},
	{"4.5", "calling it will immediately return a coroutine object", Luminousmen},
	{"4.6", "When you call await, the function gets suspended while whatever you asked to wait on happens, and then when it's finished, the event loop will wake the function up again and resume it from the await call, passing any result out.", Luminousmen},
	{"4.8", "For this, there is a good run_in_executor() method, which runs what we passed to it in one of the threads of the built-in pool, without blocking the main thread with the event loop.", Luminousmen},
	{"4.9", "almost twice as fast as the threaded example for I/O-bound function.", Luminousmen},
	{"4.11", "Other awaitables in the aws sequence won’t be cancelled and will continue to run.", PythonDocs},
	{"4.12", "Any exceptions other than `asyncio.CancelledError` raised within a task will cancel all remaining tasks and wait for them to exit.", PythonDocs},
	{"4.13", "This arranges for a CancelledError exception to be thrown into the wrapped coroutine on the next cycle of the event loop.", PythonDocs},
	{"4.14", "The coroutine then has a chance to clean up or even deny the request", PythonDocs},
	{"4.15", "A CancelFunc does not wait for the work to stop.", GoDocs},
	{"4.16", "Wait blocks until all function calls from the Go method have returned, then returns the first non-nil error (if any) from them.", GoDocs},
	{"4.17", "Thus we don’t waste time on tasks which are not ready to run right now.", Luminousmen},
	{"4.20", "a switch between 64 coroutines that take turns, with a socket open, takes at most 1.8 times a bare iter.Pull, and at most a quarter of asyncio.sleep(0)", Ours},
	{"4.21", "to create a task and await it takes at most a fifth of what it takes in asyncio", Ours},
	{"4.23", "over 1 and 1,000 connections, a request takes at most a third of the user CPU that it takes in asyncio’s Protocol", Ours},
	{"4.24", "over 1 and 1,000 connections, a request takes at most 1.15 times the CPU of a server that does nothing but wait, read and write", Ours},
	{"4.25", "100,000 coroutines that sleep for half a second are at most 0.5 s late, in at most 1.25 times the memory of as many goroutines", Ours},
	{"4.26", "10,000 connections that say nothing keep no CPU busy, and one of them is answered within 1 ms", Ours},
	{"5.1", "CPU-bound -> multiprocessing", Luminousmen},
	{"5.2", "I/O-bound, fast I/O, limited number of connections -> multithreading", Luminousmen},
	{"5.3", "I/O-bound, slow I/O, many connections -> asyncio", Luminousmen},
	{"5.4", "beside a task that computes without a pause, the requests of an event loop wait for all of it; those of a process, and those of a goroutine that has a CPU to go to, wait for hardly any of it", Ours},
	{"5.5", "CPUs x (1 + wait/cpu) workers reach at least 0.8 of the rate of four times as many, and a quarter of them less than half", Ours},
	{"5.6", "a task that kills its process takes down all others that share the process, and none that has a process of its own", Ours},
	{"5.7", "it costs more than three times as much to give out a task through a queue on a server as through a pool of processes", Ours},
	{"5.8", "if a worker is killed, another one gets its task when the lease expires, and none is lost", Ours},
	{"5.9", "if one of three servers is killed, no acknowledged message is lost, no acknowledged task comes back, and the queue goes on", Ours},
	{"5.10", "a message that is sent twice with one identity is kept once, as long as the server remembers the identity", Ours},
	{"5.11", "a task that kills every worker is given up after as many deliveries as it is allowed, a dead letter says which it was, and all others are done", Ours},
	{"5.12", "a bounded queue never holds more than its limit, and everything is done all the same", Ours},
	{"5.13", "a task that takes longer than its lease is given out again, unless its worker sends a heartbeat in time", Ours},
	{"5.14", "when the server is killed and started again, all that it had acknowledged is there", Ours},
	{"6.1", "It works in most cases, but sometimes misses one or more items.", Effbot},
	{"6.2", "In practice, it means that operations on shared variables of built-in data types (ints, lists, dicts, etc) that “look atomic” really are.", PythonDocs},
	{"6.3", "Another common problem is access to incomplete or inconsistent state, which can happen if one thread is initializing or updating some non-trivial data structure, and another thread attempts to read the structure while it’s being updated.", Effbot},
	{"6.4", "At any time, a lock can be held by a single thread, or by no thread at all.", Effbot},
	{"6.9", "Once a thread has acquired a reentrant lock, the same thread may acquire it again without blocking", PythonDocs},
	{"6.10", "it only blocks if more than a given number of threads have attempted to hold the semaphore", Effbot},
	{"6.11", "A bounded semaphore checks to make sure its current value doesn’t exceed its initial value", PythonDocs},
	{"6.12", "the event represents an internal flag, and threads can wait for the flag to be set, or set or clear the flag themselves.", Effbot},
	{"6.13", "a thread can wait for a given condition, or signal that the condition has happened.", Effbot},
	{"6.14", "If you use a timeout, you must inspect the resource to see if something actually happened.", Effbot},
	{"6.15", "a notification is not lost, not even to a wait whose time is over at the same moment", Ours},
	{"6.16", "an event that is set and at once cleared lets in all who had been waiting", Ours},
	{"6.20", "block if necessary until a free slot is available", PythonDocs},
	{"6.21", "if empty() returns False it doesn’t guarantee that a subsequent call to get() will not block", PythonDocs},
	{"6.22", "will block until all of the threads have made their wait() calls", PythonDocs},
	{"6.23", "If the call times out, the barrier is put into the broken state.", PythonDocs},
	{"6.24", "concurrent calls to RWMutex.RLock will block until the writer has acquired (and released) the lock", GoDocs},
	{"6.25", "The lock can be held by an arbitrary number of readers or a single writer", GoDocs},
	{"6.26", "where most only read, a read-write lock is faster than a mutex", Folklore},
	{"6.27", "invokes f only once and returns the value returned by f", GoDocs},
	{"6.28", "It is possible for the wrapped function to be called more than once if another thread makes an additional call before the initial call has been completed and cached", PythonDocs},
	{"6.29", "The derived Context is canceled the first time a function passed to Go returns a non-nil error or the first time Wait returns, whichever occurs first", GoDocs},
	{"6.30", "A future cannot be cancelled if it is running or has already completed", PythonDocs},
	{"6.31", "making sure that only one execution is in-flight for a given key at a time", GoDocs},
	{"6.32", "Calling Cause on the canceled context or any of its children retrieves the cause", GoDocs},
	{"6.33", "each of the goroutines will spuriously wake up O(N) other goroutines that aren’t ready yet, so this will cause the overall CPU cost to be O(N²)", GoDocs},
	{"6.34", "a Semaphore that nobody else wants takes at most 1.3 times what semaphore.Weighted takes, and less than a channel used as one", Ours},
	{"6.35", "where nobody has to wait, none of them allocates memory", Ours},
	{"6.36", "where nobody has to wait, a put and a get on a Queue take at most 1.5 times what they take on a buffered channel", Ours},
	{"6.37", "a Condition wakes 1,000 and 10,000 in at most twice the time of sync.Cond", Ours},
	{"6.38", "an Event wakes 1,000 and 10,000 in at most 1.5 times the time of sync.Cond", Ours},
	{"6.39", "where nobody has to wait, and where many are woken, every one of them is at least twice as fast as its counterpart in CPython", Ours},
	{"6.40", "can be used to limit the amount of time spent waiting on something.", PythonDocs},
	{"6.51", "polling in a loop burns a CPU, and waiting for an event costs nothing", Folklore},
	{"6.60", "left alone, three who speak in a given order do so in some of 1,000 schedules; with an event between each two, in all", Ours},
	{"6.61", "if two wait for each other before they signal, they are stuck in all of 1,000 schedules; if both signal first, in none", Ours},
	{"6.62", "a buffer that asks with an if goes wrong in some of 1,000 schedules; with a loop, with semaphores or as a channel, in none", Ours},
	{"6.64", "one gate lets somebody through too early in some of 1,000 schedules; two gates, generations and a Barrier in none", Ours},
	{"6.65", "if readers go first, a writer waits as long as they keep coming; if he holds the door, for one reading at most and ten steps", Ours},
	{"6.66", "while a writer waits, somebody reads twice in some of 1,000 schedules if readers go first, and in none if he holds the door", Ours},
	{"6.67", "philosophers that take the left fork first get stuck in some of 1,000 schedules; with the lower number first, or with one seat fewer than forks, in none", Ours},
	{"6.68", "if customers look for a chair and then sit down, too many sit there in nearly all of 1,000 schedules; if both are one step, in none", Ours},
	{"6.69", "if smokers wait for one thing and then for the other, they get stuck in nearly all of 1,000 schedules; if one place keeps what lies there, in none", Ours},
	{"6.70", "atoms with places but no meeting, or a meeting but no places, build something else in some of 1,000 schedules; with both, in none", Ours},
}

// ClaimByNo returns the claim of that number, and whether there is one.
func ClaimByNo(no string) (Claim, bool) {
	for _, c := range Claims {
		if c.No == no {
			return c, true
		}
	}
	return Claim{}, false
}
