// Package train is the training loop: epochs over a data set, evaluation during
// and after, and the pieces for a loop of one's own.
//
// A Trainer does what the notebook's loop does: shuffle, step through the
// batches, evaluate after each epoch. Step is a single compiled training step
// for loops that need more; Predictor applies a model to images.
package train
