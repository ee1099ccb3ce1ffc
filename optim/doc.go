// Package optim holds the rules that change parameters by their gradients, one
// file each, and schedules of learning rates.
//
// A rule works on programs: Append takes one that graph.Differentiate made and
// appends the guard and the updates, which makes it a training program.
package optim
