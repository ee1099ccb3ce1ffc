package random

// golden is 2^64 divided by the golden ratio, made odd: SplitMix64's increment.
const golden = 0x9e3779b97f4a7c15

// absorb takes one word of a name into h. For a fixed word it permutes h, and for a fixed h it permutes the words.
func absorb(h, word uint64) uint64 { return mix((h ^ word) + golden) }

// splitMix64 advances state and returns SplitMix64's next output.
func splitMix64(state *uint64) uint64 {
	*state += golden
	return mix(*state)
}

// mix is SplitMix64's output function, a permutation of the 64-bit words.
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// fnv1a is the 64-bit FNV-1a hash. It is written out because it is part of the definition of a stream.
func fnv1a(s string) uint64 {
	h := uint64(0xcbf29ce484222325)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 0x100000001b3
	}
	return h
}
