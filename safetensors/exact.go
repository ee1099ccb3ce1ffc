package safetensors

import (
	"encoding/binary"
	"math"

	"gradus/internal/strictjson"
)

// Exact are the numbers of a tensor of any type as another one, where that
// loses nothing: the first number that has no equal is refused, with its index.
// NaN stays NaN. Truth values are 0 and 1. C64 and the types of less than 16 bits
// other than integers are refused.
func Exact[T float32 | float64](t Tensor) ([]T, error) {
	read := reader(t.DType)
	if read == nil {
		return nil, fault(nowhere, "tensor %s: expected a dtype that has equals among %s, got %s", strictjson.Quote(t.Name), dtypeOf[T](), t.DType)
	}
	n, err := t.elements()
	if err != nil {
		return nil, err
	}
	width := t.DType.Bits() / 8
	numbers := make([]T, n)
	for i := range numbers {
		x, ok := read(t.Data[i*width:])
		numbers[i] = T(x)
		if !ok || float64(numbers[i]) != x && !math.IsNaN(x) {
			return nil, fault(nowhere, "tensor %s: element %d: expected a number that %s has, got %v", strictjson.Quote(t.Name), i, dtypeOf[T](), x)
		}
	}
	return numbers, nil
}

// reader reads an element of a type; it is not ok when float64 has no equal.
func reader(d DType) func(b []byte) (x float64, ok bool) {
	le := binary.LittleEndian
	switch d {
	case BOOL, U8:
		return func(b []byte) (float64, bool) { return float64(b[0]), true }
	case I8:
		return func(b []byte) (float64, bool) { return float64(int8(b[0])), true }
	case U16:
		return func(b []byte) (float64, bool) { return float64(le.Uint16(b)), true }
	case I16:
		return func(b []byte) (float64, bool) { return float64(int16(le.Uint16(b))), true }
	case F16:
		return func(b []byte) (float64, bool) { return half(le.Uint16(b)), true }
	case BF16:
		return func(b []byte) (float64, bool) {
			return float64(math.Float32frombits(uint32(le.Uint16(b)) << 16)), true
		}
	case U32:
		return func(b []byte) (float64, bool) { return float64(le.Uint32(b)), true }
	case I32:
		return func(b []byte) (float64, bool) { return float64(int32(le.Uint32(b))), true }
	case F32:
		return func(b []byte) (float64, bool) { return float64(math.Float32frombits(le.Uint32(b))), true }
	case U64:
		return func(b []byte) (float64, bool) { return wide(le.Uint64(b), false) }
	case I64:
		return func(b []byte) (float64, bool) {
			if n := int64(le.Uint64(b)); n < 0 {
				return wide(-uint64(n), true)
			}
			return wide(le.Uint64(b), false)
		}
	case F64:
		return func(b []byte) (float64, bool) { return math.Float64frombits(le.Uint64(b)), true }
	}
	return nil
}

// wide converts a 64-bit magnitude. float64 holds it when no more than 53 bits
// stand between its first one and its last.
func wide(n uint64, negative bool) (float64, bool) {
	x := float64(n)
	odd := n
	for odd != 0 && odd%2 == 0 {
		odd /= 2
	}
	if negative {
		x = -x
	}
	return x, odd < 1<<53
}

// half is the number of an IEEE 754 binary16: a sign, 5 bits of exponent, 10 of
// fraction.
func half(bits uint16) float64 {
	sign, exponent, fraction := 1.0, int(bits>>10&31), float64(bits&1023)
	if bits>>15 == 1 {
		sign = -1
	}
	switch exponent {
	case 0:
		return sign * math.Ldexp(fraction, -24)
	case 31:
		if fraction != 0 {
			return math.NaN()
		}
		return math.Inf(int(sign))
	}
	return sign * math.Ldexp(1024+fraction, exponent-25)
}
