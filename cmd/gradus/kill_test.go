package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gradus/run"
	"gradus/run/checkpoint"
)

// trial is a training that is killed.
type trial struct {
	dir       string
	announced []int // steps
}

// start runs gradus until it ends or, when kill is not 0, is killed so long after
// so many announcements; 0 counts from its start. It reports whether it ended by
// itself.
func (r *trial) start(t *testing.T, announcements int, kill time.Duration, args ...string) (ended bool) {
	t.Helper()
	cmd := exec.Command("gradus", args...)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	end := func() {
		if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			t.Error(err)
		}
	}
	var timer *time.Timer
	if kill > 0 && announcements == 0 {
		timer = time.AfterFunc(kill, end)
	}
	var text bytes.Buffer
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		text.WriteString(lines.Text() + "\n")
		var step int
		if n, _ := fmt.Sscanf(lines.Text(), "saved step %d:", &step); n == 1 {
			r.announced = append(r.announced, step)
			if kill > 0 && len(r.announced) == announcements {
				timer = time.AfterFunc(kill, end)
			}
		}
	}
	err = cmd.Wait()
	if timer != nil {
		timer.Stop()
	}
	if err != nil && cmd.ProcessState.ExitCode() >= 0 {
		t.Fatalf("%v: expected to be killed or to end well, got %v:\n%s", args, err, &text)
	}
	return err == nil
}

// D3: processes are killed at random moments. What was announced last can be
// read, the log is one that a run can have, and the run goes on to the bytes of
// one that was not killed.
func TestD03Kill(t *testing.T) {
	folder := t.TempDir()
	digits := filepath.Join(folder, "digits")
	if err := writeDataset(digits, 320, 50, 28); err != nil {
		t.Fatal(err)
	}
	settings := []string{"train", "--data", digits, "--schedule", "0.05x6,0.01x6", "--momentum", "0.5", "--checkpoint-every", "10steps", "--out"}
	whole := &trial{dir: filepath.Join(folder, "whole")}
	begin := time.Now()
	whole.start(t, 0, 0, append(settings, whole.dir)...)
	took, saves := time.Since(begin), len(whole.announced)
	last := whole.announced[saves-1]
	want, err := os.ReadFile(checkpoint.Path(whole.dir, last))
	if err != nil {
		t.Fatal(err)
	}

	r := rand.New(rand.NewPCG(1, 2))
	after, cut := 0, 0
	for i := range kills {
		killed := &trial{dir: filepath.Join(folder, fmt.Sprint("run", i))}
		// Most are killed between two announcements, some before the first.
		wait, moment := 0, took
		if i%10 != 0 {
			wait, moment = 1+r.IntN(saves-2), took/time.Duration(saves)
		}
		ended := killed.start(t, wait, 1+time.Duration(r.Float64()*float64(moment)), append(settings, killed.dir)...)
		if !ended {
			cut++
		}
		if len(killed.announced) == 0 {
			if ended {
				t.Fatal("expected a training that ends to announce its end")
			}
			continue // there is nothing yet that could be lost
		}
		after++
		killed.check(t)
		if i%3 == 0 && !ended {
			killed.start(t, 0, 1+time.Duration(r.Float64()*float64(took)), "train", "--resume", killed.dir)
			killed.check(t)
		}
		killed.start(t, 0, 0, "train", "--resume", killed.dir)
		killed.check(t)
		got, err := os.ReadFile(checkpoint.Path(killed.dir, last))
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("kill %d: expected the end of the run that was not killed, got other bytes, %v", i, err)
		}
		log, err := (&run.Dir{Path: killed.dir}).Metrics()
		if err != nil || len(log.Lines) != 12 || len(log.Notices()) > 0 {
			t.Errorf("kill %d: expected 12 records and nothing else, got %d, %v, %v", i, len(log.Lines), log.Notices(), err)
		}
		for _, sub := range []string{"", checkpoint.Folder} {
			if left, _ := filepath.Glob(filepath.Join(killed.dir, sub, ".*.tmp")); len(left) > 0 {
				t.Errorf("kill %d: expected nothing left over, got %v", i, left)
			}
		}
	}
	t.Logf("%d kills, %d while training, %d after the first announcement", kills, cut, after)
	if after < kills*3/4 || cut < kills/2 {
		t.Errorf("expected most kills while training and after the first announcement, got %d and %d of %d", cut, after, kills)
	}
}

// check reads the checkpoint that was announced last, and the newest one.
func (r *trial) check(t *testing.T) {
	t.Helper()
	step := r.announced[len(r.announced)-1]
	if _, err := checkpoint.Read(checkpoint.Path(r.dir, step)); err != nil {
		// It may be gone where a newer one was safe but not yet announced.
		if !errors.Is(err, os.ErrNotExist) {
			t.Fatalf("expected the checkpoint of step %d, announced, got %v", step, err)
		}
	}
	c, damaged, err := checkpoint.Newest(r.dir)
	if err != nil || len(damaged) > 0 || c.Steps < step {
		t.Fatalf("expected step %d or a later one, got %v, %v, %v", step, c, damaged, err)
	}
	log, err := (&run.Dir{Path: r.dir}).Metrics()
	if err != nil || log.Err() != nil || len(log.Lines) < c.Epochs {
		t.Fatalf("expected a record for each of %d epochs, got %d, %v", c.Epochs, len(log.Lines), err)
	}
	if strings.Contains(fmt.Sprint(log.Notices()), "missing") {
		t.Errorf("expected no gap, got %v", log.Notices())
	}
}
