package diagnose

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gradus/data"
	"gradus/device"
	"gradus/device/cpu"
	"gradus/graph"
	"gradus/nn"
	"gradus/op"
	"gradus/train"
)

// Layer is a place of a network where relu is applied.
type Layer struct {
	Path string `json:"layer"` // as in the summary
	// Units is the number of channels of images, of features of rows: of what
	// has weights of its own. Dead are those that are 0 for every sample, at
	// every place of the image. No gradient reaches the weights before them.
	Units int `json:"units"`
	Dead  int `json:"dead"`
}

// Share is the share of dead units, 0 to 1.
func (l Layer) Share() float64 { return float64(l.Dead) / float64(max(l.Units, 1)) }

// DeadOptions are the options of DeadUnits.
type DeadOptions struct {
	Samples int           // to look at, spread evenly over the set; 0 means 2048
	Device  device.Device // nil means the CPU with all its cores
}

const (
	deadSamples = 2048
	probeBatch  = 128
	probe       = "probe"
)

// DeadUnits applies a model as it is to samples of a set and counts the dead
// units of each layer, in the order of the forward pass. A model without relu
// has no layers. An empty set has no samples to be active for and is an error.
func DeadUnits(model nn.Module, set *data.Set, o DeadOptions) ([]Layer, error) {
	if o.Device == nil {
		o.Device = cpu.New(cpu.Options{})
	}
	if o.Samples == 0 {
		o.Samples = deadSamples
	}
	if set.Len() == 0 || o.Samples < 0 {
		return nil, fmt.Errorf("%s: expected samples to look at, got %d of %d", set.Name, o.Samples, set.Len())
	}
	p, err := train.ApplyProgram(model, train.InputOf(set), probeBatch)
	if err != nil {
		return nil, err
	}
	p, layers, err := watchReLUs(p)
	if err != nil || len(layers) == 0 {
		return nil, err
	}
	parameters, err := nn.Parameters(model)
	if err != nil {
		return nil, err
	}
	exec, err := o.Device.Compile(device.NewState(parameters), map[string]*graph.Program{probe: p})
	if err != nil {
		return nil, err
	}
	defer exec.Close()
	return count(exec, layers, p.Inputs[0].Name, batches(set, min(o.Samples, set.Len())))
}

// watchReLUs adds an output for each relu of a program: the sums of its units,
// which are 0 only where all their values are, as none is below.
func watchReLUs(p *graph.Program) (*graph.Program, []Layer, error) {
	var layers []Layer
	q, err := graph.Edit(p, func(b *graph.Builder) {
		for _, n := range p.Nodes {
			y := p.Values[n.Out]
			if _, ok := n.Op.(op.ReLUOp); !ok || !y.Batched || len(y.Shape) < 2 {
				continue
			}
			b.Output(sumOf(len(layers)), op.ChannelSum(b.Value(n.Out)), false)
			layers = append(layers, Layer{Path: n.Path, Units: y.Shape[1]})
		}
	})
	return q, layers, err
}

// sumOf is the name of the output for layer i.
func sumOf(i int) string { return fmt.Sprintf("relu %d", i) }

// batches are n samples spread evenly over a set, as bytes of whole batches: the
// first sample fills up the last one, which makes no unit less dead.
func batches(set *data.Set, n int) [][]byte {
	indices := make([]int32, (n+probeBatch-1)/probeBatch*probeBatch)
	for i := range n {
		indices[i] = int32(i * set.Len() / n)
	}
	return slices.Collect(slices.Chunk(set.Subset(indices).Images, probeBatch*set.ImageSize()))
}

// count runs the probe and counts the units that were 0 in all batches.
func count(exec device.Exec, layers []Layer, input string, batches [][]byte) ([]Layer, error) {
	alive := make([][]bool, len(layers))
	for i, l := range layers {
		alive[i] = make([]bool, l.Units)
	}
	for _, images := range batches {
		sums, err := exec.Call(probe, map[string]device.Data{input: {Uint8: images}}, nil)
		if err != nil {
			return nil, err
		}
		for i, units := range alive {
			for u, sum := range sums[sumOf(i)] {
				units[u] = units[u] || sum != 0
			}
		}
	}
	for i, units := range alive {
		for _, ok := range units {
			if !ok {
				layers[i].Dead++
			}
		}
	}
	return layers, nil
}

// Where a layer is warned of, and how many a warning names.
const (
	manyDead  = 0.5
	mostNamed = 3
)

// Dead returns a warning of the layers at least half of whose units are dead, or
// none: the worst first. A few dead units are common and cost little.
func Dead(layers []Layer) []Warning {
	var many []Layer
	for _, l := range layers {
		if l.Units > 0 && l.Share() >= manyDead {
			many = append(many, l)
		}
	}
	if len(many) == 0 {
		return nil
	}
	slices.SortStableFunc(many, func(a, b Layer) int { return cmp.Compare(b.Share(), a.Share()) })
	var named []string
	for _, l := range many[:min(len(many), mostNamed)] {
		named = append(named, fmt.Sprintf("%d of %d in layer %s", l.Dead, l.Units, l.Path))
	}
	if more := len(many) - len(named); more > 0 {
		named = append(named, fmt.Sprintf("half or more in %d others", more))
	}
	return []Warning{{
		Kind:    UnitsDead,
		Message: "dead units, 0 for every sample: " + strings.Join(named, ", "),
		Hint:    "their weights get no gradient; try a smaller learning rate from the start, the activation tanh, or blocks with shortcuts",
	}}
}
