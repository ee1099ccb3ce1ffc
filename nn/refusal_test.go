package nn_test

import (
	"math"
	"regexp"
	"testing"

	"gradus/nn"
	"gradus/random"
)

// What cannot work is an error when the model is traced: it names the layer,
// the operation and the line.
func TestF11F12Refusals(t *testing.T) {
	r := random.New(1, "refusals")
	conv := func(in, out, kernel int, o nn.Conv2dOptions) nn.Module {
		return nn.Compose(nn.ReLU, nn.NewConv2d(r, in, out, kernel, o))
	}
	nested := conv(3, 4, 3, nn.Conv2dOptions{})
	for range 100 {
		nested = nn.Compose(nn.ReLU, nested)
	}
	linear := func(in, out int) nn.Module {
		return nn.Compose(nn.NewLinear(r, in, out, nn.LinearOptions{}), nn.Flatten{})
	}
	for _, test := range []struct {
		name   string
		module nn.Module
		want   string
	}{
		{"no inputs", conv(0, 4, 3, nn.Conv2dOptions{}),
			`layer g: conv2d \(nn/compose_test.go:\d+\): expected a weight \[out in kernel kernel\] with sizes of at least 1, got \[4 0 3 3\]`},
		{"negative kernel", conv(1, 4, -3, nn.Conv2dOptions{}),
			`layer g: conv2d \(nn/compose_test.go:\d+\): expected a weight \[out in kernel kernel\] with sizes of at least 1, got \[4 1 -3 -3\]`},
		{"too large", conv(math.MaxInt, 4, 3, nn.Conv2dOptions{}),
			`layer g: conv2d \(nn/compose_test.go:\d+\): expected a weight \[out in kernel kernel\] of at most 2147483648 numbers, got \[4 9223372036854775807 3 3\]`},
		{"negative stride", conv(1, 4, 3, nn.Conv2dOptions{Stride: -1}),
			`layer g: conv2d \(nn/compose_test.go:\d+\): expected stride >= 1, got -1`},
		{"negative padding", conv(1, 4, 3, nn.Conv2dOptions{Padding: -1}),
			`layer g: conv2d \(nn/compose_test.go:\d+\): expected padding >= 0, got -1`},
		{"other channels", conv(3, 4, 3, nn.Conv2dOptions{}),
			`layer g: conv2d \(nn/compose_test.go:\d+\): expected 3 input channels .*, got 1 .*; make this layer.s input channels .*`},
		{"deep inside", nested,
			`layer g(\.g)+: conv2d \(nn/compose_test.go:\d+\): expected 3 input channels .*`},
		{"too large a kernel", conv(1, 4, 9, nn.Conv2dOptions{}),
			`layer g: conv2d \(nn/compose_test.go:\d+\): expected an image of at least 9x9 .*`},
		{"no features", linear(16, 0),
			`layer f: linear \(nn/compose_test.go:\d+\): expected a weight \[out in\] with sizes of at least 1, got \[0 16\]`},
		{"other features", linear(17, 10),
			`layer f: linear \(nn/compose_test.go:\d+\): expected 17 .*, got 16.*`},
		{"no stream", nn.NewLinear(nil, 4, 4, nn.LinearOptions{}),
			`linear \(nn/compose_test.go:\d+\): expected a random stream for the initial weights, got nil; random.New makes one`},
		{"unknown activation", nn.Compose(nn.Activation("gelu"), nn.NewConv2d(r, 1, 4, 3, nn.Conv2dOptions{})),
			`layer f: activation \(nn/compose_test.go:\d+\): expected one of relu, sigmoid, tanh, got "gelu"`},
		{"nothing to compose", nn.Compose(nil, nn.NewConv2d(r, 1, 4, 3, nn.Conv2dOptions{})),
			`nn/compose_test.go:\d+: expected a module to apply, got nil; check the field for nil first`},
		{"no parameters", nn.Compose(nn.ReLU, nn.Flatten{}),
			`expected a model with parameters, got none in its exported fields; .*`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := trace(test.module, 2, 1, 4, 4)
			if err == nil {
				t.Fatal("expected an error, got none")
			}
			if !regexp.MustCompile("^" + test.want + "$").MatchString(err.Error()) {
				t.Errorf("expected %s, got %s", test.want, err)
			}
		})
	}
}

func TestActivationNames(t *testing.T) {
	for _, a := range nn.Activations() {
		if err := a.Check(); err != nil {
			t.Errorf("%s: expected to be known, got %v", a, err)
		}
	}
	want := `activation: expected one of relu, sigmoid, tanh, got ""`
	if err := nn.Activation("").Check(); err == nil || err.Error() != want {
		t.Errorf("expected %s, got %v", want, err)
	}
}
