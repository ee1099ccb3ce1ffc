package safetensors

import (
	"math"
	"strings"
)

// DType is the type of a tensor's elements.
type DType string

// The types of the format.
const (
	BOOL        DType = "BOOL"
	F4          DType = "F4"
	F6_E2M3     DType = "F6_E2M3"
	F6_E3M2     DType = "F6_E3M2"
	U8          DType = "U8"
	I8          DType = "I8"
	F8_E5M2     DType = "F8_E5M2"
	F8_E4M3     DType = "F8_E4M3"
	F8_E8M0     DType = "F8_E8M0"
	F8_E4M3FNUZ DType = "F8_E4M3FNUZ"
	F8_E5M2FNUZ DType = "F8_E5M2FNUZ"
	I16         DType = "I16"
	U16         DType = "U16"
	F16         DType = "F16"
	BF16        DType = "BF16"
	I32         DType = "I32"
	U32         DType = "U32"
	F32         DType = "F32"
	C64         DType = "C64"
	F64         DType = "F64"
	I64         DType = "I64"
	U64         DType = "U64"
)

// dtypes lists the types by size.
var dtypes = []DType{
	BOOL, F4, F6_E2M3, F6_E3M2, U8, I8, F8_E5M2, F8_E4M3, F8_E8M0, F8_E4M3FNUZ, F8_E5M2FNUZ,
	I16, U16, F16, BF16, I32, U32, F32, C64, F64, I64, U64,
}

// Bits is the size of an element in bits, 0 for a type that the format does not
// have.
func (d DType) Bits() int {
	switch d {
	case F4:
		return 4
	case F6_E2M3, F6_E3M2:
		return 6
	case BOOL, U8, I8, F8_E5M2, F8_E4M3, F8_E8M0, F8_E4M3FNUZ, F8_E5M2FNUZ:
		return 8
	case I16, U16, F16, BF16:
		return 16
	case I32, U32, F32:
		return 32
	case C64, F64, I64, U64:
		return 64
	}
	return 0
}

// allDTypes is the list as errors give it.
func allDTypes() string {
	names := make([]string, len(dtypes))
	for i, d := range dtypes {
		names[i] = string(d)
	}
	return strings.Join(names, ", ")
}

// size is the number of bytes of a tensor. It is not ok when the product of the
// dimensions other than 0 overflows; the bits must fill whole bytes.
func size(d DType, shape []int) (bytes int64, whole, ok bool) {
	bits, empty := int64(d.Bits()), false
	for _, n := range shape {
		switch {
		case n == 0:
			empty = true
		case bits > math.MaxInt64/int64(n):
			return 0, false, false
		default:
			bits *= int64(n)
		}
	}
	if bits/8 > math.MaxInt {
		return 0, false, false
	}
	if empty {
		return 0, true, true
	}
	return bits / 8, bits%8 == 0, true
}
