package safetensors

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"io"
	"strings"
)

// DigestKey is where the metadata has the digest of the file.
const DigestKey = "gradus.sha256"

const digestDigits = 2 * sha256.Size

var noDigest = strings.Repeat("0", digestDigits)

func isDigest(s string) bool {
	return len(s) == digestDigits && strings.Trim(s, "0123456789abcdef") == ""
}

// HasDigest reports whether the file carries a digest of itself.
func (f *File) HasDigest() bool { return f.digestAt > 0 }

// Verify reads the whole file and compares it with its digest. A file without
// one is refused too. Errors are of type *Error.
func (f *File) Verify() error {
	if !f.HasDigest() {
		return &Error{Path: f.path, Offset: nowhere, Message: "expected a digest " + DigestKey + " in the metadata, got none"}
	}
	want := f.Metadata[DigestKey]
	blank := f.header[:f.digestAt] + noDigest + f.header[f.digestAt+digestDigits:]
	data := io.NewSectionReader(f.r, f.dataAt, f.dataSize)
	got, n, err := digest(blank, data)
	if err == nil && n < f.dataSize {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return unreadable(f.path, err)
	}
	if got != want {
		return &Error{Path: f.path, Offset: nowhere, Message: "expected sha256 " + want + ", got " + got + "; the file is damaged, or was changed by a program that keeps the digest"}
	}
	return nil
}

// digest is the SHA-256 of a file by its header and its data.
func digest(header string, data io.Reader) (digits string, n int64, err error) {
	h := sha256.New()
	h.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(header))))
	io.WriteString(h, header)
	n, err = io.Copy(h, data)
	return hex.EncodeToString(h.Sum(nil)), n, err
}
