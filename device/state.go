package device

import (
	"fmt"

	"gradus/graph"
)

// State holds what outlives a step: parameters and the optimizer's memory,
// under the names programs use. Parameters are the model's own tensors, so
// bringing a State up to date brings the model up to date.
type State struct {
	slots []graph.Parameter
	index map[string]int
}

// NewState makes a state of a model's parameters.
func NewState(parameters []graph.Parameter) *State {
	s := &State{index: map[string]int{}}
	for _, p := range parameters {
		s.add(p)
	}
	return s
}

func (s *State) add(p graph.Parameter) {
	s.index[p.Name] = len(s.slots)
	s.slots = append(s.slots, p)
}

// Tensors lists the slots in the order in which they were added.
func (s *State) Tensors() []graph.Parameter { return s.slots }

// Tensor is the slot with the given name, nil if there is none.
func (s *State) Tensor(name string) *graph.Tensor {
	if i, ok := s.index[name]; ok {
		return s.slots[i].Tensor
	}
	return nil
}

// Ensure adds the states of a program that are missing, as zeros, and checks
// the shapes of the others. Devices call it when they compile.
func (s *State) Ensure(p *graph.Program) error {
	for _, st := range p.States {
		shape := p.Values[st.In].Shape
		t := s.Tensor(st.Name)
		if t == nil {
			s.add(graph.Parameter{Name: st.Name, Tensor: graph.NewTensor(shape...)})
			continue
		}
		if !t.Shape.Equal(shape) {
			return fmt.Errorf("state %s: expected shape %v, got %v", st.Name, shape, t.Shape)
		}
	}
	return nil
}
