package weights_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gradus/graph"
	"gradus/internal/fixture"
	"gradus/nn"
	"gradus/random"
	"gradus/safetensors"
	"gradus/weights"
	"gradus/zoo"
)

func parameters(t testing.TB, seed uint64) []graph.Parameter {
	t.Helper()
	p, err := nn.Parameters(zoo.Plain(random.New(seed, "init"), 1, 3, nn.ReLU))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// flat are all numbers of the parameters, as bits.
func flat(parameters []graph.Parameter) []uint32 {
	var bits []uint32
	for _, p := range parameters {
		for _, v := range p.Tensor.Data {
			bits = append(bits, math.Float32bits(v))
		}
	}
	return bits
}

func TestSaveThenLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.safetensors")
	saved, loaded := parameters(t, 1), parameters(t, 2)
	saved[0].Tensor.Data[7] = float32(math.Copysign(0, -1))
	if err := weights.Save(path, saved, map[string]string{"net": "plain"}); err != nil {
		t.Fatal(err)
	}
	if err := weights.Load(path, loaded); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(flat(saved), flat(loaded)) {
		t.Error("expected the same bits, got others")
	}
	f, err := safetensors.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	delete(f.Metadata, safetensors.DigestKey)
	if d := cmp.Diff(map[string]string{"format": "pt", "net": "plain"}, f.Metadata); d != "" {
		t.Error(d)
	}
}

// A file that PyTorch's numbers are in loads, and what is saved has PyTorch's
// names and order.
func TestPyTorchNamesAndOrder(t *testing.T) {
	b := fixture.Read(t, "traj_plain_d1_k3_lr0.07_m0.safetensors")
	f, err := safetensors.Read(bytes.NewReader(b), int64(len(b)), "traj")
	if err != nil {
		t.Fatal(err)
	}
	p := parameters(t, 1)
	if err := weights.Assign(f.Sub("init/"), p); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "w.safetensors")
	if err := weights.Save(path, p, nil); err != nil {
		t.Fatal(err)
	}
	saved, err := safetensors.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var order, want []string
	if err := json.Unmarshal([]byte(f.Metadata["param_order"]), &want); err != nil {
		t.Fatal(err)
	}
	for _, e := range saved.Tensors {
		order = append(order, e.Name)
		got, err := saved.Tensor(e.Name)
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := f.Tensor("init/" + e.Name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Data, theirs.Data) || !slices.Equal(got.Shape, theirs.Shape) || got.DType != theirs.DType {
			t.Errorf("%s: expected PyTorch's bytes, got others", e.Name)
		}
	}
	if d := cmp.Diff(want, order); d != "" {
		t.Error(d)
	}
}

