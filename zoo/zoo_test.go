package zoo_test

import (
	"encoding/json"
	"math"
	"regexp"
	"strings"
	"testing"

	"gradus/nn"
	"gradus/random"
	"gradus/zoo"
)

const evenKernel = "with padding k/2 an even kernel changes the image size, so the flattened features are not the 128 the linear layer expects"

func TestNewRefuses(t *testing.T) {
	for _, test := range []struct {
		change func(*zoo.Options)
		want   string
	}{
		{func(o *zoo.Options) { o.Net = "plan" }, `net: expected one of plain, residual, gated, convex, got "plan"`},
		{func(o *zoo.Options) { o.Net = "" }, `net: expected one of plain, residual, gated, convex, got ""`},
		{func(o *zoo.Options) { o.Activation = "gelu" }, `activation: expected one of relu, sigmoid, tanh, got "gelu"`},
		{func(o *zoo.Options) { o.Depth = 0 }, "depth: expected 1 to 1000, got 0"},
		{func(o *zoo.Options) { o.Depth = 1001 }, "depth: expected 1 to 1000, got 1001"},
		{func(o *zoo.Options) { o.Kernel = 0 }, "kernel: expected an odd size of at least 1, got 0"},
		{func(o *zoo.Options) { o.Kernel = 4 }, "kernel: expected an odd size, got 4: " + evenKernel + "; use 3 or 5"},
		{func(o *zoo.Options) { o.Kernel = 2 }, "kernel: expected an odd size, got 2: " + evenKernel + "; use 1 or 3"},
		{func(o *zoo.Options) { o.Kernel = 31 }, "kernel: expected at most 29 for images of 28x28, got 31"},
		{func(o *zoo.Options) { o.Image = [3]int{1, 28, 0} }, "image: expected channels, height and width of 1 to 32768, got [1 28 0]"},
		{func(o *zoo.Options) { o.Image = [3]int{1, 1 << 40, 1 << 40} }, "image: expected channels, height and width of 1 to 32768, got [1 1099511627776 1099511627776]"},
		{func(o *zoo.Options) { o.Depth, o.Kernel = 1000, 29 },
			"net: expected at most 268435456 weights, 3 GiB in training, got about 282862260, 3.2 GiB; use a smaller depth or kernel"},
		{func(o *zoo.Options) { o.Net, o.Kernel = "residual", 4 }, "kernel: expected an odd size, got 4: " + evenKernel + "; use 3 or 5"},
		{func(o *zoo.Options) { o.Net, o.Kernel = "gated", 27 },
			"image: expected at least 2x2 pixels where blocks halve an image, got 1x1 at stack 2, from images of 28x28 and kernel 27; use a smaller kernel, larger images or the net plain"},
		{func(o *zoo.Options) { o.Alpha = -2 }, "alpha: expected the net convex, got plain; no other network has an alpha"},
		{func(o *zoo.Options) { o.Net, o.AlphaPerChannel = "residual", true },
			"alpha-per-channel: expected the net convex, got residual; no other network has an alpha"},
		{func(o *zoo.Options) { o.Net, o.Alpha = "convex", 101 },
			"alpha: expected -100 to 100, got 101; sigmoid(alpha) is the weight of a block's convolution"},
		{func(o *zoo.Options) { o.Net, o.Alpha = "convex", math.NaN() },
			"alpha: expected -100 to 100, got NaN; sigmoid(alpha) is the weight of a block's convolution"},
		{func(o *zoo.Options) { o.Classes = 1 }, "classes: expected at least 2, got 1"},
	} {
		o := zoo.DefaultOptions()
		test.change(&o)
		if _, err := zoo.New(random.New(1, "zoo"), o); err == nil || err.Error() != test.want {
			t.Errorf("%+v: expected the error\n%s, got\n%v", o, test.want, err)
		}
	}
}

