//go:build slow

package main

import (
	"bytes"
	"os"
	"testing"
)

// TestEmbeddedFileIsGenerated makes the file again, which takes some seconds.
func TestEmbeddedFileIsGenerated(t *testing.T) {
	const from = "../../../../shared/data/mnist"
	if _, err := os.Stat(from); err != nil {
		t.Skip("the published files are not here:", err)
	}
	want, err := os.ReadFile("../mnist.zst")
	if err != nil {
		t.Fatal(err)
	}
	got, err := pack(from)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("expected the %d bytes that are embedded, got %d others; run go generate", len(want), len(got))
	}
}
