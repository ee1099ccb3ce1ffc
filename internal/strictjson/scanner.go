package strictjson

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Scanner goes through one JSON text (RFC 8259) from front to back, so the
// fault it reports is the first one. Each value is asked for as what it should
// be; whoever wants to know first what comes looks with [Scanner.Next].
//
// Memory grows with what is asked for, never with a number in the text:
// strings without escapes are parts of the text.
type Scanner struct {
	text  string
	at    int
	depth int
}

// NewScanner returns a scanner of the text.
func NewScanner(text string) *Scanner { return &Scanner{text: text} }

// Check refuses a text that is not exactly one JSON value, as the scanner reads
// them. Errors are of type *Error.
func Check(text []byte) error {
	s := NewScanner(string(text))
	if err := s.skip(); err != nil {
		return err
	}
	return s.End()
}

// Kind is what a value is.
type Kind int

// The kinds of values. Invalid is the end of the text and what begins no value.
const (
	Invalid Kind = iota
	Object
	Array
	String
	Number
	True
	False
	Null
)

// maxDepth is how far values may stand within each other: far more than the
// files read here have, and little for the stack.
const maxDepth = 1000

const blanks = " \t\r\n"

// Offset goes over blanks and returns the offset of what is next.
func (s *Scanner) Offset() int {
	for s.at < len(s.text) && strings.IndexByte(blanks, s.text[s.at]) >= 0 {
		s.at++
	}
	return s.at
}

// Next is the kind of the next value, as its first character tells.
func (s *Scanner) Next() Kind {
	switch c := s.peek(); {
	case c == '{':
		return Object
	case c == '[':
		return Array
	case c == '"':
		return String
	case c == '-' || isDigit(c):
		return Number
	case c == 't':
		return True
	case c == 'f':
		return False
	case c == 'n':
		return Null
	}
	return Invalid
}

// Fault is an error at an offset of the text.
func (s *Scanner) Fault(offset int, format string, args ...any) error {
	return fault(s.text, offset, fmt.Sprintf(format, args...))
}

// Got describes the next value for an error: a number as it is, a string in
// quotes, all else by what it is.
func (s *Scanner) Got() string {
	look := *s
	switch look.Next() {
	case Object:
		return "an object"
	case Array:
		return "an array"
	case String:
		if text, err := look.String(); err == nil {
			return "the string " + Quote(text)
		}
		return "a string"
	case Number:
		if text, err := look.Number(); err == nil {
			start, rest := shorten(text)
			return start + rest
		}
	case True, False, Null:
		if look.literal() == nil {
			return s.text[s.Offset():look.at]
		}
	}
	return s.found(s.Offset())
}

// Object reads an object. It calls member for each key, with the key's offset;
// member reads the value. A key that is there twice is refused.
func (s *Scanner) Object(member func(key string, at int) error) error {
	if s.Next() != Object {
		return s.wrongKind("{")
	}
	var keys keySet
	return s.list('}', func() error {
		at := s.Offset()
		if s.Next() != String {
			return s.expected("a key in quotes")
		}
		key, err := s.String()
		if err != nil {
			return err
		}
		if !keys.add(key) {
			return s.Fault(at, "duplicate key %s", Quote(key))
		}
		if s.peek() != ':' {
			return s.expected(":")
		}
		s.at++
		return member(key, at)
	})
}

// Array reads an array. It calls element for each one; element reads it.
func (s *Scanner) Array(element func() error) error {
	if s.Next() != Array {
		return s.wrongKind("[")
	}
	return s.list(']', element)
}

// list reads what stands between two brackets and is parted by commas.
func (s *Scanner) list(end byte, item func() error) error {
	if s.depth == maxDepth {
		return s.Fault(s.at, "expected at most %d values within each other, got more", maxDepth)
	}
	s.depth++
	s.at++
	if s.peek() == end {
		s.at++
		s.depth--
		return nil
	}
	for {
		if err := item(); err != nil {
			return err
		}
		switch s.peek() {
		case end:
			s.at++
			s.depth--
			return nil
		case ',':
			s.at++
		default:
			return s.expected(", or " + string(end))
		}
		if c := s.peek(); c == '}' || c == ']' {
			return s.Fault(s.at, "expected more behind the comma, got '%c'; remove the comma", c)
		}
	}
}

// peek goes over blanks and returns the next character, 0 at the end.
func (s *Scanner) peek() byte {
	if s.Offset() == len(s.text) {
		return 0
	}
	return s.text[s.at]
}

// Skip reads a value, whatever it is, and returns its text.
func (s *Scanner) Skip() (string, error) {
	start := s.Offset()
	var err error
	switch s.Next() {
	case Object:
		err = s.Object(func(string, int) error { return s.skip() })
	case Array:
		err = s.Array(s.skip)
	case String:
		_, err = s.String()
	case Number:
		_, err = s.Number()
	default:
		err = s.literal()
	}
	return s.text[start:s.at], err
}

func (s *Scanner) skip() error {
	_, err := s.Skip()
	return err
}

// literal reads true, false or null.
func (s *Scanner) literal() error {
	for _, word := range []string{"true", "false", "null"} {
		if strings.HasPrefix(s.text[s.Offset():], word) {
			s.at += len(word)
			return nil
		}
	}
	return s.expected("a value")
}

// End refuses everything but blanks.
func (s *Scanner) End() error {
	if s.Offset() < len(s.text) {
		return s.expected("the end of the text")
	}
	return nil
}

// expected is the fault that something else is next, blanks aside.
func (s *Scanner) expected(what string) error { return s.expectedAt(s.Offset(), what) }

func (s *Scanner) expectedAt(at int, what string) error {
	if at < len(s.text) && s.text[at] >= utf8.RuneSelf {
		if r, size := utf8.DecodeRuneInString(s.text[at:]); r == utf8.RuneError && size == 1 {
			return s.Fault(at, "expected UTF-8, got %s", s.found(at))
		}
	}
	return s.Fault(at, "expected %s, got %s", what, s.found(at))
}

// wrongKind is the fault that a value of another kind is next.
func (s *Scanner) wrongKind(want string) error {
	if s.Next() == Invalid {
		return s.expected(want)
	}
	return s.Fault(s.Offset(), "expected %s, got %s", want, s.Got())
}

// found describes the character at an offset.
func (s *Scanner) found(at int) string {
	if at == len(s.text) {
		return "the end of the text"
	}
	r, size := utf8.DecodeRuneInString(s.text[at:])
	switch {
	case r == utf8.RuneError && size == 1:
		return fmt.Sprintf("the byte 0x%02x", s.text[at])
	case r == '\ufeff':
		return "a byte order mark"
	}
	return fmt.Sprintf("%q", r)
}

// keySet finds repeated keys. Most objects have a few, which need no map.
type keySet struct {
	few  []string
	many map[string]bool
}

// add reports whether the key is new.
func (k *keySet) add(key string) bool {
	if k.many == nil {
		for _, known := range k.few {
			if known == key {
				return false
			}
		}
		if len(k.few) < 8 {
			k.few = append(k.few, key)
			return true
		}
		k.many = map[string]bool{}
		for _, known := range k.few {
			k.many[known] = true
		}
	}
	if k.many[key] {
		return false
	}
	k.many[key] = true
	return true
}
