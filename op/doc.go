// Package op holds the operations of programs, one file each: contract, shape
// rule, gradient rule and float64 reference stand together, and operations
// that only occur in backward passes live beside their forward operation.
//
// The functions are what modules call: op.ReLU(x) records a relu on the
// symbolic value x and returns its result. They panic with a *graph.Error when
// the operands do not fit; graph.Trace turns that into an error naming the
// layer. Images are [N C H W] and weights [K C R S] as in PyTorch; batch
// dimensions are marked in the types (graph.Type.Batched).
package op
