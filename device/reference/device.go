// Package reference executes programs in float64 by the operations' own
// references, one node after the other. It is the oracle: slow, simple, and
// what every other device is compared with.
package reference

import (
	"fmt"
	"maps"
	"slices"

	"gradus/device"
	"gradus/graph"
)

// New makes the reference device. Its Execs are of type *Exec, which offers
// more than device.Exec asks for: calls and states in float64.
func New() device.Device { return reference{} }

type reference struct{}

// Compile checks the programs and allocates a buffer for each of their values.
// Every operation can run: having a reference is part of being one.
func (reference) Compile(state *device.State, programs map[string]*graph.Program) (device.Exec, error) {
	e := &Exec{state: state, states: map[string][]float64{}, programs: map[string]*program{}}
	for _, name := range slices.Sorted(maps.Keys(programs)) {
		p := programs[name]
		if err := p.Validate(); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if err := state.Ensure(p); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, s := range p.States {
			if _, ok := e.states[s.Name]; !ok {
				e.states[s.Name] = make([]float64, p.Values[s.In].Size())
			}
		}
		e.programs[name] = newProgram(p, e.states)
	}
	return e, e.Load()
}
