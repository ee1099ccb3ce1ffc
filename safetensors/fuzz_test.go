package safetensors_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"gradus/safetensors"
)

// FuzzRead holds the reader to what it promises for any bytes: an error is one
// house line and the same each time; what it accepts has one meaning, so writing
// it and reading it again gives the same tensors.
func FuzzRead(f *testing.F) {
	tensors, metadata := small()
	f.Add(write(f, tensors, metadata))
	f.Add(content(`{}`, 0))
	f.Add(content(`{"__metadata__":{"format":"pt"}}   `, 0))
	f.Add(content(`{"b":{"dtype":"F4","shape":[2,1],"data_offsets":[1,2]},"\u00e4":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}`, 2))
	f.Add(content(`{"x":{"dtype":"F64","shape":[0,3],"data_offsets":[0,0]}}`, 0))
	f.Add(content(`{"x":{"shape":[1.5],"dtype":"f32"}}`, 3))
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := read(b)
		if again, errAgain := read(b); (err == nil) != (errAgain == nil) || err != nil && err.Error() != errAgain.Error() {
			t.Fatalf("expected the same answer twice, got %v, %v and %v, %v", file, err, again, errAgain)
		}
		if err != nil {
			checkLine(t, err)
			return
		}
		if file.HasDigest() {
			if err := file.Verify(); err != nil && !strings.Contains(err.Error(), "expected sha256") {
				t.Fatalf("expected another digest, got %v", err)
			}
		}
		var tensors []safetensors.Tensor
		total := 0
		for _, e := range file.Tensors {
			tensor, err := file.Tensor(e.Name)
			if err != nil {
				t.Fatal(err)
			}
			total += len(tensor.Data)
			if _, err := safetensors.Exact[float64](tensor); err != nil && !errors.As(err, new(*safetensors.Error)) {
				t.Fatal(err)
			}
			tensors = append(tensors, tensor)
		}
		if total > len(b) {
			t.Fatalf("expected no more data than the file has, got %d bytes", total)
		}
		var out bytes.Buffer
		if err := safetensors.Write(&out, tensors, file.Metadata); err != nil {
			t.Fatal(err)
		}
		second, err := read(out.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if err := second.Verify(); err != nil {
			t.Fatal(err)
		}
		for _, want := range tensors {
			got, err := second.Tensor(want.Name)
			if err != nil || got.DType != want.DType || !bytes.Equal(got.Data, want.Data) {
				t.Fatalf("expected %v, got %v, %v", want, got, err)
			}
		}
	})
}
