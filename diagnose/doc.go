// Package diagnose says why a training does not work, from what it reported and
// from what its network does: it is no better than chance, it diverges, or parts
// of the network are dead. Nothing here changes a training or its result.
package diagnose
