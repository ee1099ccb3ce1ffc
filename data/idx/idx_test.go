package idx

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"testing"
)

func TestA17Numbers(t *testing.T) {
	for _, test := range []struct {
		dtype DType
		name  string
		data  []byte
		want  []float64
	}{
		{Uint8, "uint8", []byte{0, 127, 255}, []float64{0, 127, 255}},
		{Int8, "int8", []byte{0, 127, 128, 255}, []float64{0, 127, -128, -1}},
		{Int16, "int16", []byte{0, 1, 0xff, 0xfe, 0x80, 0}, []float64{1, -2, math.MinInt16}},
		{Int32, "int32", []byte{0, 0, 1, 0, 0xff, 0xff, 0xff, 0xff}, []float64{256, -1}},
		{Float32, "float32", []byte{0x3f, 0xc0, 0, 0, 0xc0, 0, 0, 0}, []float64{1.5, -2}},
		{Float64, "float64", []byte{0x40, 0x09, 0x21, 0xfb, 0x54, 0x44, 0x2d, 0x18}, []float64{math.Pi}},
	} {
		n := len(test.want)
		file := append([]byte{0, 0, byte(test.dtype), 1, 0, 0, 0, byte(n)}, test.data...)
		f, err := Read(bytes.NewReader(file), test.name)
		if err != nil {
			t.Error(err)
			continue
		}
		got := make([]float64, n)
		for i := range got {
			got[i] = f.Number(i)
		}
		if f.Len() != n || f.DType.String() != test.name || !slices.Equal(got, test.want) {
			t.Errorf("expected %d %s %v, got %d %s %v", n, test.name, test.want, f.Len(), f.DType, got)
		}
	}
}

func TestErrorIsOneLine(t *testing.T) {
	e := &Error{Path: "a\nb\rc", Offset: -1, Expected: "x", Got: "y\nz", Hint: "h"}
	if want := `a\nb\rc: expected x, got y\nz; h`; e.Error() != want {
		t.Errorf("expected %s, got %s", want, e)
	}
}

func ExampleRead() {
	file := []byte{
		0, 0, byte(Int16), 2, // two-dimensional int16
		0, 0, 0, 1, 0, 0, 0, 3, // 1x3
		0, 7, 0xff, 0xff, 1, 0,
	}
	f, err := Read(bytes.NewReader(file), "three-numbers")
	fmt.Println(f.DType, f.Dims, f.Number(0), f.Number(1), f.Number(2), err)

	_, err = Read(bytes.NewReader(file[:17]), "three-numbers")
	fmt.Println(err)
	// Output:
	// int16 [1 3] 7 -1 256 <nil>
	// three-numbers: offset 17: expected 6 data bytes, got 5
}
