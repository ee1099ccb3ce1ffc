package run

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gradus/run/checkpoint"
)

func TestList(t *testing.T) {
	folder := t.TempDir()
	write := func(path, text string) {
		t.Helper()
		path = filepath.Join(folder, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := record(t, newRun(t, filepath.Join(folder, "a"), brief(), often), brief(), stop{}); err != nil {
		t.Fatal(err)
	}
	if err := record(t, newRun(t, filepath.Join(folder, "b"), brief(), often), brief(), stop{epochs: 1}); !errors.Is(err, errStop) {
		t.Fatal(err)
	}
	r := newRun(t, filepath.Join(folder, "c"), brief(), often)
	defer r.Close()
	// K17: half-written and damaged ones.
	write("d/metrics.jsonl", "")
	write("e/config.json", `{"format": 1, "settings": {"depht": 3}}`)
	write("f/config.json", `{"format": 2}`)
	write("g/config.json", "")
	write("h/notes.txt", "no run")
	about, err := os.ReadFile(filepath.Join(folder, "a", ConfigFile))
	if err != nil {
		t.Fatal(err)
	}
	write("i/config.json", string(about))
	write("j/config.json", string(about))
	write("j/checkpoints/step-5.safetensors", "cut off")
	write("j/metrics.jsonl", "{\"seq\":1,\"test_error\":\"x\"}\n")

	list, err := List(folder)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range list {
		got = append(got, filepath.Base(o.Path)+" "+string(o.State))
	}
	if want := "a finished, b stopped, c running, d broken, e broken, f broken, g broken, i broken, j broken"; strings.Join(got, ", ") != want {
		t.Errorf("expected %s, got %s", want, strings.Join(got, ", "))
	}
	a, b := list[0], list[1]
	if a.Step != 28 || a.Epochs != 4 || a.Of != 4 || len(a.Records) != 4 || a.Best() == nil || a.Last().Stage != 2 {
		t.Errorf("expected four epochs and 28 steps, got %+v", a)
	}
	if b.Step != 7 || b.Epochs != 1 || b.Of != 4 {
		t.Errorf("expected an epoch and 7 steps, got %+v", b)
	}
	for i, want := range map[int]string{
		4: `config.json: line 1:28: unknown key "depht"; did you mean "depth"?`,
		5: "config.json: expected format 1 or less, got format 2; a newer gradus reads it",
		6: "config.json: line 1:1: expected {, got the end of the text",
		8: "metrics.jsonl: offset 0: expected the record of an epoch, got other keys or values",
	} {
		if !strings.HasSuffix(list[i].Fault, want) {
			t.Errorf("expected %s, got %s", want, list[i].Fault)
		}
	}
	if alone, err := List(filepath.Join(folder, "a")); err != nil || len(alone) != 1 || alone[0].State != Finished {
		t.Errorf("expected the run alone, got %v, %v", alone, err)
	}
}

func TestRemove(t *testing.T) {
	folder := t.TempDir()
	dir := filepath.Join(folder, "run")
	if err := record(t, newRun(t, dir, brief(), often), brief(), stop{}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{MetricsFile + ".broken-2", ".last.abc.tmp", filepath.Join(checkpoint.Folder, "step-3.safetensors.corrupt")} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	foreign := filepath.Join(dir, checkpoint.Folder, "mine.txt")
	if err := os.WriteFile(foreign, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	before := contents(t, dir)
	if err := Remove(dir); err == nil || err.Error() != foreign+": expected files of a run only, got this" {
		t.Errorf("expected the foreign file to be named, got %v", err)
	}
	if got := contents(t, dir); len(got) != len(before) {
		t.Errorf("expected nothing to be removed, got %d files of %d", len(got), len(before))
	}
	if err := os.Remove(foreign); err != nil {
		t.Fatal(err)
	}
	if err := Remove(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("expected no folder, got %v", err)
	}
	if err := Remove(folder); err == nil || !strings.HasSuffix(err.Error(), "expected the directory of a run, got none") {
		t.Errorf("expected what is no run to be refused, got %v", err)
	}
}
