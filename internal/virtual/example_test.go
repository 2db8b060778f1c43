package virtual_test

import (
	"context"
	"fmt"
	"time"

	"concurrency-notebook/internal/virtual"
)

func ExampleRun() {
	err := virtual.Run(context.Background(), func(context.Context) error {
		start := time.Now()
		time.Sleep(3 * time.Hour)
		fmt.Println("waited", time.Since(start))
		return nil
	})
	fmt.Println(err)
	// Output:
	// waited 3h0m0s
	// <nil>
}
