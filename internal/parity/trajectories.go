package parity

import (
	"slices"
	"strings"
	"testing"

	"gradus/device"
	"gradus/graph"
	"gradus/internal/fixture"
)

// Trajectories trains the networks of the fixtures for ten steps and compares
// every loss and error count, the first logits and gradients, and the last
// parameters with PyTorch's.
func Trajectories(t *testing.T, dev device.Device, p Precision) {
	names := fixture.List(t, "traj_*.safetensors")
	if len(names) != 10 {
		t.Errorf("expected 10 trajectories, got %d", len(names))
	}
	for _, name := range names {
		f := fixture.Load(t, name)
		t.Run(strings.TrimSuffix(name, ".safetensors"), func(t *testing.T) {
			run := newTrajectory(t, f)
			end := run.stepByStep(t, dev, p)
			if p == Float32 {
				run.atOnce(t, dev, end)
			}
		})
	}
}

// The bounds of the fixtures for losses and for the parameters at the end.
var (
	losses32     = fixture.Bound{Absolute: 5e-6}
	losses64     = fixture.Bound{Absolute: 1e-12}
	parameters32 = fixture.Bound{Absolute: 1e-6}
	parameters64 = fixture.Bound{Absolute: 1e-13}
)

// stepByStep runs the steps as single calls, which show everything. It returns
// the state at the end.
func (r *trajectory) stepByStep(t *testing.T, dev device.Device, p Precision) *device.State {
	t.Helper()
	exec, state := r.compile(t, dev)
	var losses, correct []float64
	for step := range r.steps {
		lo, hi := step*r.batch, (step+1)*r.batch
		pixels := len(r.images) / len(r.labels)
		got, err := p.call(exec, train, r.program, map[string][]float64{
			"images": r.images[lo*pixels : hi*pixels], "labels": r.labels[lo:hi],
		}, r.settings)
		if err != nil {
			t.Fatalf("step %d: %v", step, err)
		}
		losses = append(losses, got["loss"][0])
		correct = append(correct, float64(r.batch)-got["errors"][0])
		if step == 0 {
			r.checkFirst(t, p, got)
		}
	}
	r.check(t, "losses", p.choose(losses32, losses64), losses, "losses_f64")
	r.check(t, "correct answers", exact, correct, "correct_f64")
	for _, q := range r.parameters {
		got, err := p.state(exec, state, q.Name)
		if err != nil {
			t.Fatal(err)
		}
		r.check(t, q.Name+" at the end", p.choose(parameters32, parameters64), got, "final_f64/"+q.Name)
	}
	if err := exec.Sync(); err != nil {
		t.Fatal(err)
	}
	return state
}

// checkFirst compares what the fixtures have of the first step; some lack the
// gradients.
func (r *trajectory) checkFirst(t *testing.T, p Precision, got map[string][]float64) {
	t.Helper()
	r.check(t, "first logits", p.bound(productOut), got["logits"], "step1/logits_f64")
	for _, q := range r.parameters {
		bound := productGrad
		if strings.HasSuffix(q.Name, "alpha") {
			bound = alphaGrad
		}
		if want := "step1/grad_f64/" + q.Name; r.has(want) {
			r.check(t, "first gradient of "+q.Name, p.bound(bound), got[graph.GradientName(q.Name)], want)
		}
	}
}

func (r *trajectory) has(tensor string) bool {
	_, ok := r.file.Tensors[tensor]
	return ok
}

func (r *trajectory) check(t *testing.T, what string, bound fixture.Bound, got []float64, tensor string) {
	t.Helper()
	if err := bound.Check(got, r.file.Tensor(t, tensor).Data); err != nil {
		t.Errorf("%s: %v", what, err)
	}
}

// atOnce runs all steps in one call, as training does. The sums are those of
// the single steps, and the parameters are the same to the bit: how an order is
// cut into calls does not matter.
func (r *trajectory) atOnce(t *testing.T, dev device.Device, stepwise *device.State) {
	t.Helper()
	samples := device.Samples{
		"images": {Float32: fixture.Narrow[float32](r.images)}, "labels": {Int32: fixture.Narrow[int32](r.labels)},
	}
	settings := device.Settings{}
	for name, x := range r.settings {
		settings[name] = float32(x)
	}
	order := make([]int32, r.steps*r.batch)
	for i := range order {
		order[i] = int32(i)
	}
	exec, state := r.compile(t, dev)
	var report device.Report
	if err := exec.Steps(train, samples, order, settings, &report); err != nil {
		t.Fatal(err)
	}
	r.checkSums(t, report.Sums)
	if err := exec.Sync(); err != nil {
		t.Fatal(err)
	}
	for _, q := range state.Tensors() {
		if !slices.Equal(q.Tensor.Data, stepwise.Tensor(q.Name).Data) {
			t.Errorf("%s: expected the same bits after one call of %d steps as after %d calls, got others", q.Name, r.steps, r.steps)
		}
	}
}

func (r *trajectory) checkSums(t *testing.T, sums map[string]float64) {
	t.Helper()
	batch := float64(r.batch)
	var loss, errors float64
	for i, x := range r.file.Tensor(t, "losses_f64").Data {
		loss += batch * x
		errors += batch - r.file.Tensor(t, "correct_f64").Data[i]
	}
	total := fixture.Bound{Absolute: losses32.Absolute * batch * float64(r.steps)}
	if err := total.Check([]float64{sums["losses"]}, []float64{loss}); err != nil {
		t.Errorf("sum of the losses: %v", err)
	}
	if sums["errors"] != errors {
		t.Errorf("sum of the errors: expected %v, got %v", errors, sums["errors"])
	}
}
