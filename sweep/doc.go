// Package sweep trains over a grid of settings and says which were best: axes
// with values, their product, trainings side by side on all cores, and a summary
// over seeds. It knows settings and errors; networks and numbers are package
// run's business.
//
// Results are kept by their place in the grid, so nothing depends on which
// training ends first or on how many run at a time.
package sweep
