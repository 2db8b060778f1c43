package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzWeave weaves any text as the page of a chapter. What is accepted keeps
// all that stands outside of its cells, and is in step when it is woven again.
func FuzzWeave(f *testing.F) {
	const name = "01-kettle/README.md"
	seeds := []string{
		kitchen[name],
		kitchen["README.md"],
		strings.ReplaceAll(kitchen[name], "\n", "\r\n"),
		"<!-- nav -->\r\nold\n<!-- /nav -->",
		"<!-- nav -->\n~~~\n<!-- /nav -->\n~~~\n<!-- nav -->\n~~~",
		"```` a\n<!-- nav -->\n```\n`````\n<!-- nav --> \t\n<!-- /nav -->\n",
		"``` a`b\n<!-- claims -->\n# x\n<!-- /claims -->\n# Boil water & wait\n## Boil water & wait\n",
		"<!-- code: boil_water.go#boilWater:fill, boilWater:boil -->\n<!-- wrong -->\n<!-- /code -->\n",
		"<!-- code: ../x#\x00 -->\n<!-- /code -->\n",
		"<!-- python: twin.py#boil_water,CUPS,Kettle,pour:all -->\n\n\n<!-- /python -->\n",
		"<!-- output: \xff -->\n<!-- /output -->\n",
		"<!-- recorded: ../01-kettle/boil-water -->\n<!-- /recorded -->\n<!-- recorded: / -->\n<!-- /recorded -->",
		"- ```\n  <!-- nav -->\n  ```\n<!-- nav -->\n<!-- /nav -->\n> ~~~\n<!-- claims -->\n<!-- /claims -->\n",
		"<div>\n\n1. `<!-- nav -->`\n\n\t<!-- nav -->\n<!-- nav -->\r\n[\n<!-- /nav -->\n",
		"<!-- a: --> -->\n<!-- /a: b -->\n<!--  -->\n<!-- : -->\n",
	}
	for _, seed := range seeds {
		f.Add(seed)
	}
	m, errs := readModule(kitchen.write(f))
	require.Empty(f, errs)
	weavePage := func(text string) (page, []edit, []error) {
		p, refused := parsePage(name, text)
		m.pages = []page{p}
		edits, errs := m.edits(p)
		return p, edits, append(errs, refused...)
	}
	f.Fuzz(func(t *testing.T, text string) {
		before, edits, errs := weavePage(text)
		woven, _ := before.rewrite(edits)
		if len(errs) > 0 {
			return
		}
		after, edits, errs := weavePage(woven)
		require.Empty(t, errs)
		require.Empty(t, edits, "woven again, it changes")
		require.Equal(t, outside(before), outside(after))
	})
}

// outside returns what stands outside of a page's cells.
func outside(p page) []string {
	var texts []string
	done := 0
	for _, c := range p.cells {
		texts = append(texts, p.text[done:c.start])
		done = c.end
	}
	return append(texts, p.text[done:])
}
