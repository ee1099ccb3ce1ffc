package npy_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"gradus/data/npy"
)

// file is what numpy.save writes: version 1.0, the header padded to 64 bytes.
func file(dict string, data ...byte) []byte {
	header := dict + strings.Repeat(" ", (64-(10+len(dict)+1)%64)%64) + "\n"
	b := append([]byte(npy.Magic), 1, 0)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(header)))
	return append(append(b, header...), data...)
}

func dict(dtype, shape string) string {
	return fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': %s, }", dtype, shape)
}

func TestRead(t *testing.T) {
	var little, big []byte
	for _, x := range []float64{1.5, -2, math.Inf(1)} {
		little = binary.LittleEndian.AppendUint64(little, math.Float64bits(x))
		big = binary.BigEndian.AppendUint32(big, math.Float32bits(float32(x)))
	}
	version2 := append([]byte(npy.Magic), 2, 0)
	version2 = binary.LittleEndian.AppendUint32(version2, uint32(len(dict("|u1", "(1,)"))))
	version2 = append(append(version2, dict("|u1", "(1,)")...), 7)
	for _, tt := range []struct {
		name    string
		file    []byte
		shape   []int
		numbers []float64
	}{
		{"bytes", file(dict("|u1", "(2, 1, 3)"), 1, 2, 3, 4, 5, 255), []int{2, 1, 3}, []float64{1, 2, 3, 4, 5, 255}},
		{"doubles", file(dict("<f8", "(3,)"), little...), []int{3}, []float64{1.5, -2, math.Inf(1)}},
		{"big-endian", file(dict(">f4", "(1, 3)"), big...), []int{1, 3}, []float64{1.5, -2, math.Inf(1)}},
		{"a number", file(dict("|u1", "()"), 9), nil, []float64{9}},
		{"nothing", file(dict("<f4", "(0, 28, 28)")), []int{0, 28, 28}, nil},
		{"version 2.0", version2, []int{1}, []float64{7}},
		{"other order", file(`{"shape":(1,),"fortran_order":False,"descr":"|u1"}`, 3), []int{1}, []float64{3}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, err := npy.Read(iotest.OneByteReader(bytes.NewReader(tt.file)), "x.npy")
			if err != nil {
				t.Fatal(err)
			}
			var numbers []float64
			for i := range a.Len() {
				numbers = append(numbers, a.Number(i))
			}
			if !slices.Equal(a.Shape, tt.shape) || !slices.Equal(numbers, tt.numbers) {
				t.Errorf("expected %v of shape %v, got %v of shape %v", tt.numbers, tt.shape, numbers, a.Shape)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	good := file(dict("|u1", "(2, 2)"), 1, 2, 3, 4)
	for _, tt := range []struct {
		name, want string
		file       []byte
	}{
		{"empty", "x.npy: offset 0: expected a magic of 6 bytes and a version, got 0 bytes", nil},
		{"another file", `x.npy: offset 0: expected "\x93NUMPY", got "<html>"`, []byte("<html>\n<body>")},
		{"version", "x.npy: offset 6: expected version 1.0, 2.0 or 3.0, got 4.0", append([]byte(npy.Magic), 4, 0)},
		{"no length", "x.npy: offset 9: expected the rest of the header, got end of file", good[:9]},
		{"header cut", "x.npy: offset 30: expected the rest of the header, got end of file", good[:30]},
		{"header claims 4 GiB", "x.npy: offset 8: expected a header of at most 65536 bytes, got 4294967295", append([]byte(npy.Magic), 2, 0, 255, 255, 255, 255)},
		{"a byte short", "x.npy: offset 131: expected 4 bytes of numbers, got 3", good[:len(good)-1]},
		{"a byte long", "x.npy: offset 132: expected 4 bytes of numbers, got more", append(slices.Clip(good), 0)},
		{"claims terabytes", "x.npy: offset 129: expected 1000000000000 bytes of numbers, got 1", file(dict("|u1", "(1000000, 1000000)"), 1)},
		{"overflow", "x.npy: offset 10: expected at most 9223372036854775807 bytes, got shape [4294967296 4294967296 1]: overflow", file(dict("<f8", "(4294967296, 4294967296, 1)"))},
		{"overflow behind a zero", "x.npy: offset 10: expected at most 9223372036854775807 bytes, got shape [0 4294967296 4294967296]: overflow", file(dict("<f8", "(0, 4294967296, 4294967296)"))},
		{"a pickle", `x.npy: offset 20: expected numbers of type |u1, <f4 or <f8, got "|O"; array.astype(numpy.uint8) or astype(numpy.float32) converts them`, file(dict("|O", "(1,)"))},
		{"columns first", "x.npy: offset 44: expected row-major order, got Fortran's; numpy.ascontiguousarray converts it", file("{'descr': '|u1', 'fortran_order': True, 'shape': (1,), }", 1)},
		{"negative", `x.npy: offset 61: expected a dimension, got "-1,), }     "`, file(dict("|u1", "(-1,)"))},
		{"a number for a shape", `x.npy: offset 62: expected ,, got "), }        "`, file(dict("|u1", "(3)"), 1, 2, 3)},
		{"a key twice", `x.npy: offset 26: expected a key once, got "descr" again`, file("{'descr': '|u1','descr': '|u1', 'fortran_order': False, 'shape': (), }", 1)},
		{"a key less", "x.npy: offset 63: expected the key 'shape', got none", file("{'descr': '|u1', 'fortran_order': False, }   ", 1)},
		{"another key", `x.npy: offset 11: expected the keys descr, fortran_order and shape, got "x"`, file("{'x': 1}")},
		{"code", `x.npy: offset 10: expected {, got "__import__(\""`, file(`__import__("os")`)},
		{"something behind", `x.npy: offset 67: expected blanks to the end of the header, got "+ 1"`, file(dict("|u1", "(1,)")+"+ 1", 1)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := npy.Read(bytes.NewReader(tt.file), "x.npy")
			if err == nil || err.Error() != tt.want {
				t.Errorf("expected %s\ngot      %v", tt.want, err)
			}
		})
	}
	for n := range good {
		if _, err := npy.Read(bytes.NewReader(good[:n]), "x.npy"); err == nil {
			t.Errorf("expected the first %d bytes to be refused", n)
		}
	}
	broken := errors.New("disk on fire")
	if _, err := npy.Read(io.MultiReader(bytes.NewReader(good[:20]), iotest.ErrReader(broken)), "x.npy"); !errors.Is(err, broken) {
		t.Errorf("expected the reader's error, got %v", err)
	}
}

// What is read has as many numbers as its shape says, and is written again as the
// same file; anything else is one line.
func FuzzRead(f *testing.F) {
	f.Add(file(dict("|u1", "(2, 2)"), 1, 2, 3, 4))
	f.Add(file(dict("<f4", "(1,)"), 0, 0, 128, 63))
	f.Add(file(dict(">f8", "(1000000000, 10)"), 0))
	f.Add(file(`{"shape":(),"fortran_order":False,"descr":"|u1"}`, 3))
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := npy.Read(bytes.NewReader(b), "x.npy")
		if err != nil {
			if strings.ContainsAny(err.Error(), "\r\n") || !strings.HasPrefix(err.Error(), "x.npy: ") {
				t.Fatalf("expected one line that begins with the file, got %q", err)
			}
			return
		}
		n := 1
		for _, d := range a.Shape {
			n *= d
		}
		if n != a.Len() {
			t.Fatalf("expected %d numbers of shape %v, got %d", n, a.Shape, a.Len())
		}
		for i := range min(n, 1000) {
			a.Number(i)
		}
		if !bytes.HasSuffix(b, a.Data) {
			t.Fatal("expected the numbers to end the file")
		}
	})
}

func ExampleRead() {
	a, err := npy.Read(bytes.NewReader(file(dict("|u1", "(2, 2)"), 0, 64, 128, 255)), "tiny.npy")
	if err != nil {
		panic(err)
	}
	fmt.Println(a.Shape, a.DType, a.Number(3))
	// Output: [2 2] |u1 255
}
