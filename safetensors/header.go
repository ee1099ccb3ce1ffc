package safetensors

import (
	"math"
	"strconv"
	"strings"

	"gradus/internal/strictjson"
)

const (
	// MaxRank is the most dimensions a tensor may have.
	MaxRank = 64

	maxHeader   = 100_000_000 // the format's own limit
	lengthBytes = 8           // what precedes the header
	metadataKey = "__metadata__"
)

// Entry is what the header says of a tensor.
type Entry struct {
	Name       string
	DType      DType
	Shape      []int
	Begin, End int64 // its bytes in the data, which Read has checked

	offsetsAt int // where the header gives them
}

// header is a header in parts.
type header struct {
	entries  []Entry // in the order of the text
	metadata map[string]string
	digestAt int // where the text has the digest's first digit; 0: nowhere
}

// parseHeader reads a header. Offsets of errors are within the text.
func parseHeader(text string) (*header, error) {
	s := strictjson.NewScanner(text)
	if text != "" && strings.IndexByte(" \t\r\n", text[0]) >= 0 {
		return nil, s.Fault(0, "expected { as the first byte, got %q", text[0])
	}
	var h header
	err := s.Object(func(key string, at int) error {
		if key == metadataKey {
			return h.readMetadata(s, text)
		}
		e, err := readEntry(s, key, at)
		h.entries = append(h.entries, e)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &h, s.End()
}

func (h *header) readMetadata(s *strictjson.Scanner, text string) error {
	h.metadata = map[string]string{}
	if s.Next() != strictjson.Object {
		return s.Fault(s.Offset(), "%s: expected an object, got %s", metadataKey, s.Got())
	}
	return s.Object(func(key string, _ int) error {
		at := s.Offset()
		if s.Next() != strictjson.String {
			return s.Fault(at, "%s.%s: expected a string, got %s", metadataKey, plain(key), s.Got())
		}
		value, err := s.String()
		if err != nil {
			return err
		}
		h.metadata[key] = value
		if key == DigestKey {
			h.digestAt = at + 1
			if !isDigest(value) || !strings.HasPrefix(text[h.digestAt:], value) {
				return s.Fault(at, "%s.%s: expected %d hexadecimal digits, got %s", metadataKey, key, digestDigits, strictjson.Quote(value))
			}
		}
		return nil
	})
}

// plain is a key without quotes where it needs none.
func plain(key string) string {
	quoted := strictjson.Quote(key)
	if quoted == `"`+key+`"` {
		return key
	}
	return quoted
}

// readEntry reads what follows a tensor's name.
func readEntry(s *strictjson.Scanner, name string, at int) (Entry, error) {
	e := Entry{Name: name}
	wrong := func(at int, format string, args ...any) error {
		return s.Fault(at, "tensor "+strings.ReplaceAll(strictjson.Quote(name), "%", "%%")+": "+format, args...)
	}
	if s.Next() != strictjson.Object {
		return e, wrong(s.Offset(), "expected an object, got %s", s.Got())
	}
	shapeAt := -1
	e.offsetsAt = -1
	err := s.Object(func(key string, at int) error {
		valueAt := s.Offset()
		switch key {
		case "dtype":
			if s.Next() != strictjson.String {
				return wrong(valueAt, "dtype: expected a string, got %s", s.Got())
			}
			word, err := s.String()
			if err != nil {
				return err
			}
			if e.DType = DType(word); e.DType.Bits() == 0 {
				return wrong(valueAt, "dtype: expected one of %s, got %s", allDTypes(), strictjson.Quote(word))
			}
		case "shape":
			shapeAt = valueAt
			numbers, err := readNumbers(s, wrong, "shape", math.MaxInt, MaxRank)
			if err != nil {
				return err
			}
			e.Shape = make([]int, len(numbers))
			for i, n := range numbers {
				e.Shape[i] = int(n)
			}
		case "data_offsets":
			e.offsetsAt = valueAt
			numbers, err := readNumbers(s, wrong, "data_offsets", math.MaxInt64, 2)
			if err != nil {
				return err
			}
			if len(numbers) != 2 {
				return wrong(valueAt, "data_offsets: expected 2 numbers, got %d", len(numbers))
			}
			e.Begin, e.End = numbers[0], numbers[1]
		default:
			return wrong(at, "expected the keys dtype, shape and data_offsets, got %s", strictjson.Quote(key))
		}
		return nil
	})
	if err != nil {
		return e, err
	}
	for _, field := range []struct {
		name    string
		missing bool
	}{{"dtype", e.DType == ""}, {"shape", shapeAt < 0}, {"data_offsets", e.offsetsAt < 0}} {
		if field.missing {
			return e, wrong(at, "expected dtype, shape and data_offsets, got no %s", field.name)
		}
	}
	bytes, whole, ok := size(e.DType, e.Shape)
	switch {
	case !ok:
		return e, wrong(shapeAt, "shape: expected a size that fits an integer, got %s, an overflow", typeString(e.DType, e.Shape))
	case !whole:
		return e, wrong(shapeAt, "shape: expected elements that fill whole bytes, got %s", typeString(e.DType, e.Shape))
	case e.Begin > e.End:
		return e, wrong(e.offsetsAt, "data_offsets: expected an end of at least %d, got %d", e.Begin, e.End)
	case e.End-e.Begin != bytes:
		return e, wrong(e.offsetsAt, "data_offsets: expected %d bytes for %s, got %d", bytes, typeString(e.DType, e.Shape), e.End-e.Begin)
	}
	return e, nil
}

// readNumbers reads a list of whole numbers up to a largest one.
func readNumbers(s *strictjson.Scanner, wrong func(int, string, ...any) error, what string, largest uint64, most int) ([]int64, error) {
	if s.Next() != strictjson.Array {
		return nil, wrong(s.Offset(), "%s: expected an array, got %s", what, s.Got())
	}
	start := s.Offset()
	var numbers []int64
	err := s.Array(func() error {
		at, got := s.Offset(), s.Got()
		if s.Next() != strictjson.Number {
			return wrong(at, "%s: expected whole numbers of at least 0, got %s", what, got)
		}
		text, err := s.Number()
		if err != nil {
			return err
		}
		if strings.ContainsAny(text, "-.eE") {
			return wrong(at, "%s: expected whole numbers of at least 0, got %s", what, got)
		}
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil || n > largest {
			return wrong(at, "%s: expected at most %d, got %s, an overflow", what, largest, got)
		}
		if len(numbers) == most {
			return wrong(start, "%s: expected at most %d numbers, got more", what, most)
		}
		numbers = append(numbers, int64(n))
		return nil
	})
	return numbers, err
}
