package main

import "strings"

// fence returns text as a code block, with fences that the text does not hold.
func fence(language, text string) string {
	marks := "```"
	for strings.Contains(text, marks) {
		marks += "`"
	}
	return marks + language + "\n" + text + "\n" + marks
}

// table returns a Markdown table. The rule stands under each header but the
// first: "---", or "---:" where the columns hold numbers.
func table(rule string, header []string, rows [][]string) string {
	var b strings.Builder
	b.WriteString("| " + strings.Join(header, " | ") + " |\n")
	b.WriteString("|---" + strings.Repeat("|"+rule, len(header)-1) + "|")
	for _, row := range rows {
		b.WriteString("\n| " + strings.Join(row, " | ") + " |")
	}
	return b.String()
}

// A place is what a link leads to.
type place struct{ text, target string }

// String returns the link, for a cell of a table as for text.
func (p place) String() string { return "[" + inTable(p.text) + "](" + p.target + ")" }

var markdown = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `_`, `\_`, `~`, `\~`, `[`, `\[`, `]`, `\]`, `<`, `\<`, `#`, `\#`)

// inLine returns plain text as Markdown in one line. What stands between
// backquotes is code there too.
func inLine(text string) string {
	pieces := strings.Split(strings.Join(strings.Fields(text), " "), "`")
	for i, piece := range pieces {
		if code := i%2 == 1 && i < len(pieces)-1; !code {
			pieces[i] = markdown.Replace(piece)
		}
	}
	return strings.Join(pieces, "`")
}

// inTable returns plain text as Markdown for a cell of a table.
func inTable(text string) string { return strings.ReplaceAll(inLine(text), "|", `\|`) }
