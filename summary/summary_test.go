package summary_test

import (
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gradus/graph"
	"gradus/nn"
	"gradus/op"
	"gradus/optim"
	"gradus/random"
	"gradus/summary"
	"gradus/zoo"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// plain is the program of the plain network on a batch of images.
func plain(t *testing.T, depth, batch int) *graph.Program {
	t.Helper()
	m := zoo.Plain(random.New(1, "summary"), depth, 3, nn.ReLU)
	p, err := graph.Trace(m, graph.Evaluation, func(b *graph.Builder) {
		x := b.Input("images", graph.Sample, graph.Type{DType: graph.Float32, Shape: graph.Shape{batch, 1, 28, 28}, Batched: true})
		b.Output("logits", x.Through(m), false)
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// trained is the same network with a loss, its gradients and updates.
func trained(t *testing.T, depth, batch int) *graph.Program {
	t.Helper()
	p, err := graph.Edit(plain(t, depth, batch), func(b *graph.Builder) {
		logits, _ := b.Program().Output("logits")
		b.Output("loss", op.TotalSum(b.Value(logits.Value)), true)
	})
	if err == nil {
		p, err = graph.Differentiate(p, "loss")
	}
	if err == nil {
		p, err = optim.Append(p, optim.SGD{})
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The multiply-adds per sample were counted by hand for these networks: of the
// layers, of the gradients of their inputs (none for the images), and of those
// of their weights.
func TestMultiplyAdds(t *testing.T) {
	for _, test := range []struct{ depth, layers, data, weights, elements int }{
		{1, 46_404, 39_680, 46_404, 7_434},
		{3, 195_012, 188_288, 195_012, 13_538},
	} {
		for _, batch := range []int{1, 16} {
			s := summary.Of(plain(t, test.depth, batch))
			if s.Batch != batch || s.Forward.Effective != test.layers || s.Backward != (summary.Count{}) {
				t.Errorf("depth %d, batch %d: expected %d multiply-adds, got %+v", test.depth, batch, test.layers, s)
			}
			s = summary.Of(trained(t, test.depth, batch))
			if s.Forward.Effective != test.layers || s.Backward.Effective != test.data+test.weights {
				t.Errorf("depth %d, batch %d: expected %d and %d multiply-adds, got %d and %d",
					test.depth, batch, test.layers, test.data+test.weights, s.Forward.Effective, s.Backward.Effective)
			}
			if s.Elements != test.elements {
				t.Errorf("depth %d: expected %d elements, got %d", test.depth, test.elements, s.Elements)
			}
		}
	}
}

// Every number of the total stands in exactly one layer.
func TestLayersAddUp(t *testing.T) {
	s := summary.Of(trained(t, 3, 2))
	var elements, dense, effective int
	for _, l := range s.Layers {
		elements += l.Elements
		dense += l.Count.Dense
		effective += l.Count.Effective
		if l.Count.Effective > l.Count.Dense {
			t.Errorf("%s: expected at most %d multiply-adds without padding, got %d", l.Path, l.Count.Dense, l.Count.Effective)
		}
	}
	if elements != s.Elements || dense != s.Forward.Dense || effective != s.Forward.Effective {
		t.Errorf("expected %d elements and %+v, got %d and %d, %d", s.Elements, s.Forward, elements, dense, effective)
	}
	if len(s.Parameters) != 22 {
		t.Errorf("expected 22 parameters and no velocities, got %v", s.Parameters)
	}
}

// twice applies one layer two times.
type twice struct{ Layer *nn.Linear }

func (m twice) Forward(x *graph.Value) *graph.Value { return x.Through(m.Layer).Through(m.Layer) }

// A shared parameter counts once, its multiplications every time.
func TestSharedLayer(t *testing.T) {
	m := twice{nn.NewLinear(random.New(1, "summary"), 5, 5, nn.LinearOptions{})}
	p, err := graph.Trace(m, graph.Evaluation, func(b *graph.Builder) {
		x := b.Input("x", graph.Sample, graph.Type{DType: graph.Float32, Shape: graph.Shape{3, 5}, Batched: true})
		b.Output("y", x.Through(m), false)
	})
	if err != nil {
		t.Fatal(err)
	}
	if s := summary.Of(p); s.Elements != 30 || s.Forward != (summary.Count{Dense: 50, Effective: 50}) {
		t.Errorf("expected 30 elements and 50 multiply-adds, got %+v", s)
	}
}

func TestText(t *testing.T) {
	for name, p := range map[string]*graph.Program{"plain_d1.txt": plain(t, 1, 1), "trained_d1.txt": trained(t, 1, 16)} {
		var b strings.Builder
		if err := summary.Of(p).WriteText(&b); err != nil {
			t.Fatal(err)
		}
		golden(t, name, b.String())
	}
}

func TestJSON(t *testing.T) {
	text, err := json.MarshalIndent(summary.Of(plain(t, 1, 1)), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "plain_d1.json", string(text)+"\n")
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := "testdata/" + name
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s: -want +got\n%s", name, d)
	}
}
