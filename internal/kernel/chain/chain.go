// Package chain describes elementwise operations that are computed at once: what
// they read is loaded once, what others need is stored once, and what lies
// between stays in registers. The descriptions are data. The generators of the
// kernels, the kernels' contract in Go and the planner that looks for such
// operations in a program all follow them.
package chain

// Op is an operation on the numbers of one place.
type Op int

// The operations.
const (
	Add             Op = iota // a + b
	Mul                       // a * b
	Less                      // Shift - a
	ReLU                      // a where it is above 0 or NaN, else 0
	ReLUGradient              // b where a is not <= 0, else 0
	Sigmoid                   // 1/(1+exp(-a))
	SigmoidGradient           // b*a*(1-a)
	Tanh                      // tanh(a)
	TanhGradient              // b*(1-a*a)
)

// Operands is how many operands an operation has.
func (o Op) Operands() int {
	switch o {
	case Less, ReLU, Sigmoid, Tanh:
		return 1
	}
	return 2
}

// Step is an operation on earlier values.
type Step struct {
	Op    Op
	A, B  int // values; B counts where there are two operands
	Shift float64
	// Again says that the step may be computed once more where somebody else
	// needs its result, too.
	Again bool
}

// Output is a value that is stored.
type Output struct {
	Value int
	Over  int // input whose memory may take it, -1 for none
}

// Chain computes outputs from inputs. Its values are numbered: the inputs, then the
// results of the steps.
type Chain struct {
	Name   string // of the kernels
	Title  string // the operations, as profiles show them
	Inputs int
	// Numbers is how many of the inputs, the last ones, are one number for all
	// places.
	Numbers int
	Steps   []Step
	// Outputs begin with the last step's value. A value that is listed twice
	// is stored as it is and then as what a padding makes of it.
	Outputs []Output
	// Small is the slice, counted over inputs, then outputs, that may have images of
	// another size; -1 for none. An input reads as 0 where it has nothing, and
	// an output is not stored where it has no place.
	Small int
}

// Slices is how many slices a chain works on: inputs, then outputs.
func (c *Chain) Slices() int { return c.Inputs + len(c.Outputs) }

// IsNumber reports whether a slice is one number for all places.
func (c *Chain) IsNumber(slice int) bool { return slice >= c.Inputs-c.Numbers && slice < c.Inputs }

// MaxSlices bounds Slices.
const MaxSlices = 8

// All lists the chains. Of two that begin alike the longer one comes first.
func All() []*Chain {
	return []*Chain{&Gate, &GateAlone, &GateGradientOfSum, &GateGradient, &ConvexReLU, &AddReLU,
		&ReLUGradientPadOfSum, &ReLUGradientPad, &ReLUGradientOfSum}
}

// AddReLU is what joins the branches of a residual block: relu(f + r).
var AddReLU = Chain{
	Name: "addReLU", Title: "add+relu", Inputs: 2,
	Steps: []Step{
		{Op: Add, A: 0, B: 1},
		{Op: ReLU, A: 2},
	},
	Outputs: []Output{{3, 0}}, Small: 1,
}

// ConvexReLU is what joins the branches of a convex block: relu(a*f + b*r) with numbers
// a and b.
var ConvexReLU = Chain{
	Name: "convexReLU", Title: "convex+relu", Inputs: 4, Numbers: 2,
	Steps: []Step{
		{Op: Mul, A: 2, B: 0},
		{Op: Mul, A: 3, B: 1},
		{Op: Add, A: 4, B: 5},
		{Op: ReLU, A: 6},
	},
	Outputs: []Output{{7, 0}}, Small: 1,
}

// ReLUGradientOfSum is the gradient of a relu whose result was used twice: of y and
// two gradients.
var ReLUGradientOfSum = Chain{
	Name: "reluGradientOfSum", Title: "accumulate+relu_gradient", Inputs: 3,
	Steps: []Step{
		{Op: Add, A: 1, B: 2},
		{Op: ReLUGradient, A: 0, B: 3},
	},
	Outputs: []Output{{4, 1}}, Small: -1,
}

