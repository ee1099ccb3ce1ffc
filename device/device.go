// Package device is what executors of programs have in common: a State that
// outlives them, the data they are fed, and what they report.
//
// A Device compiles named programs over one State into an Exec. The unit of
// work is many steps: Exec.Steps walks through the samples of an order a batch
// at a time without coming back in between.
package device

import "gradus/graph"

// Device executes programs.
type Device interface {
	// Compile plans the programs over one state. States the programs name and
	// the State lacks are added to it as zeros. An operation the device cannot
	// run is an error.
	Compile(state *State, programs map[string]*graph.Program) (Exec, error)
}

// Exec is a set of compiled programs over one State. It is not safe for
// concurrent use.
//
// Between calls the current values of the states are the device's; Sync brings
// them to the State, Load takes them from there.
type Exec interface {
	// Steps runs a program over the samples named by order, a batch at a time
	// and as many times as it takes; the last batch may be smaller. Then its
	// first sample stands in for those that are missing, and the Count input says
	// how many are real; sum outputs leave the others out. Settings
	// hold for the whole call. What the steps sum up to is added to the report.
	// Cutting an order into several calls at multiples of the batch changes no
	// bit of any state or sum.
	//
	// A step whose guard is not zero changes nothing and ends the call with a
	// *NonFiniteError.
	Steps(program string, samples Samples, order []int32, settings Settings, report *Report) error
	// Call runs a program once on the inputs given by name and returns its
	// outputs by name, in row-major order. The Count input is taken from the
	// settings, where it is missing from the batch size.
	Call(program string, inputs map[string]Data, settings Settings) (map[string][]float32, error)
	// Sync writes the device's values of the states to the State.
	Sync() error
	// Load reads the device's values of the states from the State.
	Load() error
	// Describe tells how each operation of a program runs.
	Describe(program string) ([]NodePlan, error)
	// Close frees what the Exec holds: goroutines and memory. The State stays.
	Close() error
}

// Settings are the scalar inputs of a call by name, for instance the learning
// rate.
type Settings map[string]float32

// Samples is a data set by columns: the program's sample inputs by name. A
// column holds its samples back to back.
type Samples map[string]Data

// Data is numbers of one of the element types; exactly one field is set.
type Data struct {
	Float32 []float32
	Uint8   []uint8
	Int32   []int32
}

// DType is the element type of the field that is set.
func (d Data) DType() graph.DType {
	switch {
	case d.Uint8 != nil:
		return graph.Uint8
	case d.Int32 != nil:
		return graph.Int32
	}
	return graph.Float32
}

// Len is the number of elements.
func (d Data) Len() int { return len(d.Float32) + len(d.Uint8) + len(d.Int32) }

// Report is what steps added up to, in one call or several. Its zero value is
// ready for use.
type Report struct {
	Steps int
	// Sums holds the program's sum outputs by name, added in float64 in the
	// order of the samples.
	Sums map[string]float64
}

// NodePlan says how a device runs one operation of a program.
type NodePlan struct {
	Node   graph.Node
	Kernel string // the kernel's name; "reference" where the device has none of its own
}
