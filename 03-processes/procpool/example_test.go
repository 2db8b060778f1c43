package procpool_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"concurrency-notebook/03-processes/procpool"
)

// Tasks are defined at package level: the workers, being the same program,
// know them too. TestMain calls procpool.Serve, as main does elsewhere.
var primes = procpool.Define("count primes", countPrimes)

func countPrimes(below int) (int, error) {
	count := 0
	for n := 2; n < below; n++ {
		prime := true
		for d := 2; d*d <= n && prime; d++ {
			prime = n%d != 0
		}
		if prime {
			count++
		}
	}
	return count, nil
}

var share = procpool.Define("share a kettle", shareKettle)

// shareKettle returns how many ml each cook gets.
func shareKettle(cooks int) (int, error) {
	if cooks < 0 {
		return 0, fmt.Errorf("%d cooks: nobody owes us tea", -cooks)
	}
	return 1500 / cooks, nil
}

var trip = procpool.Define("trip over the cable", tripOverCable)

func tripOverCable(int) (int, error) {
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill()
	}
	return 0, errors.Join(err, errors.New("still standing"))
}

func Example() {
	pool, err := procpool.New(2)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pool.Close()

	counts, err := primes.Map(context.Background(), pool, []int{10, 100, 1000, 10000})
	fmt.Println(counts, err)
	// Output:
	// [4 25 168 1229] <nil>
}

// What a task returns as an error comes back as text, what it panics with
// comes back with the worker's stack. The worker goes on.
func ExampleTaskError() {
	pool, err := procpool.New(1)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pool.Close()

	for _, cooks := range []int{3, -3, 0} {
		ml, err := share.Call(context.Background(), pool, cooks)
		var failure *procpool.TaskError
		switch {
		case err == nil:
			fmt.Println(ml, "ml for each")
		case errors.As(err, &failure):
			fmt.Printf("%s; with a stack: %t\n", failure.Message, failure.Stack != "")
		}
	}
	// Output:
	// 500 ml for each
	// 3 cooks: nobody owes us tea; with a stack: false
	// runtime error: integer divide by zero; with a stack: true
}

// Results come as they are ready, and one that fails takes no other with it.
func ExampleTask_Results() {
	pool, err := procpool.New(2)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pool.Close()

	parties := []int{2, 3, -4, 5}
	served, sent := 0, 0
	for r := range share.Results(context.Background(), pool, slices.Values(parties)) {
		if r.Err != nil {
			fmt.Printf("party %d: %v\n", r.Index, r.Err)
			continue
		}
		served, sent = served+parties[r.Index], sent+1
	}
	fmt.Println(served, "cooks of", sent, "parties have tea")
	// Output:
	// party 2: procpool: task "share a kettle": 4 cooks: nobody owes us tea
	// 10 cooks of 3 parties have tea
}

// What must not happen twice runs once; what may hang has a limit.
func ExampleTask_Runs() {
	pool, err := procpool.New(1)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pool.Close()

	careful := trip.Runs(1).Within(time.Minute)
	_, err = careful.Call(context.Background(), pool, 0)
	var died *procpool.WorkerError
	fmt.Println("nobody knows how far it came:", errors.As(err, &died))
	// Output:
	// nobody knows how far it came: true
}

// A task that kills its worker begins three times. The pool goes on.
func ExamplePool() {
	pool, err := procpool.New(2)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pool.Close()

	_, err = trip.Call(context.Background(), pool, 0)
	fmt.Println("the worker died:", errors.Is(err, procpool.ErrWorkerDied))

	count, err := primes.Call(context.Background(), pool, 100)
	fmt.Println("primes below 100:", count, err)
	// Output:
	// the worker died: true
	// primes below 100: 25 <nil>
}
