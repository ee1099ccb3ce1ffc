// Package graph records computations as programs: lists of operations that are
// plain data.
//
// A Module is ordinary Go code over symbolic Values. Trace runs it once and
// keeps what it did as a Program in single-assignment form; Differentiate
// appends the reverse pass; Edit appends anything else, for instance an
// optimizer's update. A Program can be printed, compared, stored as JSON,
// counted and executed; nothing in it points back into the model.
//
// The package knows no operation but two: a constant, and the sum of the
// gradients of a value that is used more than once. All others bring their
// shape rule, gradient rule and float64 reference with them (package op).
package graph
