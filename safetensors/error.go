package safetensors

import (
	"fmt"
	"strings"
)

// Error says what is wrong with a file, in one line:
//
//	PATH: offset N: expected X, got Y; hint
type Error struct {
	Path    string // may be empty
	Offset  int64  // byte of the file; -1: no place
	Message string
	Err     error // the cause given by the operating system, may be nil
}

// Error returns the line.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Path != "" {
		b.WriteString(e.Path + ": ")
	}
	if e.Offset >= 0 {
		fmt.Fprintf(&b, "offset %d: ", e.Offset)
	}
	b.WriteString(e.Message)
	return oneLine.Replace(b.String())
}

// Unwrap returns the operating system's error.
func (e *Error) Unwrap() error { return e.Err }

// oneLine keeps an error on one line whatever a path holds.
var oneLine = strings.NewReplacer("\n", `\n`, "\r", `\r`)

// nowhere is the offset of an error that has no place in the file.
const nowhere = -1

func fault(offset int64, format string, args ...any) *Error {
	return &Error{Offset: offset, Message: fmt.Sprintf(format, args...)}
}
