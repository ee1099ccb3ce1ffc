package parity

import (
	"slices"
	"strconv"
	"testing"

	"gradus/device"
	"gradus/graph"
	"gradus/internal/fixture"
	"gradus/nn"
	"gradus/op"
	"gradus/optim"
)

// trajectory is a training run of the fixtures.
type trajectory struct {
	file       *fixture.File
	depth      int
	kernel     int
	steps      int
	batch      int
	settings   map[string]float64
	parameters []graph.Parameter
	program    *graph.Program
	images     []float64 // all steps, in order
	labels     []float64
}

func newTrajectory(t *testing.T, f *fixture.File) *trajectory {
	r := &trajectory{
		file:  f,
		depth: integer(t, f, "depth"), kernel: integer(t, f, "kernel_dim"),
		steps: integer(t, f, "steps"), batch: integer(t, f, "batch"),
		settings: map[string]float64{optim.LearningRate: decimal(t, f, "lr"), "momentum": decimal(t, f, "momentum")},
	}
	m, err := model(f.Metadata["kind"], r.depth, r.kernel)
	if err != nil {
		t.Fatal(err)
	}
	if r.parameters, err = nn.Parameters(m); err != nil {
		t.Fatal(err)
	}
	for _, q := range r.parameters {
		copy(q.Tensor.Data, fixture.Narrow[float32](f.Tensor(t, "init/"+q.Name).Data))
	}
	if r.program, err = r.trainingProgram(m); err != nil {
		t.Fatal(err)
	}
	digits := fixture.Load(t, "mnist160.safetensors")
	r.labels = digits.Tensor(t, "labels").Data
	normalise, ok := map[string]func(u float64) float64{
		"x/255":                 func(u float64) float64 { return u / 255 },
		"(x/255-0.1307)/0.3081": func(u float64) float64 { return (u/255 - float64(float32(0.1307))) / float64(float32(0.3081)) },
	}[f.Metadata["input"]]
	if !ok {
		t.Fatalf("expected a known input, got %s", f.Metadata["input"])
	}
	for _, u := range digits.Tensor(t, "images").Data {
		r.images = append(r.images, normalise(u))
	}
	return r
}

func integer(t *testing.T, f *fixture.File, key string) int {
	t.Helper()
	n, err := strconv.Atoi(f.Metadata[key])
	if err != nil {
		t.Fatalf("%s: %v", key, err)
	}
	return n
}

func decimal(t *testing.T, f *fixture.File, key string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(f.Metadata[key], 64)
	if err != nil {
		t.Fatalf("%s: %v", key, err)
	}
	return x
}

// trainingProgram is a step of gradient descent on the mean cross entropy.
func (r *trajectory) trainingProgram(m nn.Module) (*graph.Program, error) {
	p, err := graph.Trace(m, graph.Training, func(b *graph.Builder) {
		images := graph.Type{DType: graph.Float32, Shape: graph.Shape{r.batch, 1, 28, 28}, Batched: true}
		classes := graph.Type{DType: graph.Int32, Shape: graph.Shape{r.batch}, Batched: true}
		valid := b.Input("valid", graph.Count, graph.Type{DType: graph.Float32, Shape: graph.Shape{}})
		logits := b.Input("images", graph.Sample, images).Through(m)
		answers := b.Input("labels", graph.Sample, classes)
		losses := op.CrossEntropyLosses(logits, answers)
		b.Output("logits", logits, false)
		b.Output("losses", losses, true)
		b.Output("errors", op.ErrorCount(logits, answers, valid), true)
		b.Output("loss", op.BatchMean(losses, valid), false)
	})
	if err != nil {
		return nil, err
	}
	if p, err = graph.Differentiate(p, "loss"); err != nil {
		return nil, err
	}
	return optim.Append(p, optim.SGD{Momentum: r.settings["momentum"]})
}

// state copies the parameters, so that each run starts from the same.
func (r *trajectory) state() *device.State {
	var copies []graph.Parameter
	for _, q := range r.parameters {
		copies = append(copies, graph.Parameter{
			Name: q.Name, Tensor: &graph.Tensor{Shape: q.Tensor.Shape, Data: slices.Clone(q.Tensor.Data)},
		})
	}
	return device.NewState(copies)
}

const train = "train"

func (r *trajectory) compile(t *testing.T, dev device.Device) (device.Exec, *device.State) {
	t.Helper()
	state := r.state()
	exec, err := dev.Compile(state, map[string]*graph.Program{train: r.program})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { exec.Close() })
	return exec, state
}
