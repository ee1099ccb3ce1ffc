package strictjson

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// Error is a fault and where it is. Lines and columns count from 1, columns in
// characters.
type Error struct {
	Line, Column int
	Message      string
}

// Error formats the fault as one line: line 7:3: expected ..., got ...
func (e *Error) Error() string { return fmt.Sprintf("line %d:%d: %s", e.Line, e.Column, e.Message) }

// fault is an error at an offset of the text.
func fault(text []byte, offset int, format string, args ...any) error {
	before := text[:min(offset, len(text))]
	line := before[bytes.LastIndexByte(before, '\n')+1:]
	return &Error{
		Line: 1 + bytes.Count(before, []byte("\n")), Column: 1 + utf8.RuneCount(line), Message: fmt.Sprintf(format, args...),
	}
}
