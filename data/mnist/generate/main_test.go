package main

import (
	"strings"
	"testing"
)

func TestRunRefuses(t *testing.T) {
	if err := run("", "unused"); err == nil || err.Error() != "-from: expected a folder, got nothing" {
		t.Errorf("expected a refusal of no folder, got %v", err)
	}
	if err := run(t.TempDir(), "unused"); err == nil || !strings.HasSuffix(err.Error(), "train-images-idx3-ubyte.gz: expected a readable file, got no such file or directory") {
		t.Errorf("expected an error that names the missing file, got %v", err)
	}
}
