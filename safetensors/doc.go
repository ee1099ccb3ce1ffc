// Package safetensors reads and writes safetensors files: named arrays of
// numbers, as PyTorch keeps the weights of a model.
//
// # The format
//
// (https://huggingface.co/docs/safetensors, Apache License 2.0)
//
//	8 bytes   N, the length of the header, little-endian
//	N bytes   the header: a JSON object, padded with blanks
//	the rest  the data: the tensors' numbers, little-endian, row-major
//
// The header gives each tensor's type, shape and place in the data, and
// optionally a table of strings:
//
//	{"__metadata__": {"format": "pt"},
//	 "f.weight": {"dtype": "F32", "shape": [10, 128], "data_offsets": [0, 5120]}, ...}
//
// # What is refused
//
// The reader accepts a file only when every byte of it has one meaning. The
// header is at most 100,000,000 bytes, begins with {, is UTF-8, and repeats no
// key. Tensors follow each other in the data without holes and overlaps, from its
// first byte to its last, so nothing can hide behind them. A shape is whole
// numbers, and fills its data exactly. Memory grows with the bytes that are
// there, never with a number that the header claims.
//
// Where readers differ this one decides so:
//
//   - Blanks before the header's { are refused: the format says that a header
//     begins with it. Blanks behind it, of any kind JSON knows, are not.
//   - A key of a tensor other than dtype, shape and data_offsets is refused: it
//     means something, and the reader does not know what.
//   - A tensor has at most [MaxRank] dimensions, the most that PyTorch's
//     operations work with.
//   - The product of a shape's dimensions must fit the machine's integers with
//     zeros left out, so [0, 18446744073709551615, 2] is refused although it is
//     empty: whoever multiplies in another order would overflow.
//
// Values are not checked: a file may hold infinities and NaN.
//
// # The digest
//
// Files written here carry a SHA-256 of themselves in the metadata, under
// [DigestKey]. It is the digest of the whole file with the digest's 64 digits
// replaced by zeros, so it covers names, shapes, metadata and numbers. [ReadFile]
// checks it where there is one; [File.Verify] insists on it. Other readers see a
// string among the metadata.
package safetensors
