package nn_test

import (
	"math"
	"testing"

	"gradus/graph"
	"gradus/internal/fixture"
	"gradus/nn"
	"gradus/random"
)

// moments are statistics of draws from U(-bound, bound) that init.json gives
// for PyTorch.
type moments struct {
	N        int
	Min, Max float64
	Mean     float64
	Std      float64
	Kurtosis float64
}

func momentsOf(x []float64) moments {
	m := moments{N: len(x), Min: math.Inf(1), Max: math.Inf(-1)}
	for _, v := range x {
		m.Min, m.Max = min(m.Min, v), max(m.Max, v)
		m.Mean += v / float64(len(x))
	}
	var second, fourth float64
	for _, v := range x {
		d := (v - m.Mean) * (v - m.Mean)
		second += d / float64(len(x))
		fourth += d * d / float64(len(x))
	}
	m.Std, m.Kurtosis = math.Sqrt(second), fourth/(second*second)
	return m
}

// The layers' initial values are distributed as PyTorch's, over as many fresh
// modules as were measured there.
func TestInitialisationIsPyTorchs(t *testing.T) {
	type table struct {
		Stats map[string]struct {
			Bound        float64
			Weight, Bias moments
		}
	}
	file := fixture.JSON[table](t, fixture.Read(t, "init.json"))
	conv := func(in, out, kernel int) func(*random.Stream) (w, b *graph.Tensor) {
		return func(r *random.Stream) (w, b *graph.Tensor) {
			c := nn.NewConv2d(r, in, out, kernel, nn.Conv2dOptions{})
			return c.Weight, c.Bias
		}
	}
	layers := map[string]func(*random.Stream) (w, b *graph.Tensor){
		"conv_1_4_k3":   conv(1, 4, 3),
		"conv_4_8_k3":   conv(4, 8, 3),
		"conv_16_32_k3": conv(16, 32, 3),
		"conv_4_8_k1":   conv(4, 8, 1),
		"linear_128_10": func(r *random.Stream) (w, b *graph.Tensor) {
			l := nn.NewLinear(r, 128, 10, nn.LinearOptions{})
			return l.Weight, l.Bias
		},
	}
	if len(layers) != len(file.Stats) {
		t.Fatalf("expected %d layers in the file, got %d", len(layers), len(file.Stats))
	}
	const modules = 400
	for name, stats := range file.Stats {
		t.Run(name, func(t *testing.T) {
			r := random.New(1, "initialisation")
			var weights, biases []float64
			for range modules {
				w, b := layers[name](r)
				for _, v := range w.Data {
					weights = append(weights, float64(v))
				}
				for _, v := range b.Data {
					biases = append(biases, float64(v))
				}
			}
			compare(t, "weight", momentsOf(weights), stats.Weight, stats.Bound)
			compare(t, "bias", momentsOf(biases), stats.Bias, stats.Bound)
		})
	}
}

// compare allows the moments five standard errors. Those of a uniform
// distribution with standard deviation s are s/sqrt(n) for the mean and, as its
// kurtosis is 9/5, s*sqrt(1/5/n) for the standard deviation.
func compare(t *testing.T, what string, got, torch moments, bound float64) {
	t.Helper()
	if got.N != torch.N {
		t.Fatalf("%s: expected %d draws, got %d", what, torch.N, got.N)
	}
	if got.Min < -bound || got.Max > bound {
		t.Errorf("%s: expected values in +-%v, got %v to %v", what, bound, got.Min, got.Max)
	}
	if got.Min > -0.99*bound || got.Max < 0.99*bound {
		t.Errorf("%s: expected values beyond 99%% of +-%v, got %v to %v", what, bound, got.Min, got.Max)
	}
	std := bound / math.Sqrt(3)
	mean := std / math.Sqrt(float64(got.N))
	if math.Abs(got.Mean) > 5*mean {
		t.Errorf("%s: expected a mean of 0 +- %v, got %v", what, 5*mean, got.Mean)
	}
	if math.Abs(got.Mean-torch.Mean) > 5*math.Sqrt2*mean {
		t.Errorf("%s: expected a mean near PyTorch's %v, got %v", what, torch.Mean, got.Mean)
	}
	spread := std * math.Sqrt(0.2/float64(got.N))
	if math.Abs(got.Std-std) > 5*spread {
		t.Errorf("%s: expected a standard deviation of %v +- %v, got %v", what, std, 5*spread, got.Std)
	}
	if math.Abs(got.Std-torch.Std) > 5*math.Sqrt2*spread {
		t.Errorf("%s: expected a standard deviation near PyTorch's %v, got %v", what, torch.Std, got.Std)
	}
}

// The documented order of draws: the weight before the bias.
func TestWeightIsDrawnBeforeBias(t *testing.T) {
	r := random.New(1, "order")
	want := make([]float32, 6)
	for i := range want {
		want[i] = float32(r.Uniform(-0.5, 0.5))
	}
	l := nn.NewLinear(random.New(1, "order"), 4, 1, nn.LinearOptions{})
	got := append(append([]float32{}, l.Weight.Data...), l.Bias.Data...)
	for i, v := range got {
		if v != want[i] {
			t.Errorf("draw %d: expected %v, got %v", i, want[i], v)
		}
	}
}

func TestNoBias(t *testing.T) {
	r := random.New(1, "bias")
	for name, m := range map[string]nn.Module{
		"conv2d": nn.NewConv2d(r, 1, 2, 3, nn.Conv2dOptions{NoBias: true}),
		"linear": nn.NewLinear(r, 3, 2, nn.LinearOptions{NoBias: true}),
	} {
		params, err := nn.Parameters(m)
		if err != nil || len(params) != 1 || params[0].Name != "weight" {
			t.Errorf("%s: expected the parameter weight alone, got %v, %v", name, params, err)
		}
	}
}
