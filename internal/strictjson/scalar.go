package strictjson

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// String reads a string. What is not UTF-8 is refused, and so is half of a
// surrogate pair: neither stands for text.
func (s *Scanner) String() (string, error) {
	if s.Next() != String {
		return "", s.wrongKind("a string")
	}
	s.at++
	start := s.at
	var b strings.Builder // what precedes start, once there was an escape
	escaped := false
	for s.at < len(s.text) {
		switch c := s.text[s.at]; {
		case c == '"':
			part := s.text[start:s.at]
			s.at++
			if !escaped {
				return part, nil
			}
			b.WriteString(part)
			return b.String(), nil
		case c == '\\':
			b.WriteString(s.text[start:s.at])
			r, err := s.escape()
			if err != nil {
				return "", err
			}
			b.WriteRune(r)
			start, escaped = s.at, true
		case c < ' ':
			return "", s.Fault(s.at, "expected no control character in a string, got %s", s.found(s.at))
		case c < utf8.RuneSelf:
			s.at++
		default:
			r, size := utf8.DecodeRuneInString(s.text[s.at:])
			if r == utf8.RuneError && size == 1 {
				return "", s.Fault(s.at, "expected UTF-8, got %s", s.found(s.at))
			}
			s.at += size
		}
	}
	return "", s.Fault(s.at, "expected a quote that ends the string, got the end of the text")
}

// escape reads what begins with a backslash.
func (s *Scanner) escape() (rune, error) {
	at := s.at
	if at+1 == len(s.text) {
		return 0, s.Fault(at+1, "expected a character behind the backslash, got the end of the text")
	}
	s.at += 2
	switch c := s.text[at+1]; c {
	case '"', '\\', '/':
		return rune(c), nil
	case 'b':
		return '\b', nil
	case 'f':
		return '\f', nil
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	case 'u':
		s.at = at
		r, ok := s.unicode()
		if !ok {
			return 0, s.Fault(at, `expected four hexadecimal digits behind \u, got other characters`)
		}
		if !utf16.IsSurrogate(r) {
			return r, nil
		}
		if low, ok := s.unicode(); ok {
			if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
				return pair, nil
			}
		}
		return 0, s.Fault(at, `expected a pair of surrogates, got \u%04x alone`, r)
	}
	return 0, s.Fault(at+1, `expected one of "\/bfnrtu behind the backslash, got %s`, s.found(at+1))
}

// unicode reads \u and four hexadecimal digits.
func (s *Scanner) unicode() (rune, bool) {
	digits, ok := strings.CutPrefix(s.text[s.at:], `\u`)
	if !ok || len(digits) < 4 {
		return 0, false
	}
	n, err := strconv.ParseUint(digits[:4], 16, 16)
	if err != nil {
		return 0, false
	}
	s.at += 6
	return rune(n), true
}

// Number reads a number and returns its text.
func (s *Scanner) Number() (string, error) {
	if s.Next() != Number {
		return "", s.wrongKind("a number")
	}
	start := s.at
	s.one("-")
	if !s.one("0") && !s.digits() {
		return "", s.expectedAt(s.at, "a digit")
	}
	if s.one(".") && !s.digits() {
		return "", s.expectedAt(s.at, "a digit behind the point")
	}
	if s.one("eE") {
		s.one("+-")
		if !s.digits() {
			return "", s.expectedAt(s.at, "a digit of the exponent")
		}
	}
	return s.text[start:s.at], nil
}

// one goes over the next character if it is one of the set.
func (s *Scanner) one(set string) bool {
	if s.at < len(s.text) && strings.IndexByte(set, s.text[s.at]) >= 0 {
		s.at++
		return true
	}
	return false
}

// digits goes over digits and reports whether there was one.
func (s *Scanner) digits() bool {
	start := s.at
	for s.at < len(s.text) && isDigit(s.text[s.at]) {
		s.at++
	}
	return s.at > start
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// Quote puts text in quotes, on one line and no longer than a reader wants.
func Quote(text string) string {
	start, rest := shorten(text)
	return strconv.Quote(start) + rest
}

// shorten cuts a text behind its first 60 characters; rest is then three dots.
func shorten(text string) (start, rest string) {
	n := 0
	for i := range text {
		if n++; n > 60 {
			return text[:i], "..."
		}
	}
	return text, ""
}
