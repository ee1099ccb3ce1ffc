// Package gradus is the root of a library and a command that train and explain
// small image networks.
//
// It holds no code of its own. A program begins with these packages:
//
//   - nn: layers, and what composes them to networks
//   - zoo: the networks
//   - data, data/mnist: labelled images
//   - train: the training loop, and the pieces for a loop of one's own
//   - run, sweep: a training from its settings, kept in a folder, and many of them
//   - predict, weights: what a trained network says, and its parameters in files
//   - summary: shapes, parameters and multiply-adds of a network
//
// Below them stand op (the operations), graph (programs: their recording and
// their gradients), optim (update rules) and device (what executes programs).
// docs/design.md explains how they work together.
package gradus
