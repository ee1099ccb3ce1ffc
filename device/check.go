package device

import (
	"fmt"

	"gradus/graph"
)

// NonFiniteError reports a step whose guard was not zero: a loss or gradient
// was infinite or not a number. The states are what they were before the step.
type NonFiniteError struct {
	Step  int    // index of the step within the call, from 0
	Value string // the first non-finite value: an output's name, for instance gradient/f.weight
	Index int    // the element within it, row-major; -1 for a scalar
	Got   float64
}

// Error names the step, the value and the element.
func (e *NonFiniteError) Error() string {
	where := e.Value
	if e.Index >= 0 {
		where += fmt.Sprintf("[%d]", e.Index)
	}
	return fmt.Sprintf("step %d: expected finite values, got %v in %s", e.Step, e.Got, where)
}

// CheckSamples checks that the columns fit the program's sample inputs and that
// every index of the order exists. It returns the batch size.
func CheckSamples(p *graph.Program, samples Samples, order []int32) (batch int, err error) {
	batch = p.Batch()
	if batch == 0 {
		return 0, fmt.Errorf("program: expected a sample input with at least one sample per step, got none")
	}
	for _, in := range p.Inputs {
		switch in.Feed {
		case graph.Whole:
			return 0, fmt.Errorf("input %s: expected to be fed by a single call, got many steps", in.Name)
		case graph.Sample:
			t := p.Values[in.Value]
			column, ok := samples[in.Name]
			if !ok {
				return 0, fmt.Errorf("input %s: expected a column of samples, got none", in.Name)
			}
			if column.DType() != t.DType {
				return 0, fmt.Errorf("input %s: expected %s samples, got %s", in.Name, t.DType, column.DType())
			}
			size := t.Size() / batch
			if size == 0 || column.Len()%size != 0 {
				return 0, fmt.Errorf("input %s: expected samples of %d elements, got %d elements in all", in.Name, size, column.Len())
			}
			count := column.Len() / size
			for i, sample := range order {
				if sample < 0 || int(sample) >= count {
					return 0, fmt.Errorf("input %s: expected indices 0..%d, got %d at place %d of the order", in.Name, count-1, sample, i)
				}
			}
		}
	}
	return batch, nil
}

// CheckInputs checks what a single call is given: every sample and whole input
// with the type and number of elements the program wants, and no others.
func CheckInputs(p *graph.Program, inputs map[string]Data) error {
	for name := range inputs {
		if in, ok := p.Input(name); !ok || in.Feed == graph.Setting || in.Feed == graph.Count {
			return fmt.Errorf("input %s: expected a name the program declares as data, got an unknown one", name)
		}
	}
	for _, in := range p.Inputs {
		if in.Feed != graph.Sample && in.Feed != graph.Whole {
			continue
		}
		t := p.Values[in.Value]
		d, ok := inputs[in.Name]
		if !ok {
			return fmt.Errorf("input %s: expected %v, got nothing", in.Name, t)
		}
		if d.Len() != t.Size() || d.DType() != t.DType && d.Len() > 0 {
			return fmt.Errorf("input %s: expected %v, got %d elements of %s", in.Name, t, d.Len(), d.DType())
		}
	}
	return nil
}

// CheckSettings checks that every setting input of the program is given.
func CheckSettings(p *graph.Program, settings Settings) error {
	for _, in := range p.Inputs {
		if _, ok := settings[in.Name]; in.Feed == graph.Setting && !ok {
			return fmt.Errorf("setting %s: expected a value, got none", in.Name)
		}
	}
	return nil
}
