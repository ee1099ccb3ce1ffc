package parity

import (
	"gradus/device"
	"gradus/graph"
	"gradus/internal/fixture"
)

// computation is a function of arrays, to be run on a device together with its
// gradients.
type computation struct {
	operands []operand
	// model, if there is one, has the operands that are not batched as its
	// parameters, under the operands' names.
	model    graph.Module
	apply    func(x map[string]*graph.Value) *graph.Value
	upstream []float64 // gradient of the result; nil where no gradients are wanted
	wrt      []string  // operands whose gradients are wanted
}

// operand is an input of a computation. Batched ones become sample inputs of
// the program, as activations are; the others become states, as parameters are.
type operand struct {
	name string
	typ  graph.Type
	data []float64
}

func samples(name string, shape []int, data []float64) operand {
	return operand{name, graph.Type{DType: graph.Float32, Shape: shape, Batched: true}, data}
}

func parameter(name string, shape []int, data []float64) operand {
	return operand{name, graph.Type{DType: graph.Float32, Shape: shape}, data}
}

func labels(name string, data []float64) operand {
	return operand{name, graph.Type{DType: graph.Int32, Shape: graph.Shape{len(data)}, Batched: true}, data}
}

// Names in a computation's program: of its result, and of the operand that is
// the result's gradient. The gradient of operand x is graph.GradientName(x).
const (
	result   = "result"
	upstream = "upstream"
)

// trace records the computation as a program.
func (c computation) trace() (*graph.Program, error) {
	return graph.Trace(c.model, graph.Training, func(b *graph.Builder) {
		x := map[string]*graph.Value{}
		for _, s := range b.Program().States { // the model's parameters
			x[s.Name] = b.Value(s.In)
		}
		for _, o := range c.operands {
			if _, ok := x[o.name]; !ok {
				x[o.name] = declare(b, o.name, o.typ)
			}
		}
		y := c.apply(x)
		b.Output(result, y, false)
		if c.upstream == nil {
			return
		}
		var wrt []*graph.Value
		for _, name := range c.wrt {
			wrt = append(wrt, x[name])
		}
		for i, g := range b.Gradients(y, declare(b, upstream, y.Type()), wrt...) {
			if g == nil {
				panic(&graph.Error{Path: c.wrt[i], Want: "an operand the result depends on", Got: "one it does not"})
			}
			b.Output(graph.GradientName(c.wrt[i]), g, false)
		}
	})
}

func declare(b *graph.Builder, name string, t graph.Type) *graph.Value {
	if t.Batched {
		return b.Input(name, graph.Sample, t)
	}
	return b.State(name, t)
}

// run traces the computation and executes it. The outputs are the result and
// the gradients by name.
func (c computation) run(dev device.Device, p Precision) (map[string][]float64, error) {
	program, err := c.trace()
	if err != nil {
		return nil, err
	}
	values := map[string][]float64{upstream: c.upstream}
	for _, o := range c.operands {
		values[o.name] = o.data
	}
	inputs := map[string][]float64{}
	for _, in := range program.Inputs {
		inputs[in.Name] = values[in.Name]
	}
	var parameters []graph.Parameter
	for _, s := range program.States {
		shape := program.Values[s.In].Shape
		parameters = append(parameters, graph.Parameter{
			Name: s.Name, Tensor: &graph.Tensor{Shape: shape, Data: fixture.Narrow[float32](values[s.Name])},
		})
	}
	const name = "computation"
	exec, err := dev.Compile(device.NewState(parameters), map[string]*graph.Program{name: program})
	if err != nil {
		return nil, err
	}
	defer exec.Close()
	return p.call(exec, name, program, inputs, nil)
}
