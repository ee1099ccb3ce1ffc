// Package parity holds the tests every device must pass: its numbers must be
// PyTorch's, and those of other projects' test suites. A device's own tests
// call the functions of this package with the device and a precision.
package parity

import (
	"fmt"

	"gradus/device"
	"gradus/graph"
	"gradus/internal/fixture"
)

// Precision is the precision a device is tested in. Expected values are always
// those computed in float64.
type Precision int

const (
	// Float32 runs a device through its ordinary interface.
	Float32 Precision = iota
	// Float64 runs a device that offers calls and states in float64, as the
	// reference device does.
	Float64
)

// String names the precision for subtests.
func (p Precision) String() string {
	if p == Float64 {
		return "float64"
	}
	return "float32"
}

// choose is the bound that holds for the precision.
func (p Precision) choose(float32, float64 fixture.Bound) fixture.Bound {
	if p == Float64 {
		return float64
	}
	return float32
}

// bound is the bound for a result whose float32 bound is b. What only copies
// numbers is exact in either precision.
func (p Precision) bound(b fixture.Bound) fixture.Bound {
	if b == exact {
		return exact
	}
	return p.choose(b, doubles)
}

// wide is what a device offers beyond device.Exec to be tested in float64.
type wide interface {
	CallFloat64(program string, inputs map[string][]float64, settings map[string]float64) (map[string][]float64, error)
	Float64(state string) []float64
}

// call runs a compiled program once.
func (p Precision) call(exec device.Exec, name string, program *graph.Program, inputs map[string][]float64, settings map[string]float64) (map[string][]float64, error) {
	if p == Float64 {
		w, ok := exec.(wide)
		if !ok {
			return nil, fmt.Errorf("expected a device with calls in float64, got one without")
		}
		return w.CallFloat64(name, inputs, settings)
	}
	narrowInputs, narrowSettings := map[string]device.Data{}, device.Settings{}
	for name, x := range inputs {
		in, _ := program.Input(name)
		narrowInputs[name] = data(program.Values[in.Value].DType, x)
	}
	for name, x := range settings {
		narrowSettings[name] = float32(x)
	}
	narrow, err := exec.Call(name, narrowInputs, narrowSettings)
	outputs := map[string][]float64{}
	for name, x := range narrow {
		outputs[name] = fixture.Widen(x)
	}
	return outputs, err
}

// state reads a state as it is after the steps so far.
func (p Precision) state(exec device.Exec, state *device.State, name string) ([]float64, error) {
	if w, ok := exec.(wide); ok && p == Float64 {
		return w.Float64(name), nil
	}
	if err := exec.Sync(); err != nil {
		return nil, err
	}
	return fixture.Widen(state.Tensor(name).Data), nil
}

// data holds x as elements of the given type.
func data(t graph.DType, x []float64) device.Data {
	switch t {
	case graph.Uint8:
		return device.Data{Uint8: fixture.Narrow[uint8](x)}
	case graph.Int32:
		return device.Data{Int32: fixture.Narrow[int32](x)}
	}
	return device.Data{Float32: fixture.Narrow[float32](x)}
}
