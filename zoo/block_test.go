package zoo_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gradus/device"
	"gradus/device/reference"
	"gradus/graph"
	"gradus/nn"
	"gradus/random"
	"gradus/zoo"
)

// A weight per channel is PyTorch's weight of a block where all are the same,
// and its gradients add up to that of the one.
func TestAlphaPerChannel(t *testing.T) {
	for _, downsample := range []bool{false, true} {
		block := func(o zoo.AlphaOptions) nn.Module {
			return zoo.NewConvexBlock(random.New(1, "block"), 4, 6, 3, nn.Tanh, downsample, o)
		}
		if !downsample {
			block = func(o zoo.AlphaOptions) nn.Module {
				return zoo.NewConvexBlock(random.New(1, "block"), 4, 4, 3, nn.Tanh, false, o)
			}
		}
		one := differentiated(t, block(zoo.AlphaOptions{Alpha: -0.75}))
		each := differentiated(t, block(zoo.AlphaOptions{Alpha: -0.75, AlphaPerChannel: true}))
		if !slices.Equal(one["y"], each["y"]) {
			t.Error("expected the same result of one weight as of equal weights per channel, got another")
		}
		sum := float32(0)
		for _, g := range each["gradient alpha"] {
			if g == 0 {
				t.Error("expected each channel's weight to have a gradient, got 0")
			}
			sum += g
		}
		if want := one["gradient alpha"][0]; math.Abs(float64(sum-want)) > 1e-5*math.Abs(float64(want)) {
			t.Errorf("expected gradients that add up to %v, got %v", want, sum)
		}
	}
}

// differentiated applies a block to images and sums the squares of the result:
// y is the result, and the others are gradients by the parameters' names.
func differentiated(t *testing.T, m nn.Module) map[string][]float32 {
	t.Helper()
	image := graph.Type{DType: graph.Float32, Shape: graph.Shape{3, 4, 7, 7}, Batched: true}
	p, err := graph.Trace(m, graph.Training, func(b *graph.Builder) {
		y := b.Input("images", graph.Sample, image).Through(m)
		b.Output("y", y, false)
		var wrt []*graph.Value
		states := b.Program().States
		for _, s := range states {
			wrt = append(wrt, b.Value(s.In))
		}
		for i, g := range b.Gradients(y, y, wrt...) {
			b.Output("gradient "+states[i].Name, g, false)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	exec, err := reference.New().Compile(device.NewState(parameters(t, m)), map[string]*graph.Program{"block": p})
	if err != nil {
		t.Fatal(err)
	}
	defer exec.Close()
	r := random.New(2, "images")
	images := make([]float32, image.Size())
	for i := range images {
		images[i] = float32(r.Uniform(-1, 1))
	}
	out, err := exec.Call("block", map[string]device.Data{"images": {Float32: images}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Where alpha is far from 0, a block is its convolution or its shortcut.
func TestAlphaChoosesTheBranch(t *testing.T) {
	at := func(alpha float64) []float32 {
		return differentiated(t, zoo.NewConvexBlock(random.New(1, "block"), 4, 4, 3, nn.ReLU, false, zoo.AlphaOptions{Alpha: alpha}))["y"]
	}
	conv := differentiated(t, nn.Compose(nn.ReLU, nn.NewConv2d(random.New(1, "block"), 4, 4, 3, nn.Conv2dOptions{Padding: 1})))["y"]
	if !slices.Equal(at(100), conv) {
		t.Error("alpha 100: expected the convolution, got another result")
	}
	r := random.New(2, "images")
	for i, y := range at(-100) {
		if want := max(0, float32(r.Uniform(-1, 1))); math.Abs(float64(y-want)) > 1e-6 {
			t.Fatalf("alpha -100: expected the input, %v at %d, got %v", want, i, y)
		}
	}
}

// Every block of a network has an alpha, in front of its convolution.
func TestAlphas(t *testing.T) {
	o := zoo.DefaultOptions()
	o.Net, o.Depth, o.AlphaOptions = "convex", 3, zoo.AlphaOptions{Alpha: -2, AlphaPerChannel: true}
	m, err := zoo.New(random.New(1, "zoo"), o)
	if err != nil {
		t.Fatal(err)
	}
	count, list := 0, parameters(t, m)
	for i, p := range list {
		if !strings.HasSuffix(p.Name, "alpha") {
			continue
		}
		count++
		conv := list[i+1]
		if conv.Name != strings.TrimSuffix(p.Name, "alpha")+"conv.weight" || !p.Tensor.Shape.Equal(conv.Tensor.Shape[:1]) {
			t.Errorf("expected a number for each channel of the convolution after it, got %s %v before %s %v", p.Name, p.Tensor.Shape, conv.Name, conv.Tensor.Shape)
		}
		for _, a := range p.Tensor.Data {
			if a != -2 {
				t.Errorf("%s: expected -2, got %v", p.Name, a)
			}
		}
	}
	if count != 9 {
		t.Errorf("expected 9 blocks, got %d", count)
	}
}
