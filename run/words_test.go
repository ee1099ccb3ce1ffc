package run_test

import (
	"strings"
	"testing"

	"gradus/run"
)

func TestPhrases(t *testing.T) {
	for want, change := range map[string]func(*run.Config){
		"plain, depth 1, kernel 3, relu, batch 16, momentum 0": func(*run.Config) {},
		"gated, depth 3, kernel 5, tanh, batch 64, momentum 0.75": func(c *run.Config) {
			c.Net, c.Depth, c.Kernel, c.Activation, c.Batch, c.Momentum = "gated", 3, 5, "tanh", 64, 0.75
		},
		"convex, depth 1, kernel 3, relu, alpha 0, batch 16, momentum 0":                func(c *run.Config) { c.Net = "convex" },
		"convex, depth 1, kernel 3, relu, alpha -2.5 per channel, batch 16, momentum 0": func(c *run.Config) { c.Net, c.Alpha, c.AlphaPerChannel = "convex", new(-2.5), true },
	} {
		c := run.DefaultConfig()
		change(&c)
		var got []string
		for _, p := range c.Phrases() {
			got = append(got, p.Text)
		}
		if text := strings.Join(got, ", "); text != want {
			t.Errorf("expected %q, got %q", want, text)
		}
	}
}
