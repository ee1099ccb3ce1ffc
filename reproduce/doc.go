// Package reproduce does the experiments of the problem set: it trains their
// networks over one or more seeds, compares what it finds with what the
// notebook printed and with what PyTorch found, and writes a report.
//
// Experiments are data, in experiments.go. The trainings of all of them form
// one list, worked off by package sweep with one training per core; results are
// kept by their place in the list, so they depend on nothing but the seeds. What
// the report says in words is chosen by the figures.
package reproduce
