package plot

import (
	"strings"

	"gonum.org/v1/plot/vg"
)

// wrap breaks text at spaces into lines of at most a width.
func wrap(text string, most vg.Length, width func(string) vg.Length) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		switch longer := line + " " + word; {
		case line == "":
			line = word
		case width(longer) <= most:
			line = longer
		default:
			lines, line = append(lines, line), word
		}
	}
	return append(lines, line)
}
