package main

import (
	"context"
	"fmt"
	"io"
	"os"
)

func lettingGo(_ context.Context, w io.Writer) error {
	readEnd, writeEnd, err := os.Pipe()
	if err != nil {
		return err
	}
	defer readEnd.Close()
	defer writeEnd.Close()

	served := make(chan string)
	go func() {
		order := make([]byte, 100)
		n, _ := readEnd.Read(order) // waits, and there's no lock
		served <- string(order[:n])
	}()
	if _, err := writeEnd.WriteString("soup"); err != nil {
		return err
	}
	fmt.Fprintln(w, "served:", <-served)
	return nil
}
