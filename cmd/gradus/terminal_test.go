package main

import (
	"bytes"
	"io"
	"os"

	"github.com/creack/pty"
	"github.com/rogpeppe/go-internal/testscript"
)

// terminal ARGUMENT... runs gradus in a terminal and leaves what it wrote
// there in the file terminal.txt, without carriage returns.
func terminal(ts *testscript.TestScript, _ bool, args []string) {
	cmd, cancel := command(ts, args)
	defer cancel()
	f, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 80})
	ts.Check(err)
	defer f.Close()
	text, _ := io.ReadAll(f) // Linux reports EIO at the end
	ts.Check(cmd.Wait())
	ts.Check(os.WriteFile(ts.MkAbs("terminal.txt"), bytes.ReplaceAll(text, []byte("\r"), nil), 0o644))
}
