package run

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"

	"gradus/data"
)

// Digest is the SHA-256 of the sets: of what a training sees of them, not of
// the files they were read from.
func (s *Sets) Digest() string {
	h := sha256.New()
	for _, set := range []*data.Set{s.Train, s.Validation, s.Test} {
		if set == nil {
			continue
		}
		fmt.Fprintln(h, set.Shape, set.Classes, set.Len(), set.Mean, set.Std)
		h.Write(set.Images)
		labels := make([]byte, 0, 4*len(set.Labels))
		for _, l := range set.Labels {
			labels = binary.LittleEndian.AppendUint32(labels, uint32(l))
		}
		h.Write(labels)
	}
	return hex.EncodeToString(h.Sum(nil))
}
