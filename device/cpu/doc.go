// Package cpu executes programs on the processor's cores.
//
// # Samples in the lanes
//
// A batched value is kept in groups of 16 samples, the sample innermost: the
// same channel and pixel of 16 samples is one SIMD register. Everything else
// (parameters, their gradients, scalars) is row-major. Only this package and its
// kernels know the layout; what goes in and comes out is row-major.
//
// # Chunks and phases
//
// The groups of a batch are cut into at most maxChunks chunks, by the batch
// size alone. A chunk goes through all operations between two reductions of the
// batch on one core and in a scratch memory of its own, so that what it computes
// is still in the cache when it is read; different chunks go to different
// threads. What is summed over the batch, a weight's gradient for instance, is
// first summed per chunk, then over the chunks in their order. So a program is a
// sequence of phases: a chunked part, then a serial part for what is left:
// sums, the guard, the optimizer's update; threads share these by ranges of
// numbers (ranges.go). The number of threads changes who
// computes, never what. Where a batch is one chunk, operations that are big
// enough are cut by channels instead. So are linear layers with many weights,
// which are computed for the whole batch in a serial part (linear.go).
//
// Operations that follow each other are fused where a value need not be stored in
// between (fuse.go and its neighbours), changes of shape that somebody inside reads are
// no operations at all (reshape.go), and the updates of all parameters are one
// (fuseupdates.go, stretch.go); spare lanes, of groups with less than 16 samples, are
// kept out of sums (spare.go).
//
// # Memory
//
// The planner gives every value its place when the program is compiled: in the
// scratch memory, in memory shared by all chunks, or in that of a state. Places
// are reused as soon as nobody reads them any more. Nothing is allocated after
// that.
package cpu
