package reference_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gradus/device"
	"gradus/device/reference"
	"gradus/graph"
	"gradus/op"
)

func batched(shape ...int) graph.Type {
	return graph.Type{DType: graph.Float32, Shape: shape, Batched: true}
}

func plain(shape ...int) graph.Type {
	return graph.Type{DType: graph.Float32, Shape: append(graph.Shape{}, shape...)}
}

func trace(t *testing.T, f func(b *graph.Builder)) *graph.Program {
	t.Helper()
	p, err := graph.Trace(nil, graph.Training, f)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func compile(t *testing.T, programs map[string]*graph.Program) (*reference.Exec, *device.State) {
	t.Helper()
	state := device.NewState(nil)
	exec, err := reference.New().Compile(state, programs)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { exec.Close() })
	return exec.(*reference.Exec), state
}

// accumulator adds every column of samples [2 2] to the state "total". Its sums
// are the samples plus one, which would show samples that do not count, and the
// number of those that do.
func accumulator(t *testing.T) *graph.Program {
	return trace(t, func(b *graph.Builder) {
		x := b.Input("x", graph.Sample, batched(2, 2))
		total := b.State("total", plain(2))
		b.Output("plus one", op.Affine(x, 1, 1), true)
		b.Output("valid", op.Affine(b.Input("valid", graph.Count, plain()), 1, 0), true)
		b.Update("total", op.Add(total, op.ChannelSum(x)))
	})
}

var five = device.Samples{"x": {Float32: []float32{1, 10, 2, 20, 3, 30, 4, 40, 5, 50}}}

