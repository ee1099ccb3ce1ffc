package safetensors

import (
	"encoding/binary"
	"fmt"

	"gradus/internal/strictjson"
)

// Tensor is a named array with its numbers, as a file holds them.
type Tensor struct {
	Name  string
	DType DType
	Shape []int
	Data  []byte // little-endian, row-major
}

// Number is a type of Go that the format has.
type Number interface {
	uint8 | int8 | uint16 | int16 | uint32 | int32 | uint64 | int64 | float32 | float64
}

// New makes a tensor of numbers. [Write] refuses it when they do not fill the
// shape.
func New[T Number](name string, shape []int, numbers []T) Tensor {
	t := Tensor{Name: name, DType: dtypeOf[T](), Shape: shape}
	t.Data = make([]byte, 0, len(numbers)*t.DType.Bits()/8)
	t.Data, _ = binary.Append(t.Data, binary.LittleEndian, numbers) // every Number has a fixed size
	return t
}

// Values are the numbers of a tensor of exactly this type. Another type is
// refused; [Exact] converts.
func Values[T Number](t Tensor) ([]T, error) {
	want := dtypeOf[T]()
	if t.DType != want {
		return nil, fault(nowhere, "tensor %s: expected dtype %s, got %s", strictjson.Quote(t.Name), want, t.DType)
	}
	n, err := t.elements()
	if err != nil {
		return nil, err
	}
	numbers := make([]T, n)
	if _, err := binary.Decode(t.Data, binary.LittleEndian, numbers); err != nil {
		return nil, err
	}
	return numbers, nil
}

// elements is the number of elements, for types of whole bytes.
func (t *Tensor) elements() (int, error) {
	width := t.DType.Bits() / 8
	if len(t.Data)%width != 0 {
		return 0, fault(nowhere, "tensor %s: expected whole elements of %d bytes, got %d bytes", strictjson.Quote(t.Name), width, len(t.Data))
	}
	return len(t.Data) / width, nil
}

func dtypeOf[T Number]() DType {
	switch any(T(0)).(type) {
	case uint8:
		return U8
	case int8:
		return I8
	case uint16:
		return U16
	case int16:
		return I16
	case uint32:
		return U32
	case int32:
		return I32
	case uint64:
		return U64
	case int64:
		return I64
	case float32:
		return F32
	}
	return F64
}

// typeString formats a type and a shape for an error: F32 [10 128].
func typeString(d DType, shape []int) string { return fmt.Sprintf("%s %v", d, shape) }
