package strictjson

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Error is a fault and where it is: its offset in bytes, and for people the
// line and the column, which count from 1, columns in characters.
type Error struct {
	Offset       int
	Line, Column int
	Message      string
}

// Error formats the fault as one line: line 7:3: expected ..., got ...
func (e *Error) Error() string { return fmt.Sprintf("line %d:%d: %s", e.Line, e.Column, e.Message) }

// fault is an error at an offset of the text.
func fault(text string, offset int, message string) error {
	before := text[:offset]
	line := before[strings.LastIndexByte(before, '\n')+1:]
	return &Error{
		Offset: offset, Line: 1 + strings.Count(before, "\n"), Column: 1 + utf8.RuneCountInString(line), Message: message,
	}
}
