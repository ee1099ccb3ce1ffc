package cpu

import "gradus/graph"

// class says on what part of the batch an operation works at a time.
type class int

const (
	// mapped operations compute batched values, chunk by chunk.
	mapped class = iota
	// reduced operations sum over the batch: each chunk adds onto a sum of its
	// own, the sums are added in the order of the chunks.
	reduced
	// whole operations see complete values and run between the chunked parts.
	whole
)

// binding is how an operation runs with operands of certain types.
type binding struct {
	kernel string
	class  class
	// inPlace is the operand whose memory the result may take over when nobody
	// reads it later, plus one; 0 where the result needs memory of its own.
	inPlace int
	// alsoInPlace is that of the results but for the first.
	alsoInPlace []int
	// scratch is how many floats of memory run needs for itself, and cut for a
	// part of a whole operation. Those of a chunked one share it.
	scratch int
	// run computes the result. Onto that of a reduced operation it adds, unless it
	// writes.
	run func(c *call)
	// writes is whether run computes the result of a reduced operation as it does others'.
	writes bool
	// parts is into how many parts a whole operation, or the work of a chunked one
	// on one chunk, can be cut for several threads, and cut does one of them; 0
	// where it cannot. No sum is cut.
	parts int
	cut   func(c *call, part int)
	// members is not 0 where a whole operation goes element by element: an element of a
	// result depends on one element of each operand, and on scalars. It may do so for
	// several values beside each other: each member has an equal share of the operands,
	// of one size, and of the results. run does any range of elements.
	members int
	// scalars is how many operands, the last ones, are such scalars.
	scalars int
	// nothing reports whether a range of the operands adds nothing to the result: if
	// no range does it is 0, and run is not needed. nil where it is.
	nothing func(c *call) bool
	// finish completes the sum of a reduced operation; nil if it is complete.
	finish func(c *call)
}

// call is what a binding works on. Batched operands and results are the groups
// of the chunk, all others are complete.
type call struct {
	in  [][]float32
	out []float32
	// also is the results but for the first.
	also [][]float32
	// scratch is memory of any content. Parts of a chunked operation share it, so each
	// must keep to a share of its own; all others have it for themselves.
	scratch []float32
	groups  int // number of groups
	first   int // index of the chunk's first sample within the batch
}

// group returns the part of a batched operand or result that belongs to one of
// the call's groups.
func (c *call) group(x []float32, g int) []float32 {
	n := len(x) / c.groups
	return x[g*n : (g+1)*n : (g+1)*n]
}

// result is the i-th result.
func (c *call) result(i int) []float32 {
	if i == 0 {
		return c.out
	}
	return c.also[i-1]
}

// operand is the i-th operand, nil where the operation has fewer.
func (c *call) operand(i int) []float32 {
	if i < len(c.in) {
		return c.in[i]
	}
	return nil
}

// types is what a binding is chosen by.
type types struct {
	in  []graph.Type
	out graph.Type
}

// features is the number of elements of one sample.
func features(t graph.Type) int {
	n := 1
	for _, d := range t.Shape[1:] {
		n *= d
	}
	return n
}
