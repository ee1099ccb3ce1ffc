//go:build slow && amd64

package gradus_test

import "testing"

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
