package catalog

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"hash"
)

// Digest is an MD5 or SHA-256 sum in hexadecimal; its length tells which. MD5 is what most of the sets were published with: it finds
// every accident, and it is not to be trusted against an attacker who made the set himself.
type Digest string

// New returns a hash of the digest's kind.
func (d Digest) New() hash.Hash {
	if len(d) == 2*md5.Size {
		return md5.New()
	}
	return sha256.New()
}

// Named is the digest with its kind, such as md5 8d4f..., or nothing where there is none.
func (d Digest) Named() string {
	switch len(d) {
	case 0:
		return "no digest"
	case 2 * md5.Size:
		return "md5 " + string(d)
	}
	return "sha256 " + string(d)
}

// sum is the digest a hash has come to.
func sum(h hash.Hash) Digest { return Digest(hex.EncodeToString(h.Sum(nil))) }
