package npy

import (
	"fmt"
	"strconv"
	"strings"
)

// scanner goes through the header: the text of a Python dictionary, of which only
// the form that NumPy writes is taken.
//
//	{'descr': '<f4', 'fortran_order': False, 'shape': (3, 28, 28), }
type scanner struct {
	text  string
	at    int
	start int // of the text in the file
}

// parseHeader reads a header that begins at byte start of the file.
func parseHeader(text string, start int) (*Array, *Error) {
	s := &scanner{text: text, start: start}
	if err := s.want("{"); err != nil {
		return nil, err
	}
	a, seen := &Array{}, map[string]bool{}
	for !s.next("}") {
		if err := s.entry(a, seen); err != nil {
			return nil, err
		}
		if !s.next(",") {
			if err := s.want("}"); err != nil {
				return nil, err
			}
			break
		}
	}
	s.blanks()
	if rest := strings.Trim(s.text[s.at:], " \n"); rest != "" {
		return nil, s.fault("blanks to the end of the header", fmt.Sprintf("%.20q", rest))
	}
	for _, key := range []string{"descr", "fortran_order", "shape"} {
		if !seen[key] {
			return nil, s.fault("the key '"+key+"'", "none")
		}
	}
	return a, nil
}

func (s *scanner) entry(a *Array, seen map[string]bool) *Error {
	s.blanks()
	at := s.at
	key, err := s.quoted()
	if err != nil {
		return err
	}
	if seen[key] {
		return s.faultAt(at, "a key once", fmt.Sprintf("%.20q again", key))
	}
	seen[key] = true
	if err := s.want(":"); err != nil {
		return err
	}
	s.blanks()
	switch key {
	case "descr":
		return s.dtype(a)
	case "fortran_order":
		switch {
		case s.next("False"):
			return nil
		case s.next("True"):
			err := s.faultAt(s.at-len("True"), "row-major order", "Fortran's")
			err.Hint = "numpy.ascontiguousarray converts it"
			return err
		}
		return s.fault("True or False", s.word())
	case "shape":
		return s.shape(a)
	}
	return s.faultAt(at, "the keys descr, fortran_order and shape", fmt.Sprintf("%.20q", key))
}

func (s *scanner) dtype(a *Array) (err *Error) {
	at := s.at
	if a.DType, err = s.quoted(); err != nil {
		return err
	}
	if itemSize(a.DType) == 0 {
		err = s.faultAt(at, "numbers of type |u1, <f4 or <f8", fmt.Sprintf("%.20q", a.DType))
		err.Hint = "array.astype(numpy.uint8) or astype(numpy.float32) converts them"
	}
	return err
}

// shape reads a tuple: (), (3,), (3, 4).
func (s *scanner) shape(a *Array) *Error {
	if err := s.want("("); err != nil {
		return err
	}
	for !s.next(")") {
		s.blanks()
		at := s.at
		for s.at < len(s.text) && '0' <= s.text[s.at] && s.text[s.at] <= '9' {
			s.at++
		}
		digits := s.text[at:s.at]
		n, failed := strconv.Atoi(digits)
		if failed != nil || len(digits) > 1 && digits[0] == '0' {
			s.at = at
			return s.faultAt(at, "a dimension", s.word())
		}
		if a.Shape = append(a.Shape, n); len(a.Shape) > maxRank {
			return s.faultAt(at, fmt.Sprintf("at most %d dimensions", maxRank), "more")
		}
		comma := s.next(",")
		if !comma && len(a.Shape) == 1 {
			return s.want(",") // (3) is a number
		}
		if !comma {
			return s.want(")")
		}
	}
	return nil
}

// quoted reads a string without escapes.
func (s *scanner) quoted() (string, *Error) {
	s.blanks()
	for _, quote := range []string{"'", `"`} {
		if rest, ok := strings.CutPrefix(s.text[s.at:], quote); ok {
			if text, _, ok := strings.Cut(rest, quote); ok && !strings.ContainsAny(text, "\\\n") {
				s.at += len(text) + 2
				return text, nil
			}
		}
	}
	return "", s.fault("a string in quotes", s.word())
}

func (s *scanner) blanks() {
	for s.at < len(s.text) && s.text[s.at] == ' ' {
		s.at++
	}
}

// next skips blanks and a token, if it comes next.
func (s *scanner) next(token string) bool {
	s.blanks()
	if !strings.HasPrefix(s.text[s.at:], token) {
		return false
	}
	s.at += len(token)
	return true
}

func (s *scanner) want(token string) *Error {
	if s.next(token) {
		return nil
	}
	return s.fault(token, s.word())
}

// word shows what comes next.
func (s *scanner) word() string {
	if s.at >= len(s.text) {
		return "the end of the header"
	}
	return fmt.Sprintf("%.12q", s.text[s.at:])
}

func (s *scanner) fault(expected, got string) *Error { return s.faultAt(s.at, expected, got) }

func (s *scanner) faultAt(at int, expected, got string) *Error {
	return fault(s.start+at, expected, got)
}
