package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
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

// ends CODE MESSAGE ARGUMENT... runs gradus and expects the exit code, the message
// as the one line on standard error, and nothing on standard output. A message
// that begins with ^ is a regular expression.
func ends(ts *testscript.TestScript, _ bool, args []string) {
	code := 0
	if err := ts.Exec("gradus", args[2:]...); err != nil {
		exit := (*exec.ExitError)(nil)
		if !errors.As(err, &exit) {
			ts.Fatalf("expected the command to run, got %v", err)
		}
		code = exit.ExitCode()
	}
	if got := strconv.Itoa(code); got != args[0] {
		ts.Fatalf("expected exit code %s, got %s", args[0], got)
	}
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

// signal NAMES CODE COMMAND... starts a command, waits for its first line, sends
// it signals, separated by commas, and expects the exit code and one line on
// standard error.
func signalled(ts *testscript.TestScript, _ bool, args []string) {
	path, err := exec.LookPath(filepath.Join(strings.Split(ts.Getenv("PATH"), string(filepath.ListSeparator))[0], args[2]))
	ts.Check(err)
	cmd := exec.Command(path, args[3:]...)
	cmd.Dir = ts.MkAbs(".")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	lines := bufio.NewScanner(stdout)
	lines.Scan()
	for name := range strings.SplitSeq(args[0], ",") {
		ts.Check(cmd.Process.Signal(map[string]os.Signal{"INT": os.Interrupt, "TERM": syscall.SIGTERM}[name]))
	}
	for lines.Scan() {
	}
	_ = cmd.Wait()
	if got := strconv.Itoa(cmd.ProcessState.ExitCode()); got != args[1] {
		ts.Fatalf("expected exit code %s, got %s: %s", args[1], got, stderr.String())
	}
	ts.Check(os.WriteFile(ts.MkAbs("stderr.txt"), []byte(stderr.String()), 0o644))
}
