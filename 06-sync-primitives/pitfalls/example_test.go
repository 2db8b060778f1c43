package main

import "concurrency-notebook/internal/notebook"

func Example_lostUpdate() {
	notebook.Show(lostUpdate)
	// Output:
	// Python and Go, broken: exit status 0
	//   1 of 2 tickets counted
	//
	// Python and Go, cured: exit status 0
	//   2 of 2 tickets counted
}

func Example_checkThenAct() {
	notebook.Show(checkThenAct)
	// Output:
	// Python and Go, broken: exit status 0
	//   2 sold of 1 ticket
	//
	// Python and Go, cured: exit status 0
	//   1 sold of 1 ticket
}

func Example_awaitBetween() {
	notebook.Show(awaitBetween)
	// Output:
	// Python and Go, broken: exit status 0
	//   two teas at 3 euros: 3 euros to pay
	//
	// Python and Go, cured: exit status 0
	//   two teas at 3 euros: 6 euros to pay
}

func Example_copiedLock() {
	notebook.Show(copiedLock)
	// Output:
	// Go, broken: exit status 0
	//   0 of 2 sales counted
	// go vet, broken: exit status 1
	//   main.go:14:9: sell passes lock by value: program.office contains sync.Mutex
	//
	// Go, cured: exit status 0
	//   2 of 2 sales counted
	// go vet, cured: exit status 0
}

func Example_lockOrder() {
	notebook.Show(lockOrder)
	// Output:
	// Python, broken: exit status 1
	//   Timeout (0:00:02)!
	//   2 threads: broken.py, line 18 in move
	//   thread: broken.py, line 33 in main
	// Go, broken: exit status 2
	//   fatal error: all goroutines are asleep - deadlock!
	//   goroutine [sync.WaitGroup.Wait]: main.main
	//   2 goroutines [sync.Mutex.Lock]: main.move
	//
	// Python and Go, cured: exit status 0
	//   an order moved each way
}

func Example_selfDeadlock() {
	notebook.Show(selfDeadlock)
	// Output:
	// Python, broken: exit status 1
	//   3 tickets left
	//   Timeout (0:00:02)!
	//   thread: broken.py, line 17 in report
	// Go, broken: exit status 2
	//   3 tickets left
	//   fatal error: all goroutines are asleep - deadlock!
	//   goroutine [sync.Mutex.Lock]: main.(*office).report
	//
	// Python and Go, cured: exit status 0
	//   3 tickets left
	//   2 tickets left
}

func Example_lostWakeUp() {
	notebook.Show(lostWakeUp)
	// Output:
	// Python, broken: exit status 1
	//   Timeout (0:00:02)!
	//   thread: broken.py, line 19 in main
	// Go, broken: exit status 2
	//   fatal error: all goroutines are asleep - deadlock!
	//   goroutine [sync.Cond.Wait]: main.main
	//
	// Python and Go, cured: exit status 0
	//   the tea is served
}

func Example_forgottenJoin() {
	notebook.Show(forgottenJoin)
	// Output:
	// Python and Go, broken: exit status 0
	//   0 of 3 orders sent
	//
	// Python and Go, cured: exit status 0
	//   3 of 3 orders sent
}

func Example_closedChannel() {
	notebook.Show(closedChannel)
	// Output:
	// Go, broken: exit status 2
	//   panic: send on closed channel
	//   goroutine [running]: main.main.func2
	//
	// Go, cured: exit status 0
	//   cooked: soup
	//   cooked: cake
}

func Example_undrainedQueue() {
	notebook.Show(undrainedQueue)
	// Output:
	// Python, broken: exit status 1
	//   paid: 12 euros
	//   Timeout (0:00:02)!
	//   thread: broken.py, line 10 in bring
	//   thread: broken.py, line 20 in main
	// Go, broken: exit status 2
	//   paid: 12 euros
	//   fatal error: all goroutines are asleep - deadlock!
	//   goroutine [sync.WaitGroup.Wait]: main.main
	//   goroutine [chan send]: main.bring
	//
	// Python and Go, cured: exit status 0
	//   paid: 12 euros
	//   all waiters are back
}

func Example_starvation() {
	notebook.Show(starvation)
	// Output:
	// Python and Go, broken: exit status 0
	//   readers let in while the cook waits: 10000
	//   now there's soup
	//
	// Python and Go, cured: exit status 0
	//   readers let in while the cook waits: 0
	//   now there's soup
}

func Example_thunderingHerd() {
	notebook.Show(thunderingHerd)
	// Output:
	// Python and Go, broken: exit status 0
	//   99 cooks woken in vain
	//
	// Python and Go, cured: exit status 0
	//   0 cooks woken in vain
}

func Example_busyWaiting() {
	notebook.Show(busyWaiting)
	// Output:
	// polled: the tea is served
	// waited: the tea is served
}