// ReLUGradientPad also stores the gradient of a branch that was padded.
var ReLUGradientPad = Chain{
	Name: "reluGradientPad", Title: "relu_gradient", Inputs: 2,
	Steps:   []Step{{Op: ReLUGradient, A: 0, B: 1}},
	Outputs: []Output{{2, 1}, {2, -1}}, Small: 3,
}

// ReLUGradientPadOfSum is ReLUGradientPad where the relu's result was used
// twice.
var ReLUGradientPadOfSum = Chain{
	Name: "reluGradientPadOfSum", Title: "accumulate+relu_gradient", Inputs: 3,
	Steps: []Step{
		{Op: Add, A: 1, B: 2},
		{Op: ReLUGradient, A: 0, B: 3},
	},
	Outputs: []Output{{4, 1}, {4, -1}}, Small: 4,
}

// gate is what joins the branches f, r of a gated block: g*f + (1-g)*tanh(s) with
// s = f + r and g = sigmoid(s).
var gate = []Step{
	{Op: Add, A: 0, B: 1},      // 2: s
	{Op: Sigmoid, A: 2},        // 3: g
	{Op: Tanh, A: 2},           // 4: t
	{Op: Mul, A: 3, B: 0},      // 5
	{Op: Less, A: 3, Shift: 1}, // 6
	{Op: Mul, A: 6, B: 4},      // 7
	{Op: Add, A: 5, B: 7},      // 8
}

// Gate keeps what its gradient needs: y, g, t.
var Gate = Chain{
	Name: "gate", Title: "gate", Inputs: 2, Steps: gate,
	Outputs: []Output{{8, -1}, {3, -1}, {4, -1}}, Small: 1,
}

// GateAlone is a gate without a gradient.
var GateAlone = Chain{
	Name: "gateAlone", Title: "gate", Inputs: 2, Steps: gate,
	Outputs: []Output{{8, 0}}, Small: 1,
}

// gateGradient is the gradients of the two branches, given the values dy, f, g, t
// of which dy is numbered as said and the others follow each other.
func gateGradient(dy, f, next int) []Step {
	g, t := f+1, f+2
	return []Step{
		{Op: Mul, A: dy, B: t},                   // next: of 1-g
		{Op: Less, A: g, Shift: 1, Again: true},  // 1: 1-g
		{Op: Mul, A: dy, B: next + 1},            // 2: of t
		{Op: TanhGradient, A: t, B: next + 2},    // 3: of s, through t
		{Op: Less, A: next},                      // 4: of g, through 1-g
		{Op: Mul, A: dy, B: f},                   // 5: of g
		{Op: Add, A: next + 4, B: next + 5},      // 6: of g
		{Op: SigmoidGradient, A: g, B: next + 6}, // 7: of s, through g
		{Op: Add, A: next + 3, B: next + 7},      // 8: of s, and so of r
		{Op: Mul, A: dy, B: g},                   // 9: of f
		{Op: Add, A: next + 9, B: next + 8},      // 10: of f
	}
}

// GateGradient is the gradients of f and r, from dy, f, g, t.
var GateGradient = Chain{
	Name: "gateGradient", Title: "gate_gradient", Inputs: 4,
	Steps:   gateGradient(0, 1, 4),
	Outputs: []Output{{14, 0}, {12, 1}}, Small: 5,
}

// GateGradientOfSum is GateGradient where the gate's result was used twice: from
// two gradients, f, g, t.
var GateGradientOfSum = Chain{
	Name: "gateGradientOfSum", Title: "accumulate+gate_gradient", Inputs: 5,
	Steps:   append([]Step{{Op: Add, A: 0, B: 1}}, gateGradient(5, 2, 6)...),
	Outputs: []Output{{16, 0}, {14, 1}}, Small: 6,
}
