package main

import "concurrency-notebook/internal/notebook"

func Example_manyDownloads() {
	notebook.Show(manyDownloads)
	// Output:
	// 40 pages, from "page 1" to "page 40"
}
