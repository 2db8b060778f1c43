package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// partsOf returns a letter for each line: . for prose, c for code, h for HTML.
func partsOf(lines []string) string {
	var b blocks
	var parts strings.Builder
	for i, text := range lines {
		parts.WriteByte(".ch"[b.next(i+1, text)])
	}
	return parts.String()
}

func TestBlocks(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"fence", "a\n```go\nb\n\n```\nc", ".cccc."},
		{"tildes", "~~~ `a`\n```\n~~\n~~~~\nb", "cccc."},
		{"shorter, other or named fence does not close", "````\n```\n~~~~\n```` x\n    ````\n  `````  \na", "cccccc."},
		{"backquote behind the fence", "``` a`b\nc", ".."},
		{"indented by four", "    ```\na", "c."},
		{"fence ends a paragraph, indentation does not", "a\n    ```\n   ```\nb\n```", "..ccc"},
		{"indented code", "# a\n    b\n\n\tc\nd", ".ccc."},
		{"indented below a rule", "a\n---\n    b", "..c"},
		{"indented below what is no underline", "> a\n===\n    b", "..."},

		{"item", "- ```sh\n  a\n  ```\nb", "ccc."},
		{"item's content is indented", "- a\n\n  ```\n  b\n  ```\n\n      c\n\n    d", "..ccc.cc."},
		{"item with a wide bullet", "-    ```\n     a\n     ```\nb", "ccc."},
		{"item that begins with indented code", "-     a\n  b", "c."},
		{"item ends with its indentation", "- ```\n  a\nb\n```\nc", "cc.cc"},
		{"next item ends it", "- ```\n  a\n- b", "cc."},
		{"blank line ends no item", "- ```\n\n  a\n  ```\nb", "cccc."},
		{"nested items", "1. a\n   - b\n     - ```\n       c\n     ```\nd", "..ccc."},
		{"item in an item's line", "- 1. ```\n     a\n     ```\n  b", "ccc."},
		{"wide number", "123456789. ```\n           a\n           ```\nb", "ccc."},
		{"number that is too wide", "1234567890. ```\na", ".."},
		{"empty item", "-\n  ```\n  a\n  ```\nb", ".ccc."},
		{"empty item and a blank line", "-\n\n    a", "..c"},
		{"empty item with spaces", "-   \n  a\n\n    b", "...."},
		{"empty item in an item", "- -\n\n    a", "..."},
		{"item is no longer empty", "-\n  a\n\n    ```\n    ```\n\n    b", "...cc.."},
		{"item that ends a paragraph", "a\n1) ```\n   ```\nb", ".cc."},
		{"items that do not end a paragraph", "a\n2. ```\n*\n      b", "...."},
		{"second item", "1. a\n2. ```\n   ```\nb", ".cc."},
		{"rule and no item", "- - -\n      a", ".c"},
		{"tabs", "-\t```\n\ta\n\t```\nb", "ccc."},
		{"tab that is part of the code", "-\t\ta\n\n\tb", "cc."},

		{"quote", "> ```\n> a\n> ```\n> b", "ccc."},
		{"quote indented by four", "> # a\n    > b", ".c"},
		{"quote ends", "> ```\n> a\nb\n> c", "cc.."},
		{"quote in an item", "- > ```\n  > a\n  b", "cc."},
		{"item in a quote", "> - ```\n>   a\n> b", "cc."},
		{"lazy line", "> - a\nb\n    c\n> d", "...."},
		{"lazy line in an item", "- a\nb\n\n    c", "...."},
		{"indented lazy line", "> a\n    b", ".."},
		{"lazy line that is none", "> a\n```\n> b\n```", ".ccc"},

		{"fence below a tag", "<details>\n```\n\n```\n```\na", ".hhcc."},
		{"blank line below a tag", "<details>\n<summary>a</summary>\n\n```\nb\n```\n\n</details>", ".hhccc.."},
		{"comment", "<!-- a\n\n```\n-->\n```", ".hhhc"},
		{"comment in one line", "<!-- a -->\n```", ".c"},
		{"script", "<script>\n\n```\n</script>\n```", ".hhhc"},
		{"any tag", "<b x='y'>\n```\n\n```", ".hhc"},
		{"no tag alone", "<b>a\n```", ".c"},
		{"any tag ends no paragraph", "a\n<b>\n```", "..c"},
		{"HTML in an item", "- <div>\n  ```\n```", ".hc"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.want, partsOf(strings.Split(test.text, "\n")))
		})
	}
}

func TestUnclosedBlocks(t *testing.T) {
	var b blocks
	for i, text := range strings.Split("- ```\n  a\n> ~~~~\n\n```\n```\n```` x", "\n") {
		b.next(i+1, text)
	}
	b.close(0)
	require.Equal(t, []codeFence{{1, "```"}, {3, "~~~~"}, {7, "````"}}, b.unclosed)
}

// FuzzBlocks puts any text into a list item and into a quote: its lines belong
// to what they belong to outside.
func FuzzBlocks(f *testing.F) {
	for _, seed := range []string{
		"a\n- ```\n  b\n  ```\n<div>\n```\n\n    c", "> 1. a\nb\n\n~~~", "-\n\n      ```\n\t-\t```", "a\n===\n<!--\n```\n-->",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines := []string{"a", ""} // no first line that widens the item
		for text := range strings.SplitSeq(text, "\n") {
			lines = append(lines, expandTabs(text))
		}
		want := partsOf(lines)
		var item, quoted []string
		for i, text := range lines {
			bullet := "   "
			if i == 0 {
				bullet = "1. "
			}
			item, quoted = append(item, bullet+text), append(quoted, "> "+text)
		}
		require.Equal(t, want, partsOf(item), "in a list item")
		require.Equal(t, want, partsOf(quoted), "in a quote")
	})
}
