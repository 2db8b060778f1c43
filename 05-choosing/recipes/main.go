// Recipes, beside chapter 05: what people need every week, once in Python and
// once in Go.
//
//	go run ./05-choosing/recipes              all of them
//	go run ./05-choosing/recipes first-error  one of them
package main

import (
	"context"
	"embed"
	"io"
	"slices"

	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/virtual"
)

//go:embed *.py recorded.json
var files embed.FS

var chapter = notebook.Chapter{
	Name:   "05-choosing/recipes",
	Title:  "Recipes",
	Answer: "What you need every week, ready to paste, in Python and in Go: many at once, a time limit, a clean end.",
	Files:  files,
	Sections: []notebook.Section{
		{Name: "many-downloads", Title: "How do I download many pages, ten at a time?",
			Demo: manyDownloads},
	},
}

// waits names the recipes that wait for minutes. On the page they do it in real
// time, as you would; here the clock jumps.
var waits = []string{}

func main() {
	for i, s := range chapter.Sections {
		if slices.Contains(waits, s.Name) {
			chapter.Sections[i].Demo = inVirtualTime(s.Demo)
		}
	}
	notebook.Main(chapter)
}

func inVirtualTime(recipe func(context.Context, io.Writer) error) func(context.Context, io.Writer) error {
	return func(ctx context.Context, w io.Writer) error {
		return virtual.Run(ctx, func(ctx context.Context) error { return recipe(ctx, w) })
	}
}
