package zoo_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gradus/graph"
	"gradus/internal/fixture"
	"gradus/nn"
	"gradus/random"
	"gradus/zoo"
)

func trace(m nn.Module, image ...int) (*graph.Program, error) {
	return graph.Trace(m, graph.Evaluation, func(b *graph.Builder) {
		shape := append([]int{2}, image...)
		x := b.Input("images", graph.Sample, graph.Type{DType: graph.Float32, Shape: shape, Batched: true})
		b.Output("logits", x.Through(m), false)
	})
}

// table is what PyTorch says of the networks.
type table struct {
	Runs map[string]struct {
		OK      bool
		Params  int
		Tensors int
	}
	Names map[string][]parameter `json:"named_parameters_k3"`
}

type parameter struct {
	name  string
	shape graph.Shape
}

func (p *parameter) UnmarshalJSON(text []byte) error {
	return json.Unmarshal(text, &[]any{&p.name, &p.shape})
}

// Every combination PyTorch can build has its number of tensors and
// parameters; every one it cannot is refused for its kernel.
func TestNetworksMatchPyTorchs(t *testing.T) {
	expected := fixture.JSON[table](t, fixture.Read(t, "model_table.json"))
	for name, run := range expected.Runs {
		o := zoo.DefaultOptions()
		fields := strings.NewReplacer("/d", " ", "/k", " ").Replace(name)
		if _, err := fmt.Sscan(fields, &o.Net, &o.Depth, &o.Kernel); err != nil {
			t.Fatal(err)
		}

		t.Run(name, func(t *testing.T) {
			m, err := zoo.New(random.New(1, "zoo"), o)
			if !run.OK {
				if err == nil || !strings.HasPrefix(err.Error(), "kernel: expected an odd size") {
					t.Errorf("expected a refusal of the kernel, got %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			p, err := trace(m, 1, 28, 28)
			if err != nil {
				t.Fatal(err)
			}
			total := 0
			for _, s := range p.States {
				total += p.Values[s.In].Size()
			}
			if len(p.States) != run.Tensors || total != run.Params {
				t.Errorf("expected %d tensors with %d elements, got %d with %d", run.Tensors, run.Params, len(p.States), total)
			}
			if out := p.Values[p.Outputs[0].Value]; !out.Shape.Equal(graph.Shape{2, 10}) {
				t.Errorf("expected logits [2 10], got %v", out)
			}
			names, ok := expected.Names[fmt.Sprintf("%s/d%d", o.Net, o.Depth)]
			for i, want := range names {
				if !ok || o.Kernel != 3 {
					break
				}
				s := p.States[i]
				if shape := p.Values[s.In].Shape; s.Name != want.name || !shape.Equal(want.shape) {
					t.Errorf("parameter %d: expected %s %v, got %s %v", i, want.name, want.shape, s.Name, shape)
				}
			}
		})
	}
}

// The linear layer follows from the size of the images, whatever it is. Blocks
// need a few pixels more than convolutions.
func TestOtherImages(t *testing.T) {
	for _, net := range zoo.Networks() {
		small := 0
		for _, image := range [][3]int{{3, 32, 32}, {1, 9, 17}, {2, 1, 1}, {1, 64, 8}, {1, 21, 13}} {
			for _, kernel := range []int{1, 3, 5, 7} {
				if kernel > min(image[1], image[2])+2 {
					continue
				}
				o := zoo.DefaultOptions()
				o.Net, o.Image, o.Classes, o.Depth, o.Kernel = net, image, 7, 2, kernel
				m, err := zoo.New(random.New(1, "zoo"), o)
				if err != nil && net != "plain" && strings.HasPrefix(err.Error(), "image: expected at least 2x2 pixels") {
					small++
					continue
				}
				if err != nil {
					t.Errorf("%v: %v", o, err)
					continue
				}
				p, err := trace(m, image[:]...)
				if err != nil {
					t.Errorf("%v: %v", o, err)
					continue
				}
				if out := p.Values[p.Outputs[0].Value]; !out.Shape.Equal(graph.Shape{2, 7}) {
					t.Errorf("%v: expected logits [2 7], got %v", o, out)
				}
			}
		}
		if net != "plain" && small != 7 {
			t.Errorf("%s: expected 7 images to be too small for its blocks, got %d", net, small)
		}
	}
}

// Networks made with New and by their function are the same to the last bit.
func TestFunctionsMakeNewsNetworks(t *testing.T) {
	alpha := zoo.AlphaOptions{Alpha: -2, AlphaPerChannel: true}
	stream := func() *random.Stream { return random.New(5, "zoo") }
	for net, m := range map[string]nn.Module{
		"plain":    zoo.Plain(stream(), 3, 3, nn.ReLU),
		"residual": zoo.Residual(stream(), 3, 3, nn.ReLU),
		"gated":    zoo.Gated(stream(), 3, 3, nn.ReLU),
		"convex":   zoo.Convex(stream(), 3, 3, nn.ReLU, alpha),
	} {
		o := zoo.DefaultOptions()
		o.Net, o.Depth = net, 3
		if net == "convex" {
			o.AlphaOptions = alpha
		}
		made, err := zoo.New(stream(), o)
		if err != nil {
			t.Fatal(err)
		}
		a, b := parameters(t, made), parameters(t, m)
		if len(a) != len(b) {
			t.Fatalf("%s: expected %d parameters, got %d", net, len(a), len(b))
		}
		for i := range a {
			if a[i].Name != b[i].Name || !slices.Equal(a[i].Tensor.Data, b[i].Tensor.Data) {
				t.Errorf("%s: parameter %d: expected %s with the same values, got %s", net, i, a[i].Name, b[i].Name)
			}
		}
		// They are drawn in the order of the walk.
		r := stream()
		linear := nn.NewLinear(r, 128, 10, nn.LinearOptions{})
		last := nn.NewConv2d(r, 16, 32, 3, nn.Conv2dOptions{})
		conv := 2 + slices.IndexFunc(a[2:], func(p graph.Parameter) bool { return strings.HasSuffix(p.Name, "weight") })
		if !slices.Equal(a[0].Tensor.Data, linear.Weight.Data) || !slices.Equal(a[conv].Tensor.Data, last.Weight.Data) {
			t.Errorf("%s: expected the parameters to be drawn in the order of their walk, got another", net)
		}
	}
}

func parameters(t *testing.T, m nn.Module) []graph.Parameter {
	t.Helper()
	list, err := nn.Parameters(m)
	if err != nil {
		t.Fatal(err)
	}
	return list
}
