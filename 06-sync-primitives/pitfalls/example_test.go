package main

import "concurrency-notebook/internal/notebook"

func Example_lostUpdate() {
	notebook.Show(lostUpdate)
	// Output:
	// broken: exit status 0
	//   … of 200000 sales counted
	// go vet, broken: exit status 0
	// cured: exit status 0
	//   200000 of 200000 sales counted
	// go vet, cured: exit status 0
}

func Example_checkThenAct() {
	notebook.Show(checkThenAct)
	// Output:
	// broken: exit status 1
	//   2 sold of 1 ticket
	// cured: exit status 0
	//   1 sold of 1 ticket
}

func Example_copiedLock() {
	notebook.Show(copiedLock)
	// Output:
	// broken: exit status 1
	//   0 of 2 sales counted
	// go vet, broken: exit status 1
	//   main.go:15:9: sell passes lock by value: program.office contains sync.Mutex
	// cured: exit status 0
	//   2 of 2 sales counted
	// go vet, cured: exit status 0
}

func Example_lockOrder() {
	notebook.Show(lockOrder)
	// Output:
	// broken: exit status 2
	//   fatal error: all goroutines are asleep - deadlock!
	//   goroutine [sync.WaitGroup.Wait]: main.main
	//   2 goroutines [sync.Mutex.Lock]: main.move
	// cured: exit status 0
	//   an order moved each way
}

func Example_selfDeadlock() {
	notebook.Show(selfDeadlock)
	// Output:
	// broken: exit status 2
	//   3 tickets left
	//   fatal error: all goroutines are asleep - deadlock!
	//   goroutine [sync.Mutex.Lock]: main.(*office).report
	// cured: exit status 0
	//   3 tickets left
	//   2 tickets left
}

func Example_lostWakeUp() {
	notebook.Show(lostWakeUp)
	// Output:
	// broken: exit status 2
	//   fatal error: all goroutines are asleep - deadlock!
	//   goroutine [sync.Cond.Wait]: main.main
	// cured: exit status 0
	//   the tea is served
}

func Example_forgottenWait() {
	notebook.Show(forgottenWait)
	// Output:
	// broken: exit status 0
	// cured: exit status 0
	//   order sent
	//   order sent
	//   order sent
}

func Example_closedChannel() {
	notebook.Show(closedChannel)
	// Output:
	// broken: exit status 2
	//   panic: send on closed channel
	//   goroutine [running]: main.main.func2
	// cured: exit status 0
	//   cooked: soup
	//   cooked: cake
}

func Example_goroutineLeak() {
	notebook.Show(goroutineLeak)
	// Output:
	// broken: exit status 1
	//   10 of 10 waiters still hold out a bill
	// cured: exit status 0
	//   0 of 10 waiters still hold out a bill
}

func Example_starvation() {
	notebook.Show(starvation)
	// Output:
	// broken: exit status 1
	//   10000 readers came and went, and the cook still waits
	// cured: exit status 0
	//   a reader was kept out until the cook had been in; now there is soup
}

func Example_thunderingHerd() {
	notebook.Show(thunderingHerd)
	// Output:
	// broken: exit status 0
	//   1 order: 1000 woken, 999 in vain
	// cured: exit status 0
	//   1 order: 1 woken, 0 in vain
}

func Example_busyWaiting() {
	notebook.Show(busyWaiting)
	// Output:
	// broken: exit status 0
	//   the tea is served
	// cured: exit status 0
	//   the tea is served
}
