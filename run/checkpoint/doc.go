// Package checkpoint keeps a training on disk, so that it can go on from there to
// the same last bit.
//
// A checkpoint is a safetensors file with a digest of itself. Its tensors are the
// model's parameters under their PyTorch names behind "model.", and what the
// update rule remembers behind "optimizer.". All else is metadata, of which no
// part depends on the clock, the machine or the number of threads:
//
//	gradus.format    version of this layout
//	gradus.step      steps done in all
//	gradus.epochs    epochs finished, over all stages
//	gradus.samples   samples trained of the epoch after those
//	gradus.losses    sum of their losses, each before its update
//	gradus.errors    number of wrong answers among them
//	gradus.seed      of all random streams
//	gradus.shuffle   key of the stream that orders the samples of that epoch
//	gradus.settings  the run's settings, JSON
//	gradus.data      SHA-256 of the data sets
//	gradus.best      step and error of the best checkpoint so far, empty for none
//	gradus.sha256    digest of the file
package checkpoint
