// Package idx reads IDX files, the format of MNIST: arrays of numbers with up to four dimensions, plain or packed by gzip.
//
// The format (Y. LeCun, C. Cortes, C. Burges: The MNIST database of handwritten digits): two zero bytes, one byte for
// the type of the numbers, one for the number of dimensions, each dimension as four bytes, then the numbers, the last
// dimension running fastest. All numbers are big-endian.
//
// The reader trusts nothing. Memory grows with the bytes that are really there, never with what a header claims; a file
// must end where its header says; data of a gzip stream is given out only after its checksum was found right.
package idx

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
)

// DType is the type of the numbers in a file, by its code in the header.
type DType byte

// The six types of the format.
const (
	Uint8   DType = 0x08
	Int8    DType = 0x09
	Int16   DType = 0x0B
	Int32   DType = 0x0C
	Float32 DType = 0x0D
	Float64 DType = 0x0E
)

// Size returns the bytes of one number, 0 for a code that the format does not define.
func (d DType) Size() int {
	switch d {
	case Uint8, Int8:
		return 1
	case Int16:
		return 2
	case Int32, Float32:
		return 4
	case Float64:
		return 8
	}
	return 0
}

// String returns the type's name, such as uint8, or its code where the format does not define it.
func (d DType) String() string {
	switch d {
	case Uint8:
		return "uint8"
	case Int8:
		return "int8"
	case Int16:
		return "int16"
	case Int32:
		return "int32"
	case Float32:
		return "float32"
	case Float64:
		return "float64"
	}
	return fmt.Sprintf("0x%02X", byte(d))
}

// File is the content of an IDX file.
type File struct {
	DType DType
	Dims  []int  // one to four, the slowest first
	Data  []byte // the numbers as they stand in the file, big-endian
}

// Len returns the number of items, the first dimension.
func (f *File) Len() int { return f.Dims[0] }

// Number returns number i in the order of the file, exactly: float64 holds every number of every type.
func (f *File) Number(i int) float64 {
	size := f.DType.Size()
	b := f.Data[i*size : (i+1)*size]
	switch f.DType {
	case Int8:
		return float64(int8(b[0]))
	case Int16:
		return float64(int16(binary.BigEndian.Uint16(b)))
	case Int32:
		return float64(int32(binary.BigEndian.Uint32(b)))
	case Float32:
		return float64(math.Float32frombits(binary.BigEndian.Uint32(b)))
	case Float64:
		return math.Float64frombits(binary.BigEndian.Uint64(b))
	}
	return float64(b[0])
}

// HeaderSize returns the bytes before the data: 4 and 4 for each dimension.
func (f *File) HeaderSize() int { return headerSize(len(f.Dims)) }

func headerSize(dims int) int { return 4 + 4*dims }

// Error says what is wrong with a file, in one line:
//
//	PATH: offset N: expected X, got Y; hint
type Error struct {
	Path     string
	Offset   int64  // byte of the unpacked content, or of the file where gzip itself is damaged; -1: no place
	Expected string // what a good file has
	Got      string // what this one has
	Hint     string // the likely reason, may be empty
	Err      error  // the cause given by the operating system, may be nil
}

// Error returns the line.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Path)
	if e.Offset >= 0 {
		fmt.Fprintf(&b, ": offset %d", e.Offset)
	}
	fmt.Fprintf(&b, ": expected %s, got %s", e.Expected, e.Got)
	if e.Hint != "" {
		b.WriteString("; " + e.Hint)
	}
	return oneLine.Replace(b.String())
}

// Unwrap returns the operating system's error.
func (e *Error) Unwrap() error { return e.Err }

// oneLine keeps an error on one line whatever a path holds.
var oneLine = strings.NewReplacer("\n", `\n`, "\r", `\r`)