// Networks made without New refuse the same options when they are traced, and
// images they were not made for.
func TestForwardRefuses(t *testing.T) {
	r := random.New(1, "zoo")
	for _, test := range []struct {
		name   string
		module nn.Module
		image  []int
		want   string
	}{
		{"even kernel", zoo.Plain(r, 1, 4, nn.ReLU), []int{1, 28, 28},
			"kernel (LINE): expected an odd size, got 4: " + evenKernel + "; use 3 or 5"},
		{"no depth", zoo.Plain(r, 0, 3, nn.ReLU), []int{1, 28, 28},
			"depth (LINE): expected 1 to 1000, got 0"},
		{"negative kernel", zoo.Plain(r, 1, -3, nn.ReLU), []int{1, 28, 28},
			"kernel (LINE): expected an odd size of at least 1, got -3"},
		{"other images", zoo.Plain(r, 1, 3, nn.ReLU), []int{3, 32, 32},
			"plain (LINE): expected images [N 1 28 28], got [2 3 32 32]; the network was made for images of that size"},
		{"no activation", zoo.Plain(r, 1, 3, nil), []int{1, 28, 28},
			"layer g.g.g.g.g (LINE): expected a module to apply, got nil; check the field for nil first"},
		{"no blocks", nn.Compose(zoo.Blocks(0, 1, 4, nil), nn.NewConv2d(r, 1, 1, 3, nn.Conv2dOptions{})), []int{1, 28, 28},
			"blocks (LINE): expected a depth of at least 1, got 0"},
		{"no channels", zoo.NewConvexBlock(r, 1, -1, 3, nn.ReLU, false, zoo.AlphaOptions{AlphaPerChannel: true}), []int{1, 28, 28},
			"layer conv: conv2d (LINE): expected a weight [out in kernel kernel] with sizes of at least 1, got [-1 1 3 3]"},
		{"no alpha", zoo.Convex(r, 1, 3, nn.ReLU, zoo.AlphaOptions{Alpha: math.Inf(1)}), []int{1, 28, 28},
			"alpha (LINE): expected -100 to 100, got +Inf; sigmoid(alpha) is the weight of a block's convolution"},
		{"no stack", nn.Compose(zoo.Stack(r, 0, 1, 4, 3, nn.ReLU), nn.NewConv2d(r, 1, 1, 3, nn.Conv2dOptions{})), []int{1, 28, 28},
			"stack (LINE): expected a depth of at least 1, got 0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := trace(test.module, test.image...)
			if err == nil {
				t.Fatal("expected an error, got none")
			}
			if got := line.ReplaceAllString(err.Error(), "(LINE)"); got != test.want {
				t.Errorf("expected\n%s, got\n%s", test.want, got)
			}
		})
	}
}

var line = regexp.MustCompile(`\([a-z/_]+\.go:\d+\)`)

func TestOptionsRoundTrip(t *testing.T) {
	want := zoo.DefaultOptions()
	want.Net, want.AlphaOptions = "convex", zoo.AlphaOptions{Alpha: -2, AlphaPerChannel: true}
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got zoo.Options
	if err := json.Unmarshal(text, &got); err != nil || got != want {
		t.Errorf("expected %+v, got %+v, %v", want, got, err)
	}
}

// What is counted before a network is made is what it has, but for biases and
// what joins its blocks.
func TestWeights(t *testing.T) {
	for _, depth := range []int{1, 3} {
		o := zoo.DefaultOptions()
		o.Depth = depth
		model, err := zoo.New(random.New(1, "init"), o)
		if err != nil {
			t.Fatal(err)
		}
		parameters, err := nn.Parameters(model)
		if err != nil {
			t.Fatal(err)
		}
		want := 0
		for _, p := range parameters {
			if strings.HasSuffix(p.Name, "weight") {
				want += len(p.Tensor.Data)
			}
		}
		if got := o.Weights(); math.Abs(float64(got-want)) > 0.02*float64(want) {
			t.Errorf("depth %d: expected about %d, got %d", depth, want, got)
		}
	}
}
