package reference

import (
	"gradus/device"
	"gradus/graph"
)

// program is a compiled program: its nodes bound to buffers.
type program struct {
	*graph.Program
	values []graph.Array // by ID; a state's In is shared between programs
	nodes  []node
	next   [][]float64 // by state: its value after the step, on the way to In
}

type node struct {
	op  graph.Operation
	in  []graph.Array
	out graph.Array
}

func newProgram(p *graph.Program, states map[string][]float64) *program {
	c := &program{Program: p, values: make([]graph.Array, len(p.Values))}
	for _, s := range p.States {
		c.values[s.In] = graph.Array{Shape: p.Values[s.In].Shape, Data: states[s.Name]}
		c.next = append(c.next, make([]float64, p.Values[s.In].Size()))
	}
	for id, t := range p.Values {
		if c.values[id].Data == nil {
			c.values[id] = graph.Array{Shape: t.Shape, Data: make([]float64, t.Size())}
		}
	}
	for _, n := range p.Nodes {
		bound := node{op: n.Op, out: c.values[n.Out]}
		for _, id := range n.In {
			bound.in = append(bound.in, c.values[id])
		}
		c.nodes = append(c.nodes, bound)
	}
	return c
}

// set gives every input of one feed its scalar.
func (p *program) set(feed graph.Feed, value func(name string) float64) {
	for _, in := range p.Inputs {
		if in.Feed == feed {
			p.values[in.Value].Data[0] = value(in.Name)
		}
	}
}

// run computes every node and asks the guard. No state changes.
func (p *program) run(step int) error {
	for _, n := range p.nodes {
		clear(n.out.Data)
		n.op.Reference(n.in, n.out)
	}
	if p.Guard != graph.None && p.values[p.Guard].Data[0] != 0 {
		return p.nonFinite(step)
	}
	return nil
}

// commit makes the values after the step the current ones. A state may become
// what another one was, so all are read before any is written.
func (p *program) commit() {
	for i, s := range p.States {
		copy(p.next[i], p.values[s.Out].Data)
	}
	for i, s := range p.States {
		copy(p.values[s.In].Data, p.next[i])
	}
}

// gather copies the samples of a step into the sample inputs; the
// first one stands in where a batch has fewer.
func (p *program) gather(samples device.Samples, order []int32) {
	for _, in := range p.Inputs {
		if in.Feed != graph.Sample {
			continue
		}
		batch := p.values[in.Value]
		size := len(batch.Data) / batch.Shape[0]
		for i, sample := range order {
			read(batch.Data[i*size:(i+1)*size], samples[in.Name], int(sample)*size)
		}
		for i := len(order); i < batch.Shape[0]; i++ {
			read(batch.Data[i*size:(i+1)*size], samples[in.Name], int(order[0])*size)
		}
	}
}

// addSums adds the sum outputs of a step with the given number of valid
// samples, element by element, so that the sizes of batches do not matter.
func (p *program) addSums(sums map[string]float64, valid int) {
	for _, o := range p.Outputs {
		if !o.Sum {
			continue
		}
		data := p.values[o.Value].Data
		if t := p.Values[o.Value]; t.Batched {
			data = data[:len(data)/t.Shape[0]*valid]
		}
		sum := sums[o.Name]
		for _, x := range data {
			sum += x
		}
		sums[o.Name] = sum
	}
}

// read widens the elements of d from offset on until dst is full.
func read(dst []float64, d device.Data, offset int) {
	switch d.DType() {
	case graph.Uint8:
		widen(dst, d.Uint8[offset:])
	case graph.Int32:
		widen(dst, d.Int32[offset:])
	default:
		widen(dst, d.Float32[offset:])
	}
}

func widen[T float32 | uint8 | int32](dst []float64, src []T) {
	for i := range dst {
		dst[i] = float64(src[i])
	}
}
