package train

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"

	"gradus/graph"
)

// Fingerprint is the SHA-256 of parameters: their float32 numbers in
// little-endian order, in the order of the list. Two runs of the same program,
// data and seed have the same fingerprint.
func Fingerprint(parameters []graph.Parameter) string {
	h := sha256.New()
	for _, p := range parameters {
		buffer := make([]byte, 0, 4*len(p.Tensor.Data))
		for _, v := range p.Tensor.Data {
			buffer = binary.LittleEndian.AppendUint32(buffer, math.Float32bits(v))
		}
		h.Write(buffer)
	}
	return hex.EncodeToString(h.Sum(nil))
}
