package safetensors_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gradus/safetensors"
)

// kibibyte is a good file of 1 KiB.
func kibibyte(t testing.TB) []byte {
	const others = 520 // bytes of header and of the other tensors
	tensors, metadata := small()
	last := make([]uint8, 1024-others)
	for {
		b := write(t, append(slices.Clone(tensors), safetensors.New("last", []int{len(last)}, last)), metadata)
		if len(b) == 1024 {
			return b
		}
		if len(b) > 1024 {
			last = last[:len(last)-(len(b)-1024)]
		} else {
			last = make([]uint8, len(last)+1024-len(b))
		}
	}
}

// Every single bit of a good file, flipped: the digest finds all of them. Without
// it a flip is refused, or changes values, or changes letters of a name or of
// the metadata, which only a model can tell (TestC17 of package weights).
func TestC17BitFlips(t *testing.T) {
	good := kibibyte(t)
	whole, err := read(good)
	if err != nil {
		t.Fatal(err)
	}
	if err := whole.Verify(); err != nil {
		t.Fatal(err)
	}
	dataAt := len(good) - int(whole.Tensors[len(whole.Tensors)-1].End)
	refused := 0
	for bit := range 8 * len(good) {
		b := bytes.Clone(good)
		b[bit/8] ^= 1 << (bit % 8)
		f, err := read(b)
		if err != nil {
			refused++
			checkLine(t, err)
			if bit/8 >= dataAt {
				t.Errorf("bit %d: expected a file with other values, got %v", bit, err)
			}
			continue
		}
		if err := f.Verify(); err == nil {
			t.Errorf("bit %d: expected a wrong digest, got a right one", bit)
		} else {
			checkLine(t, err)
		}
		for i, e := range f.Tensors {
			want := whole.Tensors[i]
			if e.DType != want.DType || !slices.Equal(e.Shape, want.Shape) && want.End > want.Begin || e.Begin != want.Begin || e.End != want.End || len(e.Name) != len(want.Name) && want.Name != e.Name {
				t.Errorf("bit %d: expected %v, got %v", bit, want, e)
			}
		}
	}
	t.Logf("%d flips: %d refused by the format, all others by the digest", 8*len(good), refused)
}

func TestC17VerifyLines(t *testing.T) {
	good := kibibyte(t)
	good[1023] ^= 1
	f, err := read(good)
	if err != nil {
		t.Fatal(err)
	}
	line := f.Verify().Error()
	if !strings.HasPrefix(line, "w.safetensors: expected sha256 "+f.Metadata[safetensors.DigestKey]+", got ") {
		t.Errorf("got %s", line)
	}
	f, err = read(content("{}", 0))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Verify(); err == nil || err.Error() != "w.safetensors: expected a digest gradus.sha256 in the metadata, got none" {
		t.Errorf("got %v", err)
	}
	checkRefused(t, content(`{"__metadata__":{"gradus.sha256":"00"}}`, 0), `offset 41: header: __metadata__.gradus.sha256: expected 64 hexadecimal digits, got "00"`)
	escaped := `\u0030` + strings.Repeat("0", 63)
	checkRefused(t, content(`{"__metadata__":{"gradus.sha256":"`+escaped+`"}}`, 0),
		`offset 41: header: __metadata__.gradus.sha256: expected 64 hexadecimal digits, got "`+strings.Repeat("0", 60)+`"...`)
}

func TestC18Truncations(t *testing.T) {
	good := kibibyte(t)
	for n := range good {
		if f, err := read(good[:n]); err == nil {
			t.Errorf("%d bytes: expected a refusal, got %v", n, f.Tensors)
		} else {
			checkLine(t, err)
		}
	}
}

func TestC14NonFiniteValuesLoad(t *testing.T) {
	f, err := read(one(`{"dtype":"F32","shape":[3],"data_offsets":[0,12]}`, 0))
	if f != nil || err == nil {
		t.Fatalf("expected a refusal without data, got %v", err)
	}
	file := append(one(`{"dtype":"F32","shape":[3],"data_offsets":[0,12]}`, 0), 0, 0, 0xc0, 0x7f, 0, 0, 0x80, 0xff, 0, 0, 0x80, 0x3f)
	if f, err = read(file); err != nil {
		t.Fatal(err)
	}
	tensor, err := f.Tensor("test")
	if err != nil {
		t.Fatal(err)
	}
	x, err := safetensors.Values[float32](tensor)
	if err != nil || fmt.Sprint(x) != "[NaN -Inf 1]" {
		t.Errorf("expected [NaN -Inf 1], got %v, %v", x, err)
	}
}

func TestC15ManyEmptyTensors(t *testing.T) {
	tensors := make([]safetensors.Tensor, 20_000)
	for i := range tensors {
		tensors[i] = safetensors.New(fmt.Sprintf("t%06d", i), []int{0}, []uint8{})
	}
	b := write(t, tensors, nil)
	start := time.Now()
	f, err := read(b)
	if took := time.Since(start); err != nil || len(f.Tensors) != len(tensors) || took > time.Second {
		t.Errorf("expected 20000 tensors within a second, got an answer after %v: %v", took, err)
	}
	if last := f.Tensors[19_999].Name; last != "t019999" {
		t.Errorf("expected the order of the file, got %s last", last)
	}
}

func TestC16SaveOverAnOpenFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.safetensors")
	save := func(x float32) {
		if err := safetensors.WriteFile(path, []safetensors.Tensor{safetensors.New("x", []int{1 << 16}, slices.Repeat([]float32{x}, 1<<16))}, nil); err != nil {
			t.Fatal(err)
		}
	}
	last := func(f *safetensors.File) float32 {
		tensor, err := f.Tensor("x")
		if err != nil {
			t.Fatal(err)
		}
		x, err := safetensors.Values[float32](tensor)
		if err != nil {
			t.Fatal(err)
		}
		return x[len(x)-1]
	}
	save(1)
	old, err := safetensors.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	save(2)
	if err := old.Verify(); err != nil || last(old) != 1 {
		t.Errorf("expected the old reader to keep 1, got %v, %v", last(old), err)
	}
	renewed, err := safetensors.ReadFile(path)
	if err != nil || last(renewed) != 2 {
		t.Errorf("expected a whole new file with 2, got %v", err)
	}
}
