package cpu

import (
	"slices"

	"gradus/graph"
	"gradus/op"
)

// conv2dEnding is a convolution with what follows it: an addition, whose other
// operand comes last, and a relu.
type conv2dEnding struct {
	op.Conv2dOp
	add, relu bool
}

// Name is what is fused.
func (f conv2dEnding) Name() string {
	return "conv2d" + suffix("+add", f.add) + suffix("+relu", f.relu)
}

// Infer wants the operands of the convolution, and one of the result's type to add.
func (f conv2dEnding) Infer(in []graph.Type) (graph.Type, error) {
	n := len(in)
	if f.add {
		n--
	}
	t, err := f.Conv2dOp.Infer(in[:n])
	return like(t, err, in[n:])
}

// Reference is the operations' references.
func (f conv2dEnding) Reference(in []graph.Array, out graph.Array) {
	if f.add {
		f.Conv2dOp.Reference(in[:len(in)-1], out)
		op.AddOp{}.Reference([]graph.Array{out, in[len(in)-1]}, out)
	} else {
		f.Conv2dOp.Reference(in, out)
	}
	if f.relu {
		op.ReLUOp{}.Reference([]graph.Array{out}, out)
	}
}

// conv2dDataEnding is the data gradient of a convolution with what follows it: the sum
// with another gradient, and the gradient of the relu that made the images. Its
// operands are (weight, dy), the other gradient, and y of the relu.
type conv2dDataEnding struct {
	op.Conv2dDataGradientOp
	add, gate bool
}

// Name is what is fused.
func (f conv2dDataEnding) Name() string {
	return "conv2d_data_gradient" + suffix("+accumulate", f.add) + suffix("+relu_gradient", f.gate)
}

// Infer wants the operands of the data gradient, and others of the result's type.
func (f conv2dDataEnding) Infer(in []graph.Type) (graph.Type, error) {
	t, err := f.Conv2dDataGradientOp.Infer(in[:2])
	return like(t, err, in[2:])
}

// Reference is the operations' references.
func (f conv2dDataEnding) Reference(in []graph.Array, out graph.Array) {
	f.Conv2dDataGradientOp.Reference(in[:2], out)
	if f.add {
		op.AddOp{}.Reference([]graph.Array{out, in[2]}, out)
	}
	if f.gate {
		op.ReLUGradientOp{}.Reference([]graph.Array{in[len(in)-1], out}, out)
	}
}

// suffix is a part of a name that is there or not.
func suffix(name string, is bool) string {
	if is {
		return name
	}
	return ""
}

// like is a type and an error, or the error that one of some others differs.
func like(t graph.Type, err error, others []graph.Type) (graph.Type, error) {
	for _, o := range others {
		if err == nil && !o.Equal(t) {
			err = &graph.Error{Want: t.String(), Got: o.String()}
		}
	}
	return t, err
}

// joinConvolutions fuses convolutions with the addition that joins a block's branches and its
// relu, and their data gradients with the sum at the place where the branches
// parted. Where one of the operands or readers is a padding, chains do better.
func joinConvolutions(p *graph.Program, origin []int) (*graph.Program, []int) {
	s := newSearch(p)
	for i, n := range s.nodes {
		switch n.Op.(type) {
		case op.ReLUOp:
			if add := s.alone(n.In[0]); add >= 0 && s.nodes[add].Op == (op.AddOp{}) {
				s.join(i, add, origin, func(made, other int) (graph.Node, bool) {
					conv, ok := s.nodes[made].Op.(op.Conv2dOp)
					in := append(slices.Clone(s.nodes[made].In), s.nodes[add].In[other])
					return graph.Node{Op: conv2dEnding{conv, true, true}, In: in}, ok
				})
			}
		case op.ReLUGradientOp:
			if sum := s.alone(n.In[1]); sum >= 0 && !slices.ContainsFunc(s.readers[n.Out], func(r int) bool { return isPad(s.nodes[r]) }) {
				if _, ok := s.nodes[sum].Op.(graph.AccumulateOp); !ok || len(s.nodes[sum].In) != 2 {
					continue
				}
				s.join(i, sum, origin, func(made, other int) (graph.Node, bool) {
					conv, ok := s.nodes[made].Op.(op.Conv2dDataGradientOp)
					in := append(slices.Clone(s.nodes[made].In), s.nodes[sum].In[other], n.In[0])
					return graph.Node{Op: conv2dDataEnding{conv, true, true}, In: in}, ok
				})
			}
		}
	}
	return s.rest(p, origin)
}

// alone is the node that makes a value only one reads, and nobody outside; -1 for
// others.
func (s *search) alone(id graph.ID) int {
	if len(s.readers[id]) != 1 || s.shown[id] {
		return -1
	}
	return s.maker[id]
}

// join puts a fused operation in the place of node last, whose operand is the sum
// that node `sum` makes, where one summand is made by an operation that fuse, given its
// node and the index of the other summand, can fuse.
func (s *search) join(last, sum int, origin []int, fuse func(made, other int) (graph.Node, bool)) {
	for i, id := range s.nodes[sum].In {
		other := s.nodes[sum].In[1-i]
		made := s.alone(id)
		if made < 0 || s.gone[made] || !s.values[id].Equal(s.values[other]) {
			continue
		}
		if m := s.maker[other]; m >= 0 && isPad(s.nodes[m]) && len(s.readers[other]) == 1 {
			return
		}
		if n, ok := fuse(made, 1-i); ok {
			n.Out = s.nodes[last].Out
			for _, id := range n.In {
				s.readers[id] = append(s.readers[id], last)
			}
			s.nodes[last], s.gone[sum], s.gone[made], origin[last] = n, true, true, origin[made]
			return
		}
	}
}
