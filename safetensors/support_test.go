package safetensors_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"regexp"
	"strings"
	"testing"

	"gradus/safetensors"
)

// content is a file with a header and so many bytes of data.
func content(header string, data int) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	b = append(b, header...)
	for i := range data {
		b = append(b, byte(i))
	}
	return b
}

// one is the file of a single tensor whose entry is given.
func one(entry string, data int) []byte { return content(`{"test":`+entry+`}`, data) }

func read(b []byte) (*safetensors.File, error) {
	return safetensors.Read(bytes.NewReader(b), int64(len(b)), "w.safetensors")
}

// refusal is a file and the line it is refused with, without the path.
type refusal struct {
	id, name string
	file     []byte
	want     string
}

func checkRefusals(t *testing.T, refusals []refusal) {
	for _, test := range refusals {
		t.Run(test.id+"/"+test.name, func(t *testing.T) { checkRefused(t, test.file, test.want) })
	}
}

func checkRefused(t *testing.T, file []byte, want string) {
	t.Helper()
	f, err := read(file)
	if f != nil || err == nil || err.Error() != "w.safetensors: "+want {
		t.Errorf("expected w.safetensors: %s\ngot %v", want, err)
	}
	checkLine(t, err)
}

var quoted = regexp.MustCompile(`"(\\.|[^"\\])*"`)

// checkLine holds an error to the house's rules: one line, no words of Go.
func checkLine(t *testing.T, err error) {
	t.Helper()
	e, ok := errors.AsType[*safetensors.Error](err)
	if !ok {
		t.Fatalf("expected an error of the package, got %v", err)
	}
	line := e.Error()
	own := quoted.ReplaceAllString(line, "") // names may hold anything
	if strings.ContainsAny(line, "\n\r") || strings.Contains(own, "%!") || strings.Contains(own, "strictjson") ||
		!strings.Contains(line, "expected ") && !strings.Contains(line, "duplicate key") || len(line) > 2000 {
		t.Errorf("expected one line with what was expected, got %q", line)
	}
}

// small are tensors of several types and a table of strings.
func small() ([]safetensors.Tensor, map[string]string) {
	return []safetensors.Tensor{
		safetensors.New("conv.bias", []int{2}, []float32{0.5, -1}),
		safetensors.New("flags", []int{3}, []uint8{1, 0, 1}),
		safetensors.New("step", nil, []int64{-7}),
		safetensors.New("conv.weight", []int{2, 3}, []float32{1, 2, 3, 4, 5, float32(math.Inf(1))}),
		safetensors.New("none", []int{0, 4}, []float32{}),
	}, map[string]string{"epoch": "3", "a": "line\n\"é\""}
}

func write(t testing.TB, tensors []safetensors.Tensor, metadata map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := safetensors.Write(&b, tensors, metadata); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
