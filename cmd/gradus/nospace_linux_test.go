package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"gradus/run/checkpoint"
)

// D4, H8: the disk is full while training: a line with the bytes that are needed
// and free, another try at the next checkpoint, and an end after the third; what
// was saved can be read, nothing is left half, and with room the run goes on.
func TestD04H08NoSpace(t *testing.T) {
	folder := t.TempDir()
	digits, disk := filepath.Join(folder, "digits"), filepath.Join(folder, "disk")
	if err := writeDataset(digits, 320, 50, 28); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(disk, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=400k"); err != nil {
		t.Skip("a small disk cannot be made here:", err)
	}
	defer func() {
		if err := syscall.Unmount(disk, 0); err != nil {
			t.Error(err)
		}
	}()
	dir := filepath.Join(disk, "run")
	cmd := exec.Command("gradus", "train", "--data", digits, "--lr", "0.01", "--epochs", "20", "--keep", "100", "--out", dir)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	exit := (*exec.ExitError)(nil)
	if err := cmd.Run(); !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Fatalf("expected exit code 1, got %v: %s", err, &stderr)
	}
	line := `step-\d+\.safetensors: expected a file that can be written, got no space left on device; about \d+ bytes are needed, \d+ are free; `
	if got := regexp.MustCompile(`(?m)^gradus: warning: .*`+line+`training goes on`).FindAllString(stderr.String(), -1); len(got) != 2 {
		t.Errorf("expected two warnings, got %s", &stderr)
	}
	if got := regexp.MustCompile(`(?m)^gradus: .*`+line+`that was the 3rd time in a row$`).FindAllString(stderr.String(), -1); len(got) != 1 {
		t.Errorf("expected an error at the third time, got %s", &stderr)
	}
	steps, err := checkpoint.Steps(dir)
	if err != nil || len(steps) < 3 {
		t.Fatalf("expected some checkpoints, got %v, %v", steps, err)
	}
	for _, step := range steps {
		if _, err := checkpoint.Read(checkpoint.Path(dir, step)); err != nil {
			t.Error(err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "checkpoints", ".*")); len(left) > 0 {
		t.Errorf("expected nothing left over, got %v", left)
	}
	if err := os.Remove(checkpoint.Path(dir, steps[0])); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("gradus", "train", "--resume", dir, "--keep", "1").CombinedOutput(); err != nil {
		t.Errorf("expected the run to go on when there is room, got %v: %s", err, out)
	}
}
