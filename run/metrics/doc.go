// Package metrics reads and writes the log of a run: a JSON object per line,
// numbered by its key seq, and only ever appended to.
//
// A line counts when its newline is there. What stands behind the last newline
// was torn by a crash: it is reported and, before the next line is written, cut
// off; the file as it was is kept beside it as .broken. A line that is no JSON
// object with a seq is damage of another kind, and nothing is done about it
// without being told to. A line whose seq was there before is a repetition: a
// training that went on from before it found the same again.
package metrics
