package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"gradus/run/checkpoint"
)

// truncate FILE BYTES cuts a file.
func truncate(ts *testscript.TestScript, _ bool, args []string) {
	size, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), size))
}

// mask FROM TO copies a file with N for every percentage.
func mask(ts *testscript.TestScript, _ bool, args []string) {
	text := regexp.MustCompile(`\d+\.\d\d%`).ReplaceAllString(ts.ReadFile(args[0]), "N%")
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o644))
}

// weights FILE writes the SHA-256 that the last command's last JSON line has.
func weights(ts *testscript.TestScript, _ bool, args []string) {
	lines := strings.Split(strings.TrimSpace(ts.ReadFile("stdout")), "\n")
	var record struct {
		Weights string `json:"weights_sha256"`
	}
	ts.Check(json.Unmarshal([]byte(lines[len(lines)-1]), &record))
	if len(record.Weights) != 64 {
		ts.Fatalf("expected a SHA-256 in the last line, got %s", lines[len(lines)-1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(record.Weights), 0o644))
}

// exits CODE ARGUMENT... runs gradus and expects the exit code.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	code := 0
	if err := ts.Exec("gradus", args[1:]...); err != nil {
		exit := (*exec.ExitError)(nil)
		if !errors.As(err, &exit) {
			ts.Fatalf("expected the command to run, got %v", err)
		}
		code = exit.ExitCode()
	}
	if got := strconv.Itoa(code); got != args[0] {
		ts.Fatalf("expected exit code %s, got %s", args[0], got)
	}
}

// ends CODE MESSAGE ARGUMENT... runs gradus and expects the exit code, the message
// as the one line on standard error, and nothing on standard output. A message
// that begins with ^ is a regular expression.
func ends(ts *testscript.TestScript, _ bool, args []string) {
	exits(ts, false, append([]string{args[0]}, args[2:]...))
	if out := ts.ReadFile("stdout"); out != "" {
		ts.Fatalf("expected nothing on standard output, got %q", out)
	}
	pattern, ok := strings.CutPrefix(args[1], "^")
	if !ok {
		pattern = regexp.QuoteMeta(args[1])
	}
	if got := ts.ReadFile("stderr"); !regexp.MustCompile("^gradus: " + pattern + "\n$").MatchString(got) {
		ts.Fatalf("expected on standard error\ngradus: %s\ngot\n%s", args[1], got)
	}
}

// command is gradus with arguments; it is killed when it takes too long.
func command(ts *testscript.TestScript, args []string) (*exec.Cmd, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(context.Background(), soon)
	cmd := exec.CommandContext(ctx, filepath.Join(filepath.SplitList(ts.Getenv("PATH"))[0], "gradus"), args...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = append(os.Environ(), "GORACE="+raceOptions, "TERM="+ts.Getenv("TERM"))
	return cmd, cancel
}

const (
	soon  = 20 * time.Second
	apart = 100 * time.Millisecond // signals of one kind that wait together become one
)

// signal NAMES[@TEXT] CODE ARGUMENT... starts gradus, waits for its first line, on
// either output, or for the text, sends it signals, separated by commas, and
// expects it to end soon with the exit code. What it wrote is left in the files
// stdout.txt and stderr.txt.
func signalled(ts *testscript.TestScript, _ bool, args []string) {
	cmd, cancel := command(ts, args[2:])
	defer cancel()
	names, text, _ := strings.Cut(args[0], "@")
	if text == "" {
		text = "\n"
	}
	first := make(chan struct{})
	var once sync.Once
	outputs := map[string]*noticed{}
	for _, name := range []string{"stdout.txt", "stderr.txt"} {
		outputs[name] = &noticed{wanted: []byte(text), found: func() { once.Do(func() { close(first) }) }}
	}
	cmd.Stdout, cmd.Stderr = outputs["stdout.txt"], outputs["stderr.txt"]
	// A process inherits which signals are ignored, as under nohup, unless its
	// parent asks for them.
	if hangUp, ok := processSignals["HUP"]; ok {
		ours := make(chan os.Signal, 1)
		signal.Notify(ours, hangUp)
		defer signal.Stop(ours)
	}
	ts.Check(cmd.Start())
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // the exit code tells
		close(ended)
	}()
	select {
	case <-first:
	case <-ended:
	}
	for i, name := range strings.Split(names, ",") {
		if i > 0 {
			time.Sleep(apart)
		}
		ts.Check(cmd.Process.Signal(processSignals[name]))
	}
	<-ended
	for name, out := range outputs {
		ts.Check(os.WriteFile(ts.MkAbs(name), out.text.Bytes(), 0o644))
	}
	if got := strconv.Itoa(cmd.ProcessState.ExitCode()); got != args[1] {
		ts.Fatalf("expected exit code %s, got %s: %s", args[1], got, outputs["stderr.txt"].text.Bytes())
	}
}

// noticed keeps what is written, and calls found when what is wanted is there.
type noticed struct {
	text   bytes.Buffer
	wanted []byte
	found  func()
}

func (n *noticed) Write(p []byte) (int, error) {
	n.text.Write(p)
	if bytes.Contains(n.text.Bytes(), n.wanted) {
		n.found()
	}
	return len(p), nil
}

// timeless FROM TO copies a file of results with N for every time.
func timeless(ts *testscript.TestScript, _ bool, args []string) {
	text := regexp.MustCompile(`(seconds": )[0-9.e-]+`).ReplaceAllString(ts.ReadFile(args[0]), "${1}N")
	text = regexp.MustCompile(`,[0-9]+\.[0-9e-]+,([0-9a-f]{64})?,`).ReplaceAllString(text, ",N,$1,")
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o644))
}

// flip FILE BYTE changes a bit of a file.
func flip(ts *testscript.TestScript, _ bool, args []string) {
	at, err := strconv.Atoi(args[1])
	ts.Check(err)
	content, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	content[at] ^= 1
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), content, 0o644))
}

// newest DIR FILE writes the name of a run's checkpoint with the most steps.
func newest(ts *testscript.TestScript, _ bool, args []string) {
	steps, err := checkpoint.Steps(ts.MkAbs(args[0]))
	ts.Check(err)
	if len(steps) == 0 {
		ts.Fatalf("expected a checkpoint, got none")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(checkpoint.Name(steps[len(steps)-1])), 0o644))
}
