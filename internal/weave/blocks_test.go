package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBlocks(t *testing.T) {
	tests := []struct {
		name, text string
		want       string // a letter for each line: . for prose, c for code, h for HTML
		refused    []int  // lines
	}{
		{"fence", "a\n```go\nb\n\n```\nc", ".cccc.", nil},
		{"tildes", "~~~ `a`\n```\n~~\n~~~~\nb", "cccc.", nil},
		{"shorter, other or named fence does not close", "````\n```\n~~~~\n```` x\n    ````\n  `````  \na", "cccccc.", nil},
		{"backquote behind the fence", "``` a`b\nc", "..", nil},
		{"never closed", "a\n```` x\n```\n- ````", ".ccc", []int{2}},

		{"item", "- ```sh\n  a\n  ```\nb", "ccc.", nil},
		{"item's content is indented", "- a\n\n  ```\n  b\n\n  ```\nc", "..cccc.", nil},
		{"item in an item's line", "- 1. ```\n     a\n     ```\n  b", "ccc.", nil},
		{"tabs", "-\t```\n\ta\n\t```\nb", "ccc.", nil},
		{"quote", "> ```\n> a\n> ```\n> b", "ccc.", nil},
		{"quote in an item", "- > ```\n  > a\n  > ```\nb", "ccc.", nil},
		{"item ends", "- ```\n  a\nb\n```\nc\n```", "cc.ccc", []int{1}},
		{"item ends at a fence", "- ```\n  a\n```\nb\n```\nc", "ccccc.", []int{1}},
		{"quote ends", "> ~~~\n> a\nb", "cc.", []int{1}},
		{"closed elsewhere", "  ```\n    ```\n > ```\nb", "ccc.", []int{1}},
		{"comment in HTML", "<b>a\n<!--\n\n```\n-->\n", ".hhhh.", []int{4}},
		{"perhaps an item", "  ```\na\n  ```", "c.c", []int{1, 3}},

		{"fence below a tag", "<details>\n```\n\n```\n```\na", ".hhcc.", []int{2}},
		{"blank line below a tag", "<details>\n<summary>a</summary>\n\n```\nb\n```\n\n</details>", ".hhccc..", nil},
		{"comment", "<!-- a\n\n```\n-->\n```\n```", ".hhhcc", []int{3}},
		{"comment in one line", "<!-- a -->\n```\n```", ".cc", nil},
		{"script", "<script>\n\n```\n</script>\n```\n```", ".hhhcc", []int{3}},
		{"tag in a line", "a <b>\n```\n```", ".cc", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var parts strings.Builder
			var refused []int
			b := blocks{refuse: func(no int, _ string, _ ...any) { refused = append(refused, no) }}
			for i, text := range strings.Split(test.text, "\n") {
				parts.WriteByte(".ch"[b.next(i+1, text)])
			}
			b.end()
			require.Equal(t, test.want, parts.String())
			require.Equal(t, test.refused, refused)
		})
	}
}