func TestC13WrongModel(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.safetensors")
	model := func() []graph.Parameter {
		return []graph.Parameter{{Name: "a", Tensor: graph.NewTensor(2, 3)}, {Name: "b", Tensor: graph.NewTensor(2)}, {Name: "c", Tensor: graph.NewTensor()}}
	}
	for _, test := range []struct {
		name    string
		tensors []safetensors.Tensor
		want    string
	}{
		{"missing", []safetensors.Tensor{f32("a", 2, 3), f32("c")}, `got 1 difference: "b": expected F32 [2], got none`},
		{"extra", []safetensors.Tensor{f32("a", 2, 3), f32("d", 1), f32("b", 2), f32("c")}, `got 1 difference: "d": expected no such tensor, got F32 [1]`},
		{"renamed", []safetensors.Tensor{f32("a", 2, 3), f32("module.b", 2), f32("c")}, `got 1 difference: "b": expected F32 [2], got the name "module.b"`},
		{"transposed", []safetensors.Tensor{f32("a", 3, 2), f32("b", 2), f32("c")}, `got 1 difference: "a": expected F32 [2 3], got F32 [3 2] (transposed?)`},
		{"float64", []safetensors.Tensor{f32("a", 2, 3), safetensors.New("b", []int{2}, make([]float64, 2)), f32("c")},
			`got 1 difference: "b": expected F32 [2], got F64 [2] (convert it to float32)`},
		{"several", []safetensors.Tensor{f32("x", 7), f32("b", 1, 2), f32("y\n", 8)},
			`got 5 differences: "a": expected F32 [2 3], got none; "b": expected F32 [2], got F32 [1 2]; "c": expected F32 [], got none; ` +
				`"x": expected no such tensor, got F32 [7]; "y\n": expected no such tensor, got F32 [8]`},
		{"a scalar is no vector", []safetensors.Tensor{f32("a", 2, 3), f32("b", 2), f32("c", 1)}, `got 1 difference: "c": expected F32 [], got F32 [1]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			for i := range test.tensors {
				test.tensors[i].Data = slices.Repeat([]byte{1}, len(test.tensors[i].Data))
			}
			if err := safetensors.WriteFile(path, test.tensors, nil); err != nil {
				t.Fatal(err)
			}
			p := model()
			err := weights.Load(path, p)
			if want := path + ": expected the model's tensors, " + test.want; err == nil || err.Error() != want {
				t.Errorf("expected %s\ngot %v", want, err)
			}
			if slices.ContainsFunc(flat(p), func(b uint32) bool { return b != 0 }) {
				t.Error("expected a model that is untouched, got numbers of the file")
			}
		})
	}

	many := make([]safetensors.Tensor, 12)
	for i := range many {
		many[i] = f32(fmt.Sprint("x", i), 9)
	}
	if err := safetensors.WriteFile(path, many, nil); err != nil {
		t.Fatal(err)
	}
	err := weights.Load(path, model())
	mismatch, ok := errors.AsType[*weights.MismatchError](err)
	if !ok || len(mismatch.Differences) != 15 || strings.Count(err.Error(), ";") != 10 || !strings.HasSuffix(err.Error(), `"x6": expected no such tensor, got F32 [9]; and 5 more`) {
		t.Errorf("expected ten of 15 differences, got %v", err)
	}
}

func f32(name string, shape ...int) safetensors.Tensor {
	return safetensors.New(name, shape, graph.NewTensor(shape...).Data)
}

func TestC14NonFiniteWeights(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.safetensors")
	p := parameters(t, 1)
	if err := weights.CheckFinite(p); err != nil {
		t.Fatal(err)
	}
	p[2].Tensor.Data[17] = float32(math.NaN())
	p[3].Tensor.Data[0] = float32(math.Inf(-1))
	if err := weights.Save(path, p, nil); err != nil {
		t.Fatal(err)
	}
	loaded := parameters(t, 2)
	if err := weights.Load(path, loaded); err != nil {
		t.Fatal(err)
	}
	var list []string
	for n := range weights.NonFinites(loaded) {
		list = append(list, n.String())
	}
	if d := cmp.Diff([]string{"g.g.f.g.weight[17] = NaN", "g.g.f.g.bias[0] = -Inf"}, list); d != "" {
		t.Error(d)
	}
	if err := weights.CheckFinite(loaded); err == nil || err.Error() != "expected finite weights, got g.g.f.g.weight[17] = NaN" {
		t.Errorf("got %v", err)
	}
}

// A flipped bit in a file without a digest is refused by the format or by the
// model, or changes numbers and nothing else.
func TestC17BitFlips(t *testing.T) {
	p := []graph.Parameter{{Name: "f.weight", Tensor: graph.NewTensor(10, 20)}, {Name: "f.bias", Tensor: graph.NewTensor(10)}}
	good := plainFile(p)
	path := filepath.Join(t.TempDir(), "w.safetensors")
	dataAt := len(good) - 4*210
	for bit := range 8 * len(good) {
		b := bytes.Clone(good)
		b[bit/8] ^= 1 << (bit % 8)
		f, err := safetensors.Read(bytes.NewReader(b), int64(len(b)), path)
		if err == nil {
			err = weights.Assign(f, p)
		}
		switch {
		case err == nil && bit/8 < dataAt:
			t.Errorf("bit %d of the header: expected a refusal, got none", bit)
		case err != nil && bit/8 >= dataAt:
			t.Errorf("bit %d of the data: %v", bit, err)
		case err == nil && !bytes.HasSuffix(b, plainFile(p)[dataAt:]):
			t.Errorf("bit %d: expected the bytes of the file, got others", bit)
		}
	}
	t.Logf("%d flips of a file of %d bytes", 8*len(good), len(good))

	// With a digest every flip is refused when the file is loaded.
	if err := weights.Save(path, p, nil); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := len(whole) - 4*210; at < len(whole); at += 7 {
		b := bytes.Clone(whole)
		b[at] ^= 1 << (at % 8)
		if err := os.WriteFile(path, b, 0o666); err != nil {
			t.Fatal(err)
		}
		before := flat(p)
		if err := weights.Load(path, p); err == nil || !strings.Contains(err.Error(), "expected sha256") || !slices.Equal(before, flat(p)) {
			t.Errorf("byte %d: expected a wrong digest and the model untouched, got %v", at, err)
		}
	}
}

// plainFile is a file as others write it: no metadata, no padding.
func plainFile(parameters []graph.Parameter) []byte {
	entries := map[string]any{}
	var data []byte
	for _, t := range weights.Tensors(parameters) {
		entries[t.Name] = map[string]any{"dtype": t.DType, "shape": t.Shape, "data_offsets": []int{len(data), len(data) + len(t.Data)}}
		data = append(data, t.Data...)
	}
	header, err := json.Marshal(entries)
	if err != nil {
		panic(err)
	}
	length := []byte{byte(len(header)), byte(len(header) >> 8), 0, 0, 0, 0, 0, 0}
	return slices.Concat(length, header, data)
}

func Example() {
	dir, err := os.MkdirTemp("", "weights")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "plain.safetensors")

	trained, err := nn.Parameters(nn.NewLinear(random.New(1, "init"), 3, 2, nn.LinearOptions{}))
	if err != nil {
		panic(err)
	}
	fmt.Println(weights.Save(path, trained, nil))

	fresh, err := nn.Parameters(nn.NewLinear(random.New(2, "init"), 3, 2, nn.LinearOptions{}))
	if err != nil {
		panic(err)
	}
	fmt.Println(weights.Load(path, fresh), slices.Equal(trained[0].Tensor.Data, fresh[0].Tensor.Data))

	wider, err := nn.Parameters(nn.NewLinear(random.New(2, "init"), 4, 2, nn.LinearOptions{}))
	if err != nil {
		panic(err)
	}
	mismatch, _ := errors.AsType[*weights.MismatchError](weights.Load(path, wider))
	fmt.Println(mismatch.Differences)
	// Output:
	// <nil>
	// <nil> true
	// ["weight": expected F32 [2 4], got F32 [2 3]]
}
