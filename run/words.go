package run

import (
	"fmt"
	"strconv"
)

// Phrase is a setting in words: "depth 3" of depth.
type Phrase struct{ Setting, Text string }

// Phrases say which network is trained and by what steps, for titles and
// headings; how long, with which seed and on what data is left to others.
func (c Config) Phrases() []Phrase {
	list := []Phrase{
		{"net", c.Net},
		{"depth", fmt.Sprintf("depth %d", c.Depth)},
		{"kernel", fmt.Sprintf("kernel %d", c.Kernel)},
		{"activation", c.Activation},
	}
	if c.HasAlpha() {
		text := "alpha " + short(*c.Effective().Alpha)
		if c.AlphaPerChannel {
			text += " per channel"
		}
		list = append(list, Phrase{"alpha", text})
	}
	return append(list,
		Phrase{"batch", fmt.Sprintf("batch %d", c.Batch)},
		Phrase{"momentum", "momentum " + short(c.Momentum)},
	)
}

func short(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
