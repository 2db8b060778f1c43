package primitive_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"concurrency-notebook/06-sync-primitives/primitive"
)

func Example() {
	orders := primitive.NewQueue[string](2) // queue.Queue(maxsize=2)
	var cook sync.WaitGroup
	cook.Go(func() {
		for {
			order, err := orders.Get(context.Background()) // waits while there is none
			if errors.Is(err, primitive.ErrShutdown) {
				return
			}
			fmt.Println("cooks", order)
			orders.TaskDone()
		}
	})
	for _, dish := range []string{"soup", "cake", "tea"} {
		orders.Put(context.Background(), dish) // waits while there are two
	}
	orders.Join(context.Background()) // until all are cooked
	orders.Shutdown(false)            // no more will come
	cook.Wait()
	fmt.Println("closed")
	// Output:
	// cooks soup
	// cooks cake
	// cooks tea
	// closed
}

func Example_timeout() {
	doorsOpen := new(primitive.Event)
	patience, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	fmt.Println(doorsOpen.Wait(patience)) // Python's doors_open.wait(0.001)
	doorsOpen.Set()
	fmt.Println(doorsOpen.Wait(patience)) // a context ends waits, and nothing else
	// Output:
	// context deadline exceeded
	// <nil>
}