func TestStepsCountsOnlySamplesThatAreThere(t *testing.T) {
	exec, _ := compile(t, map[string]*graph.Program{"p": accumulator(t)})
	got, err := steps(exec, "p", five, []int32{4, 0, 3, 1, 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := device.Report{Steps: 3, Sums: map[string]float64{"plus one": 164, "valid": 5}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	// The first sample of the last batch stands in for the second, which is not
	// there: an operation that does not look at "valid" sees it.
	if diff := cmp.Diff([]float64{16, 160}, exec.Float64("total")); diff != "" {
		t.Errorf("state (-want +got):\n%s", diff)
	}
}

func TestStepsOfNothing(t *testing.T) {
	exec, _ := compile(t, map[string]*graph.Program{"p": accumulator(t)})
	if _, err := steps(exec, "p", five, []int32{0}, nil); err != nil {
		t.Fatal(err)
	}
	got, err := steps(exec, "p", five, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := device.Report{Sums: map[string]float64{"plus one": 0, "valid": 0}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

// scale multiplies the state "w" by a setting and adds the samples' sum, so
// that the order of steps matters to the last bit.
func scale(t *testing.T) *graph.Program {
	return trace(t, func(b *graph.Builder) {
		x := b.Input("x", graph.Sample, batched(2, 2))
		w := b.State("w", plain(2))
		b.Update("w", op.Add(op.Mul(w, b.Setting("factor")), op.ChannelSum(x)))
	})
}

func TestSplitCallsEqualOne(t *testing.T) {
	order := []int32{4, 0, 3, 1, 2}
	settings := device.Settings{"factor": 0.3}
	var ends [][]float64
	for _, cut := range []int{0, 2, 4} {
		exec, _ := compile(t, map[string]*graph.Program{"p": scale(t)})
		for _, part := range [][]int32{order[:cut], order[cut:]} {
			if _, err := steps(exec, "p", five, part, settings); err != nil {
				t.Fatal(err)
			}
		}
		ends = append(ends, exec.Float64("w"))
	}
	for _, end := range ends[1:] {
		if diff := cmp.Diff(ends[0], end); diff != "" {
			t.Errorf("(-one call +two calls):\n%s", diff)
		}
	}
}

func TestStatesStayFloat64UntilSync(t *testing.T) {
	exec, state := compile(t, map[string]*graph.Program{"p": accumulator(t)})
	const small = 1.0 / (1 << 30)
	tiny := device.Samples{"x": {Float32: []float32{1, 0, small, 0, small, 0, 0, 0}}}
	run := func(order ...int32) {
		t.Helper()
		if _, err := steps(exec, "p", tiny, order, nil); err != nil {
			t.Fatal(err)
		}
	}
	run(0, 3)
	for range 3 {
		run(1, 2)
		if err := exec.Sync(); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]float64{1 + 6*small, 0}, exec.Float64("total")); diff != "" {
		t.Errorf("state (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]float32{1, 0}, state.Tensor("total").Data); diff != "" {
		t.Errorf("tensor (-want +got):\n%s", diff)
	}
	state.Tensor("total").Data[1] = 7
	if err := exec.Load(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]float64{1, 7}, exec.Float64("total")); diff != "" {
		t.Errorf("state after Load (-want +got):\n%s", diff)
	}
}

func TestStatesChangeTogether(t *testing.T) {
	swap := trace(t, func(b *graph.Builder) {
		x, y := b.State("x", plain()), b.State("y", plain())
		b.Output("x before", x, false)
		b.Update("x", y)
		b.Update("y", x)
	})
	exec, state := compile(t, map[string]*graph.Program{"swap": swap})
	state.Tensor("x").Data[0], state.Tensor("y").Data[0] = 1, 2
	if err := exec.Load(); err != nil {
		t.Fatal(err)
	}
	got, err := exec.CallFloat64("swap", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got["x before"][0] != 1 || exec.Float64("x")[0] != 2 || exec.Float64("y")[0] != 1 {
		t.Errorf("expected 1 before, then 2 and 1, got %v, %v and %v", got["x before"], exec.Float64("x"), exec.Float64("y"))
	}
}

func TestProgramsShareStates(t *testing.T) {
	read := trace(t, func(b *graph.Builder) { b.Output("total", b.State("total", plain(2)), false) })
	exec, _ := compile(t, map[string]*graph.Program{"add": accumulator(t), "read": read})
	if _, err := steps(exec, "add", five, []int32{0, 1}, nil); err != nil {
		t.Fatal(err)
	}
	got, err := exec.Call("read", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string][]float32{"total": {3, 30}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCallCount(t *testing.T) {
	exec, _ := compile(t, map[string]*graph.Program{"p": accumulator(t)})
	inputs := map[string]device.Data{"x": {Float32: []float32{1, 2, 3, 4}}}
	for _, test := range []struct {
		settings device.Settings
		want     float32
	}{{nil, 2}, {device.Settings{"valid": 1}, 1}} {
		got, err := exec.Call("p", inputs, test.settings)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string][]float32{"plus one": {2, 3, 4, 5}, "valid": {test.want}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", test.settings, diff)
		}
	}
}

func TestInputsOfEveryType(t *testing.T) {
	p := trace(t, func(b *graph.Builder) {
		bytes := graph.Type{DType: graph.Uint8, Shape: graph.Shape{2, 3}, Batched: true}
		labels := graph.Type{DType: graph.Int32, Shape: graph.Shape{2}, Batched: true}
		logits := op.Affine(b.Input("bytes", graph.Sample, bytes), 0.5, 0)
		b.Output("logits", logits, true)
		b.Output("errors", op.ErrorCount(logits, b.Input("labels", graph.Sample, labels), b.Input("valid", graph.Count, plain())), true)
	})
	exec, _ := compile(t, map[string]*graph.Program{"p": p})
	samples := device.Samples{
		"bytes":  {Uint8: []byte{0, 0, 255, 9, 1, 1, 1, 9, 1}},
		"labels": {Int32: []int32{2, 0, 0}},
	}
	got, err := steps(exec, "p", samples, []int32{0, 1, 2}, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := device.Report{Steps: 2, Sums: map[string]float64{"logits": 277. / 2, "errors": 1}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestGuard(t *testing.T) {
	exec, _ := compile(t, map[string]*graph.Program{"p": trace(t, func(b *graph.Builder) {
		x := b.Input("x", graph.Sample, batched(2, 2))
		w := b.State("w", plain(2))
		sum := op.ChannelSum(x)
		b.Output("column sums", sum, false)
		b.Output("all", op.Affine(x, 1, 0), true)
		b.Guard(op.NonFiniteCount(w, sum))
		b.Update("w", op.Add(w, sum))
	})})
	samples := device.Samples{"x": {Float32: []float32{1, 2, 3, 4, 5, float32(math.Inf(-1))}}}
	report, err := steps(exec, "p", samples, []int32{0, 1, 0, 2, 1}, nil)
	var nonFinite *device.NonFiniteError
	if !errors.As(err, &nonFinite) {
		t.Fatalf("expected a NonFiniteError, got %v", err)
	}
	want := device.NonFiniteError{Step: 1, Value: "column sums", Index: 1, Got: math.Inf(-1)}
	if diff := cmp.Diff(want, *nonFinite); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(device.Report{Steps: 1, Sums: map[string]float64{"all": 10}}, report); diff != "" {
		t.Errorf("report of the steps before (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]float64{4, 6}, exec.Float64("w")); diff != "" {
		t.Errorf("state (-want +got):\n%s", diff)
	}
	if _, err := exec.Call("p", map[string]device.Data{"x": {Float32: []float32{0, 0, 0, float32(math.NaN())}}}, nil); !errors.As(err, &nonFinite) {
		t.Errorf("call: expected a NonFiniteError, got %v", err)
	}
}

func TestRefusals(t *testing.T) {
	exec, _ := compile(t, map[string]*graph.Program{"p": scale(t)})
	good := map[string]device.Data{"x": {Float32: make([]float32, 4)}}
	set := device.Settings{"factor": 1}
	steps := func(name string, samples device.Samples, order []int32, settings device.Settings) error {
		_, err := steps(exec, name, samples, order, settings)
		return err
	}
	call := func(name string, inputs map[string]device.Data, settings device.Settings) error {
		_, err := exec.Call(name, inputs, settings)
		return err
	}
	wide := func(inputs map[string][]float64, settings map[string]float64) error {
		_, err := exec.CallFloat64("p", inputs, settings)
		return err
	}
	_, describe := exec.Describe("q")
	for _, test := range []struct {
		err  error
		want string
	}{
		{steps("q", five, nil, set), "program q: expected one of those compiled (p), got an unknown name"},
		{call("q", good, set), "program q"},
		{describe, "program q"},
		{steps("p", nil, nil, set), "input x: expected a column"},
		{steps("p", five, []int32{5}, set), "input x: expected indices 0..4, got 5"},
		{steps("p", five, nil, nil), "setting factor: expected a value"},
		{call("p", nil, set), "input x: expected float32[2* 2], got nothing"},
		{call("p", good, nil), "setting factor: expected a value"},
		{wide(nil, nil), "input x: expected float32[2* 2], got 0 elements"},
		{wide(map[string][]float64{"y": nil}, nil), "input y: expected a name the program declares"},
	} {
		if test.err == nil || !strings.HasPrefix(test.err.Error(), test.want) {
			t.Errorf("expected %q, got %v", test.want, test.err)
		}
	}
}

func TestCompileRefusals(t *testing.T) {
	p := scale(t)
	state := device.NewState([]graph.Parameter{{Name: "w", Tensor: graph.NewTensor(3)}})
	if _, err := reference.New().Compile(state, map[string]*graph.Program{"p": p}); err == nil || !strings.HasPrefix(err.Error(), "p: state w") {
		t.Errorf("expected a refusal of the state's shape, got %v", err)
	}
	p.Nodes[0].In[0] = graph.ID(len(p.Values))
	if _, err := reference.New().Compile(device.NewState(nil), map[string]*graph.Program{"p": p}); err == nil {
		t.Error("expected a refusal of an undefined value, got none")
	}
}

func TestDescribe(t *testing.T) {
	p := scale(t)
	exec, _ := compile(t, map[string]*graph.Program{"p": p})
	plan, err := exec.Describe("p")
	if err != nil {
		t.Fatal(err)
	}
	if len(plan) != len(p.Nodes) {
		t.Fatalf("expected %d operations, got %d", len(p.Nodes), len(plan))
	}
	for i, n := range plan {
		if n.Kernel != "reference" || n.Node.Out != p.Nodes[i].Out {
			t.Errorf("operation %d: expected the reference of %v, got %s of %v", i, p.Nodes[i].Out, n.Kernel, n.Node.Out)
		}
	}
}

// steps runs a program and returns what this call alone added up to.
func steps(e device.Exec, program string, samples device.Samples, order []int32, settings device.Settings) (device.Report, error) {
	var r device.Report
	err := e.Steps(program, samples, order, settings, &r)
	return r, err
}
