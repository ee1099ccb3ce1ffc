//go:build slow && amd64

package gradus_test

import (
	"strings"
	"testing"
)

// The README shows what training prints on the processors that most have;
// others round in another way and may differ in the last digit.
func TestReadmeTraining(t *testing.T) {
	compare(t, build(t), "train", outputs(t, "README.md")["train"])
}

// So does the page on comparing settings.
func TestSweepPage(t *testing.T) {
	gradus := build(t)
	for args, want := range outputs(t, "docs/sweep.md") {
		compare(t, gradus, args, want)
	}
}

// TestReadmeSlowRuns does what TestReadmeRuns leaves, but for the study, which takes
// minutes and is the same as its test in small.
func TestReadmeSlowRuns(t *testing.T) {
	gradus, folder := build(t), readmeFolder(t)
	for _, args := range readmeRuns(t) {
		if slow(args) && !strings.Contains(args, "--study") {
			runReadme(t, gradus, folder, args)
		}
	}
}
