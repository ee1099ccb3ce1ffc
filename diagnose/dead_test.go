package diagnose_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gradus/data"
	"gradus/data/mnist"
	"gradus/device"
	"gradus/device/cpu"
	"gradus/device/reference"
	"gradus/diagnose"
	"gradus/nn"
	"gradus/random"
	"gradus/train"
	"gradus/zoo"
)

func digits(t *testing.T, n int) *data.Set {
	t.Helper()
	set, err := mnist.Test()
	if err != nil {
		t.Fatal(err)
	}
	return set.Slice(0, n)
}

// Units are killed by biases far below zero, one after the other.
func TestDeadUnits(t *testing.T) {
	r := random.New(1, "dead")
	first, second, hidden := nn.NewConv2d(r, 1, 4, 3, nn.Conv2dOptions{Stride: 2}), nn.NewConv2d(r, 4, 6, 3, nn.Conv2dOptions{Stride: 2}), nn.NewLinear(r, 6*6*6, 5, nn.LinearOptions{})
	model := &nn.Sequential{
		first, nn.ReLU, second, nn.Tanh, nn.Flatten{}, hidden, nn.ReLU, nn.NewLinear(r, 5, 10, nn.LinearOptions{}),
	}
	for i := range hidden.Bias.Data {
		hidden.Bias.Data[i] = 100 // alive, whatever the images
	}
	set := digits(t, 200)
	layers := []diagnose.Layer{{Path: "1", Units: 4}, {Path: "6", Units: 5}}
	expect := func(what string) {
		t.Helper()
		for _, dev := range []device.Device{nil, cpu.New(cpu.Options{Threads: 1}), reference.New()} {
			got, err := diagnose.DeadUnits(model, set, diagnose.DeadOptions{Device: dev, Samples: 150})
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(layers, got); d != "" {
				t.Errorf("%s (-want +got):\n%s", what, d)
			}
		}
	}
	for i := range first.Bias.Data {
		first.Bias.Data[i] = 100
	}
	expect("all alive")
	first.Bias.Data[2], layers[0].Dead = -1000, 1
	expect("a channel is dead")
	hidden.Bias.Data[0], hidden.Bias.Data[3], layers[1].Dead = -1e6, -1e6, 2
	expect("two features are dead")
	if got, want := layers[1].Share(), 0.4; got != want {
		t.Errorf("expected a share of %v, got %v", want, got)
	}
}

// A unit that answers to a single sample of many is alive, as long as it is
// among those looked at.
func TestOneSampleKeepsAUnitAlive(t *testing.T) {
	r := random.New(1, "dead")
	hidden := nn.NewLinear(r, 4, 1, nn.LinearOptions{})
	copy(hidden.Weight.Data, []float32{1, 1, 1, 1})
	hidden.Bias.Data[0] = -3
	model := &nn.Sequential{nn.Flatten{}, hidden, nn.ReLU, nn.NewLinear(r, 1, 2, nn.LinearOptions{})}
	for _, n := range []int{1, 127, 128, 129, 300} {
		for _, at := range []int{0, n / 2, n - 1} {
			set := &data.Set{Name: "bits", Images: make([]byte, 4*n), Shape: [3]int{1, 2, 2}, Labels: make([]int32, n), Classes: 2, Std: 1}
			for _, want := range []int{1, 0} {
				got, err := diagnose.DeadUnits(model, set, diagnose.DeadOptions{})
				if err != nil {
					t.Fatal(err)
				}
				if len(got) != 1 || got[0].Dead != want {
					t.Errorf("sample %d of %d: expected %d dead unit, got %+v", at, n, want, got)
				}
				for i := range 4 {
					set.Images[4*at+i] = 255
				}
			}
		}
	}
}

// Looking changes nothing.
func TestDeadUnitsLeaveTheModelAlone(t *testing.T) {
	o := zoo.DefaultOptions()
	o.Net = "gated"
	model, err := zoo.New(random.New(1, "init"), o)
	if err != nil {
		t.Fatal(err)
	}
	parameters, err := nn.Parameters(model)
	if err != nil {
		t.Fatal(err)
	}
	before := train.Fingerprint(parameters)
	layers := layersOf(t, model, digits(t, 40))
	if len(layers) != 1 || layers[0].Path != "g.g.g.g.g.f" || layers[0].Units != 4 {
		t.Errorf("expected the one relu of the gated network, got %+v", layers)
	}
	if after := train.Fingerprint(parameters); after != before {
		t.Error("expected the same weights afterwards, got others")
	}
}

func TestDeadUnitsWithoutReLU(t *testing.T) {
	o := zoo.DefaultOptions()
	o.Activation = nn.Tanh
	model, err := zoo.New(random.New(1, "init"), o)
	if err != nil {
		t.Fatal(err)
	}
	if layers := layersOf(t, model, digits(t, 3)); len(layers) != 0 {
		t.Errorf("expected no layers, got %+v", layers)
	}
}

func TestDeadUnitsRefuses(t *testing.T) {
	model := zoo.Plain(random.New(1, "init"), 1, 3, nn.ReLU)
	for _, test := range []struct {
		set     *data.Set
		samples int
		want    string
	}{
		{digits(t, 0), 0, "expected samples to look at, got 2048 of 0"},
		{digits(t, 5), -1, "expected samples to look at, got -1 of 5"},
		{labelled(2, 0, 1), 0, "expected images [N 1 28 28], got [128 1 1 1]"},
	} {
		_, err := diagnose.DeadUnits(model, test.set, diagnose.DeadOptions{Samples: test.samples})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("expected an error with %q, got %v", test.want, err)
		}
	}
}

func TestDead(t *testing.T) {
	layer := func(path string, units, dead int) diagnose.Layer {
		return diagnose.Layer{Path: path, Units: units, Dead: dead}
	}
	for _, test := range []struct {
		layers []diagnose.Layer
		want   string // message
	}{
		{nil, ""},
		{[]diagnose.Layer{layer("a", 8, 0), layer("b", 8, 3), layer("c", 0, 0)}, ""},
		{[]diagnose.Layer{layer("a", 8, 4), layer("b", 8, 3)}, "dead units, 0 for every sample: 4 of 8 in layer a"},
		{[]diagnose.Layer{layer("a", 8, 4), layer("b", 8, 8), layer("c", 8, 6), layer("d", 16, 8), layer("e", 4, 4)},
			"dead units, 0 for every sample: 8 of 8 in layer b, 4 of 4 in layer e, 6 of 8 in layer c, half or more in 2 others"},
	} {
		before := slices.Clone(test.layers)
		var got string
		if list := diagnose.Dead(test.layers); len(list) > 0 {
			got = list[0].Message
		}
		if got != test.want {
			t.Errorf("%v: expected %q, got %q", test.layers, test.want, got)
		}
		if !slices.Equal(before, test.layers) {
			t.Errorf("expected the layers as they were, %v, got %v", before, test.layers)
		}
	}
}
