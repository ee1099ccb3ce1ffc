// Package npy reads arrays of numbers from .npy files, NumPy's own format
// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
//
// The reader is strict. It takes what numpy.save makes of arrays of bytes and of float32 and float64 numbers in row-major
// order; a file must end exactly where its header says, and memory grows with the bytes that are there and not with what the
// header claims. Nothing in a file is executed: objects, which are pickles, are refused like all other types.
package npy

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"math/bits"
	"slices"
	"strings"
)

// Magic is how every file begins.
const Magic = "\x93NUMPY"

// Array is the content of a file.
type Array struct {
	DType string // as the file has it: |u1, <f4, >f4, <f8 or >f8
	Shape []int  // the slowest first; none for a single number
	Data  []byte // the numbers as they stand in the file
}

// IsFloat reports whether the numbers are floating-point ones; bytes otherwise.
func (a *Array) IsFloat() bool { return a.DType[1] == 'f' }

// Len is how many numbers there are.
func (a *Array) Len() int { return len(a.Data) / itemSize(a.DType) }

// Number is number i in the order of the file.
func (a *Array) Number(i int) float64 {
	order := binary.ByteOrder(binary.LittleEndian)
	if a.DType[0] == '>' {
		order = binary.BigEndian
	}
	switch itemSize(a.DType) {
	case 4:
		return float64(math.Float32frombits(order.Uint32(a.Data[4*i:])))
	case 8:
		return math.Float64frombits(order.Uint64(a.Data[8*i:]))
	}
	return float64(a.Data[i])
}

// itemSize is how many bytes a number takes; 0 for a type that is not read.
func itemSize(dtype string) int {
	switch dtype {
	case "|u1":
		return 1
	case "<f4", ">f4":
		return 4
	case "<f8", ">f8":
		return 8
	}
	return 0
}

// Error says what is wrong with a file, in one line.
type Error struct {
	Path          string
	Offset        int64 // -1: no place
	Expected, Got string
	Hint          string // may be empty
	Err           error  // of reading, may be nil
}

// Error returns PATH: offset N: expected X, got Y; hint
func (e *Error) Error() string {
	line := e.Path
	if e.Offset >= 0 {
		line += fmt.Sprintf(": offset %d", e.Offset)
	}
	line += ": expected " + e.Expected + ", got " + e.Got
	if e.Hint != "" {
		line += "; " + e.Hint
	}
	return strings.NewReplacer("\n", `\n`, "\r", `\r`).Replace(line)
}

// Unwrap returns the error of reading.
func (e *Error) Unwrap() error { return e.Err }

// Limits. The headers of arrays have some hundred bytes, and their dimensions are few.
const (
	maxHeader = 1 << 16
	maxRank   = 32
)

// Read reads an array to the end of r, which it must reach right after the numbers. The path is for errors, which are of
// type [*Error].
func Read(r io.Reader, path string) (*Array, error) {
	a, err := read(r)
	if err != nil {
		err.Path = path
		return nil, err
	}
	return a, nil
}

func read(r io.Reader) (*Array, *Error) {
	text, start, err := header(r)
	if err != nil {
		return nil, err
	}
	a, err := parseHeader(text, start-len(text))
	if err != nil {
		return nil, err
	}
	size, fits := product(itemSize(a.DType), a.Shape)
	if !fits {
		return nil, fault(start-len(text), fmt.Sprintf("at most %d bytes", math.MaxInt), fmt.Sprintf("shape %v: overflow", a.Shape))
	}
	limit := int64(size)
	if limit < math.MaxInt64 {
		limit++
	}
	var failed error
	if a.Data, failed = io.ReadAll(io.LimitReader(r, limit)); failed != nil {
		return nil, unreadable(failed)
	}
	switch got := len(a.Data); {
	case got < size:
		return nil, fault(start+got, fmt.Sprintf("%d bytes of numbers", size), fmt.Sprint(got))
	case got > size:
		return nil, fault(start+size, fmt.Sprintf("%d bytes of numbers", size), "more")
	}
	return a, nil
}

// header reads what comes before the numbers: the text, and where it ends.
func header(r io.Reader) (text string, end int, err *Error) {
	fixed := make([]byte, len(Magic)+2, len(Magic)+2+4)
	if n, failed := io.ReadFull(r, fixed); failed != nil {
		if !isEnd(failed) {
			return "", 0, unreadable(failed)
		}
		return "", 0, fault(0, fmt.Sprintf("a magic of %d bytes and a version", len(Magic)), fmt.Sprintf("%d bytes", n))
	}
	if got := string(fixed[:len(Magic)]); got != Magic {
		return "", 0, fault(0, fmt.Sprintf("%q", Magic), fmt.Sprintf("%q", got))
	}
	major, minor := fixed[len(Magic)], fixed[len(Magic)+1]
	field := 4
	switch {
	case major == 1 && minor == 0:
		field = 2
	case (major == 2 || major == 3) && minor == 0:
	default:
		return "", 0, fault(len(Magic), "version 1.0, 2.0 or 3.0", fmt.Sprintf("%d.%d", major, minor))
	}
	at := len(fixed)
	fixed = fixed[:at+field]
	if n, failed := io.ReadFull(r, fixed[at:]); failed != nil {
		return "", 0, short(failed, at+n)
	}
	var padded [4]byte
	copy(padded[:], fixed[at:])
	length := binary.LittleEndian.Uint32(padded[:])
	if length > maxHeader {
		return "", 0, fault(at, fmt.Sprintf("a header of at most %d bytes", maxHeader), fmt.Sprint(length))
	}
	b := make([]byte, length)
	if n, failed := io.ReadFull(r, b); failed != nil {
		return "", 0, short(failed, at+field+n)
	}
	return string(b), at + field + len(b), nil
}

func isEnd(err error) bool { return err == io.EOF || err == io.ErrUnexpectedEOF }

// short is a header that ends early, or cannot be read.
func short(err error, at int) *Error {
	if !isEnd(err) {
		return unreadable(err)
	}
	return fault(at, "the rest of the header", "end of file")
}

func unreadable(err error) *Error {
	return &Error{Offset: -1, Expected: "a readable file", Got: err.Error(), Err: err}
}

func fault(offset int, expected, got string) *Error {
	return &Error{Offset: int64(offset), Expected: expected, Got: got}
}

// product is size times all dimensions, and whether it fits in an int. Zeros do not excuse an overflow.
func product(size int, shape []int) (int, bool) {
	total := uint64(size)
	for _, d := range shape {
		if d == 0 {
			continue
		}
		high, low := bits.Mul64(total, uint64(d))
		if high != 0 || low > math.MaxInt {
			return 0, false
		}
		total = low
	}
	if slices.Contains(shape, 0) {
		return 0, true
	}
	return int(total), true
}
