package graph

import (
	"fmt"
	"runtime"
	"strings"
)

// Error is a refusal met while a program is recorded: shapes that do not fit,
// a parameter nobody declared, an operation without a gradient.
type Error struct {
	Path   string // the layer, for instance g.g.f.g; empty at the top
	Op     string // the operation, for instance conv2d
	Caller string // file:line of the code that applied the operation
	Want   string // what was expected
	Got    string // what came
	Fix    string // the likely fix, optional
}

// Error formats the refusal as one line:
//
//	layer g.f: conv2d (net.go:12): expected 4 input channels, got 3; make ...
//
// Parts that are empty are left out.
func (e *Error) Error() string {
	var subject []string
	if e.Path != "" {
		subject = append(subject, "layer "+e.Path)
	}
	if e.Op != "" {
		subject = append(subject, e.Op)
	}
	where := strings.Join(subject, ": ")
	switch {
	case where == "":
		where = e.Caller
	case e.Caller != "":
		where += " (" + e.Caller + ")"
	}
	if where != "" {
		where += ": "
	}
	message := fmt.Sprintf("%sexpected %s, got %s", where, e.Want, e.Got)
	if e.Fix != "" {
		message += "; " + e.Fix
	}
	return message
}

// catch turns the one typed panic of this package into an error. Everything
// else goes on panicking: it is a bug, not an input.
func catch(err *error) {
	switch r := recover().(type) {
	case nil:
	case *Error:
		*err = r
	default:
		panic(r)
	}
}

// machinery are the packages whose code stands between a user's line and the
// recording of an operation.
var machinery = []string{"gradus/graph.", "gradus/op.", "gradus/nn.", "gradus/zoo.", "gradus/train."}

// caller finds the innermost frame that is not machinery, as file:line with
// the file's last two path elements.
func caller() string {
	pcs := make([]uintptr, 64)
	n := runtime.Callers(2, pcs)
	for n == len(pcs) { // deeply nested modules
		pcs = make([]uintptr, 2*n)
		n = runtime.Callers(2, pcs)
	}
	frames := runtime.CallersFrames(pcs[:n])
	for {
		f, more := frames.Next()
		if !isMachinery(f) && f.File != "" && !strings.HasPrefix(f.Function, "runtime.") {
			return fmt.Sprintf("%s:%d", shortFile(f.File), f.Line)
		}
		if !more {
			return ""
		}
	}
}

func isMachinery(f runtime.Frame) bool {
	if strings.HasSuffix(f.File, "_test.go") {
		return false
	}
	for _, p := range machinery {
		if strings.HasPrefix(f.Function, p) {
			return true
		}
	}
	return false
}

func shortFile(file string) string {
	parts := strings.Split(file, "/")
	if len(parts) > 2 {
		parts = parts[len(parts)-2:]
	}
	return strings.Join(parts, "/")
}
