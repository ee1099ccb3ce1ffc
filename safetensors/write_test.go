package safetensors_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gradus/safetensors"
)

func TestWriteThenRead(t *testing.T) {
	tensors, metadata := small()
	b := write(t, tensors, metadata)
	if again := write(t, tensors, metadata); !bytes.Equal(b, again) {
		t.Error("expected the same bytes twice, got others")
	}
	f, err := read(b)
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]safetensors.Tensor{}
	for _, tensor := range tensors {
		byName[tensor.Name] = tensor
	}
	var order []string
	for _, e := range f.Tensors {
		order = append(order, e.Name)
		got, err := f.Tensor(e.Name)
		want := byName[e.Name]
		if err != nil || got.DType != want.DType || !bytes.Equal(got.Data, want.Data) || len(got.Shape) != len(want.Shape) {
			t.Errorf("expected %v, got %v, %v", want, got, err)
		}
		if at := len(b) - int(f.Tensors[len(f.Tensors)-1].End) + int(e.Begin); at%(e.DType.Bits()/8) != 0 {
			t.Errorf("%s: expected aligned numbers, got them at byte %d", e.Name, at)
		}
	}
	// Larger elements first, otherwise the given order.
	if d := cmp.Diff([]string{"step", "conv.bias", "conv.weight", "none", "flags"}, order); d != "" {
		t.Error(d)
	}
	metadata[safetensors.DigestKey] = f.Metadata[safetensors.DigestKey]
	if d := cmp.Diff(metadata, f.Metadata); d != "" {
		t.Error(d)
	}
	// A digest that comes with the metadata of another file is replaced.
	if again := write(t, tensors, metadata); !bytes.Equal(b, again) {
		t.Error("expected the same bytes from the metadata read, got others")
	}
}

func TestWrittenBytes(t *testing.T) {
	b := write(t, []safetensors.Tensor{safetensors.New("a/\"b\"\n", []int{1, 2}, []uint16{1, 515})}, map[string]string{"format": "pt"})
	header := `{"__metadata__":{"format":"pt","gradus.sha256":"` + strings.Repeat("0", 64) + `"},"a/\"b\"\u000a":{"dtype":"U16","shape":[1,2],"data_offsets":[0,4]}}`
	header += strings.Repeat(" ", -len(header)&7)
	blank := append(content(header, 0), 1, 0, 3, 2)
	sum := sha256.Sum256(blank)
	want := bytes.Replace(blank, []byte(strings.Repeat("0", 64)), []byte(hex.EncodeToString(sum[:])), 1)
	if !bytes.Equal(b, want) || (len(b)-4)%8 != 0 {
		t.Errorf("expected\n%q\ngot\n%q", want, b)
	}
}

func TestWriteRefuses(t *testing.T) {
	good := safetensors.New("x", []int{2}, []float32{1, 2})
	for _, test := range []struct {
		tensors  []safetensors.Tensor
		metadata map[string]string
		want     string
	}{
		{[]safetensors.Tensor{good, good}, nil, `header: duplicate key "x"`},
		{[]safetensors.Tensor{safetensors.New("x", []int{3}, []float32{1, 2})}, nil, `tensor "x": expected the bytes of F32 [3], got 8`},
		{[]safetensors.Tensor{safetensors.New("x", []int{-1, -2}, []float32{1, 2})}, nil, `tensor "x": expected dimensions of at least 0, got [-1 -2]`},
		{[]safetensors.Tensor{safetensors.New("x", make([]int, 65), []float32{})}, nil, `tensor "x": expected at most 64 dimensions, got 65`},
		{[]safetensors.Tensor{safetensors.New("__metadata__", []int{1}, []float32{1})}, nil, `tensor "__metadata__": expected another name, got that of the metadata`},
		{[]safetensors.Tensor{{Name: "x", DType: "F33"}}, nil, `tensor "x": expected a dtype among ` + allTypes + `, got "F33"`},
		{[]safetensors.Tensor{safetensors.New("\xff", []int{1}, []float32{1})}, nil, `header: expected UTF-8, got the byte 0xff`},
		{nil, map[string]string{"a": "\xff"}, `header: expected UTF-8, got the byte 0xff`},
	} {
		var b bytes.Buffer
		err := safetensors.Write(&b, test.tensors, test.metadata)
		if err == nil || err.Error() != test.want || b.Len() > 0 {
			t.Errorf("expected %s and no bytes, got %v and %d", test.want, err, b.Len())
		}
	}
}

func TestWriteFileKeepsTheOldOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.safetensors")
	good := []safetensors.Tensor{safetensors.New("x", []int{2}, []float32{1, 2})}
	if err := safetensors.WriteFile(path, good, nil); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	err = safetensors.WriteFile(path, append(good, good...), nil)
	if err == nil || err.Error() != path+`: header: duplicate key "x"` {
		t.Errorf("expected a refusal with the path, got %v", err)
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("expected the old bytes, got others, %v", err)
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("expected one file, got %v, %v", left, err)
	}
}
