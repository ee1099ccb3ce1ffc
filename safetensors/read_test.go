package safetensors_test

import (
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gradus/safetensors"
)

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	cut := filepath.Join(dir, "cut\n")
	if err := os.WriteFile(cut, []byte("abc"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ path, want string }{
		{dir, "expected a regular file, got a directory"},
		{filepath.Join(dir, "none"), "expected a readable file, got no such file or directory"},
		{cut, "offset 0: expected an 8-byte header length, got 3 bytes"},
	} {
		want := strings.ReplaceAll(test.path, "\n", `\n`) + ": " + test.want
		if _, err := safetensors.Open(test.path); err == nil || err.Error() != want {
			t.Errorf("expected %s, got %v", want, err)
		}
		if _, err := safetensors.ReadFile(test.path); err == nil || err.Error() != want {
			t.Errorf("expected %s, got %v", want, err)
		}
	}
	if runtime.GOOS != "windows" {
		if _, err := safetensors.Open("/dev/zero"); err == nil || err.Error() != "/dev/zero: expected a regular file, got a device" {
			t.Errorf("expected no device, got %v", err)
		}
	}
}

func TestFileThatShrinks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w")
	if err := safetensors.WriteFile(path, []safetensors.Tensor{safetensors.New("x", []int{100}, make([]float64, 100))}, nil); err != nil {
		t.Fatal(err)
	}
	f, err := safetensors.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 300); err != nil {
		t.Fatal(err)
	}
	want := path + ": expected a file that keeps its size, got its end too early"
	if _, err := f.Tensor("x"); err == nil || err.Error() != want {
		t.Errorf("expected %s, got %v", want, err)
	}
	if err := f.Verify(); err == nil || err.Error() != want {
		t.Errorf("expected %s, got %v", want, err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Tensor("x"); err == nil || err.Error() != path+": expected an open file, got a closed one" {
		t.Errorf("expected a closed file, got %v", err)
	}
	if _, err := f.Tensor("y"); err == nil || err.Error() != path+`: expected a tensor "y", got none` {
		t.Errorf("expected no such tensor, got %v", err)
	}
}

func TestSub(t *testing.T) {
	tensors, metadata := small()
	f, err := read(write(t, tensors, metadata))
	if err != nil {
		t.Fatal(err)
	}
	sub := f.Sub("conv.")
	var names []string
	for _, e := range sub.Tensors {
		names = append(names, e.Name)
	}
	if d := cmp.Diff([]string{"bias", "weight"}, names); d != "" {
		t.Error(d)
	}
	bias, err := sub.Tensor("bias")
	if err != nil {
		t.Fatal(err)
	}
	if x, err := safetensors.Values[float32](bias); err != nil || x[1] != -1 {
		t.Errorf("expected 0.5 and -1, got %v, %v", x, err)
	}
	if _, ok := sub.Entry("conv.bias"); ok {
		t.Error("expected no conv.bias within conv., got one")
	}
	if err := sub.Verify(); err != nil {
		t.Errorf("expected the whole file's digest, got %v", err)
	}
}

func TestValues(t *testing.T) {
	_, err := safetensors.Values[float32](safetensors.New("x", []int{1}, []float64{1}))
	if err == nil || err.Error() != `tensor "x": expected dtype F32, got F64` {
		t.Errorf("expected no conversion, got %v", err)
	}
	_, err = safetensors.Values[float32](safetensors.Tensor{Name: "x", DType: safetensors.F32, Data: make([]byte, 5)})
	if err == nil {
		t.Error("expected a refusal of 5 bytes, got none")
	}
	check(t, []uint8{0, 255})
	check(t, []int8{-128, 127})
	check(t, []uint16{1, 65535})
	check(t, []int16{-2})
	check(t, []uint32{1 << 31})
	check(t, []int32{-1 << 31})
	check(t, []uint64{1 << 63})
	check(t, []int64{-1 << 63})
	check(t, []float32{math.MaxFloat32, 0})
	check(t, []float64{math.Pi})
}

func check[T safetensors.Number](t *testing.T, x []T) {
	t.Helper()
	got, err := safetensors.Values[T](safetensors.New("x", []int{len(x)}, x))
	if d := cmp.Diff(x, got); err != nil || d != "" {
		t.Error(err, d)
	}
}

func TestExact(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	raw := func(d safetensors.DType, b ...byte) safetensors.Tensor {
		return safetensors.Tensor{Name: "x", DType: d, Data: b}
	}
	for _, test := range []struct {
		from safetensors.Tensor
		want []float64
	}{
		{raw(safetensors.BOOL, 0, 1), []float64{0, 1}},
		{raw(safetensors.F16, 0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00, 0xff, 0x7b, 0x00, 0x7c, 0x01, 0x7e, 0xff, 0x03), []float64{1, -2, 0x1p-24, 65504, inf, nan, 1023 * 0x1p-24}},
		{raw(safetensors.BF16, 0x80, 0x3f, 0x80, 0xff, 0xc0, 0x7f), []float64{1, -inf, nan}},
		{safetensors.New("x", nil, []int8{-1}), []float64{-1}},
		{safetensors.New("x", nil, []int16{-300}), []float64{-300}},
		{safetensors.New("x", nil, []uint16{65535}), []float64{65535}},
		{safetensors.New("x", nil, []int32{-1 << 31}), []float64{-1 << 31}},
		{safetensors.New("x", nil, []uint32{1<<32 - 1}), []float64{1<<32 - 1}},
		{safetensors.New("x", nil, []int64{-1 << 63, 1<<53 - 1, 0}), []float64{-1 << 63, 1<<53 - 1, 0}},
		{safetensors.New("x", nil, []uint64{1 << 63, 3 << 60}), []float64{1 << 63, 3 << 60}},
		{safetensors.New("x", nil, []float32{0.1}), []float64{float64(float32(0.1))}},
		{safetensors.New("x", nil, []float64{0.1}), []float64{0.1}},
	} {
		got, err := safetensors.Exact[float64](test.from)
		if err != nil || len(got) != len(test.want) {
			t.Fatalf("%s: %v %v", test.from.DType, got, err)
		}
		for i, w := range test.want {
			if got[i] != w && !(math.IsNaN(got[i]) && math.IsNaN(w)) {
				t.Errorf("%s: expected %v, got %v", test.from.DType, test.want, got)
			}
		}
	}
	for _, test := range []struct {
		from safetensors.Tensor
		want string
	}{
		{safetensors.New("x", nil, []float64{0.5, 0.1}), `tensor "x": element 1: expected a number that F32 has, got 0.1`},
		{safetensors.New("x", nil, []float64{1e300}), `tensor "x": element 0: expected a number that F32 has, got 1e+300`},
		{safetensors.New("x", nil, []int64{1<<24 + 1}), `tensor "x": element 0: expected a number that F32 has, got 1.6777217e+07`},
		{safetensors.New("x", nil, []uint64{1<<53 + 1}), `tensor "x": element 0: expected a number that F32 has, got 9.007199254740992e+15`},
		{raw(safetensors.C64, make([]byte, 8)...), `tensor "x": expected a dtype that has equals among F32, got C64`},
	} {
		if got, err := safetensors.Exact[float32](test.from); err == nil || err.Error() != test.want {
			t.Errorf("expected %s, got %v, %v", test.want, got, err)
		}
	}
}
