package main

import "concurrency-notebook/internal/notebook"

func Example_printInOrder() {
	notebook.Show(printInOrder)
	// Output:
	// without waiting: clear the table, serve the soup, lay the table
	// with two events: lay the table, serve the soup, clear the table
}
