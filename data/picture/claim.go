package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image/jpeg"
)

// Bounds on what a file can hold, so that a few bytes do not claim much memory.
const (
	// maxDeflate is how many bytes a byte of a PNG can unpack to: deflate's
	// longest match, 258 bytes, takes two bits.
	maxDeflate = 1032
	// maxJPEG is how many pixels a byte of a JPEG can hold: a block of 8x8 takes
	// at least a bit.
	maxJPEG = 512
)

// checkClaim refuses an image whose header claims more pixels than the file can
// hold. What is wrong in another way is left to the decoder.
func checkClaim(file []byte) error {
	possible := true
	if bytes.HasPrefix(file, []byte(pngMagic)) {
		if height, row, ok := rowsOf(file); ok {
			possible = height <= maxDeflate*uint64(len(file))/row
		}
	} else if c, err := jpeg.DecodeConfig(bytes.NewReader(file)); err == nil && c.Width > 0 {
		possible = int64(c.Height) <= maxJPEG*int64(len(file))/int64(c.Width)
	}
	if !possible {
		return errors.New("expected a whole image, got fewer bytes than its size needs; cut short?")
	}
	return nil
}

// rowsOf is the number of rows of a PNG and the bytes of each, its filter
// included, from the header that comes first.
func rowsOf(file []byte) (height, row uint64, ok bool) {
	const at = len(pngMagic) + 8 // behind the length and the name of the header
	if len(file) < at+10 {
		return 0, 0, false
	}
	width, height := uint64(binary.BigEndian.Uint32(file[at:])), uint64(binary.BigEndian.Uint32(file[at+4:]))
	channels := map[byte]uint64{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[file[at+9]]
	return height, 1 + (width*channels*uint64(file[at+8])+7)/8, channels > 0
}
