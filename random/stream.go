// Package random provides Gradus's own random numbers: streams whose values are fixed for ever by this text.
//
// A stream is named by a seed, a purpose and keys, so what one part of a program draws never moves what another
// part sees. The same name gives the same values on every machine and in every release.
//
// # Generator
//
// Values come from xoshiro256** 1.0 (D. Blackman, S. Vigna: Scrambled Linear Pseudorandom Number Generators, ACM
// Transactions on Mathematical Software 47(4), 2021), with a period of 2^256 - 1.
//
// # From a name to a state
//
// The words of a name are the seed, the 64-bit FNV-1a hash of the purpose's UTF-8 bytes (RFC 9923), and the keys in
// order. They are absorbed into one word h, which starts at 0, by
//
//	h = mix((h ^ word) + 0x9e3779b97f4a7c15)
//
// where mix is SplitMix64's output function (G. Steele, D. Lea, C. Flood: Fast Splittable Pseudorandom Number
// Generators, OOPSLA 2014; the constants are Vigna's public splitmix64.c). Each step permutes the 64-bit words, so two names
// that differ in exactly one word never give the same stream. The state is the first four outputs of SplitMix64
// started at h, as the authors of xoshiro advise.
package random

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// Stream is one sequence of random numbers. It is made by [New] or [Stream.UnmarshalBinary]; the zero Stream yields
// only zeros. A Stream must not be used by two goroutines at once.
type Stream struct {
	s [4]uint64
}

// New returns the stream named by seed, purpose and keys, at its beginning.
func New(seed uint64, purpose string, keys ...uint64) *Stream {
	h := absorb(0, seed)
	h = absorb(h, fnv1a(purpose))
	for _, k := range keys {
		h = absorb(h, k)
	}
	var r Stream
	for i := range r.s {
		r.s[i] = splitMix64(&h)
	}
	return &r
}

// Uint64 returns the next 64 random bits. All other methods draw from it.
func (r *Stream) Uint64() uint64 {
	s := &r.s
	v := bits.RotateLeft64(s[1]*5, 7) * 9
	t := s[1] << 17
	s[2] ^= s[0]
	s[3] ^= s[1]
	s[1] ^= s[2]
	s[0] ^= s[3]
	s[2] ^= t
	s[3] = bits.RotateLeft64(s[3], 45)
	return v
}

// MarshalBinary returns the state: four little-endian words, 32 bytes. The error is always nil.
func (r *Stream) MarshalBinary() ([]byte, error) {
	b := make([]byte, 0, stateSize)
	for _, w := range r.s {
		b = binary.LittleEndian.AppendUint64(b, w)
	}
	return b, nil
}

// UnmarshalBinary sets the state to one that [Stream.MarshalBinary] gave; the stream goes on where that one stood. It
// refuses any length but 32 bytes, and the state of zeros, which the generator never leaves. The stream is unchanged
// after an error.
func (r *Stream) UnmarshalBinary(b []byte) error {
	if len(b) != stateSize {
		return fmt.Errorf("random state: expected %d bytes, got %d", stateSize, len(b))
	}
	var s [4]uint64
	for i := range s {
		s[i] = binary.LittleEndian.Uint64(b[8*i:])
	}
	if s == [4]uint64{} {
		return fmt.Errorf("random state: expected a bit that is set, got %d zero bytes", stateSize)
	}
	r.s = s
	return nil
}

const stateSize = 32
