package data

import "gradus/random"

// Order fills dst with the order in which an epoch visits len(dst) samples: a permutation of 0..len(dst)-1 that depends on
// seed, epoch and len(dst) only, so an epoch can be repeated without those before it. It is [random.Stream.Perm] of the
// stream with the purpose "shuffle" and the key epoch.
func Order(dst []int32, seed uint64, epoch int) {
	random.New(seed, "shuffle", uint64(epoch)).Perm(dst)
}
