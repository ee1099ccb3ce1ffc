package catalog

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"gradus/data/idx"
	"gradus/internal/regular"
)

// Checked is a file that was read to its end and found right.
type Checked struct {
	Path  string
	Bytes int64
	Data  *idx.File
	// Digest is the published one that the file has, or that its content has where Unpacked; none where no digest of it is known, and
	// its form alone was checked.
	Digest   Digest
	Unpacked bool
}

// Check reads a file and compares it with what was published, as it is or unpacked: gzip packs the same bytes in many ways. Where
// neither digest is known, or only that of the other form, a file that is right in itself passes; a file that has
// neither digest does not. Errors are of type [*idx.Error].
func Check(path string, published File) (*Checked, error) {
	c, sums, err := read(path, published.Packed, published.Unpacked)
	if err != nil {
		return nil, err
	}
	packed := strings.HasSuffix(path, ".gz")
	switch {
	case published.Packed != "" && sums.file == published.Packed:
		c.Digest = published.Packed
	case published.Unpacked != "" && sums.content() == published.Unpacked:
		c.Digest, c.Unpacked = published.Unpacked, true
	case packed && published.Packed != "":
		return nil, &idx.Error{Path: path, Offset: -1, Expected: published.Packed.Named(), Got: string(sums.file)}
	case published.Unpacked != "":
		return nil, &idx.Error{Path: path, Offset: -1, Expected: "unpacked " + published.Unpacked.Named(), Got: string(sums.content())}
	}
	return c, nil
}

// sums are the digests of a file and of its content, the latter computed where it is asked for.
type sums struct {
	file    Digest
	content func() Digest
}

// read reads an IDX file and its digests, of the kinds of those that are given.
func read(path string, packed, unpacked Digest) (*Checked, sums, error) {
	f, size, err := regular.Open(path)
	if r := (*regular.Refusal)(nil); errors.As(err, &r) {
		return nil, sums{}, &idx.Error{Path: path, Offset: -1, Expected: r.Expected, Got: r.Got, Hint: r.Hint, Err: r.Err}
	}
	defer f.Close()
	whole := packed.New()
	// idx.Read goes to the end of the file, or fails.
	content, err := idx.Read(io.TeeReader(f, whole), path)
	if err != nil {
		return nil, sums{}, err
	}
	return &Checked{Path: path, Bytes: size, Data: content}, sums{
		file: sum(whole),
		content: func() Digest {
			h := unpacked.New()
			h.Write(header(content))
			h.Write(content.Data)
			return sum(h)
		},
	}, nil
}

// header is the header a file was read from.
func header(f *idx.File) []byte {
	b := []byte{0, 0, byte(f.DType), byte(len(f.Dims))}
	for _, d := range f.Dims {
		b = binary.BigEndian.AppendUint32(b, uint32(d))
	}
	return b
}

// SumsName is the file beside those that came out of an archive: their SHA-256 in sha256sum's form, computed when the archive's own digest
// had been found right.
const SumsName = "SHA256SUMS"

// Sums reads such a file. Where there is none, nothing is known.
func Sums(folder string) (map[string]Digest, error) {
	path := filepath.Join(folder, SumsName)
	f, size, err := regular.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if r := (*regular.Refusal)(nil); errors.As(err, &r) {
		return nil, &idx.Error{Path: path, Offset: -1, Expected: r.Expected, Got: r.Got, Hint: r.Hint, Err: r.Err}
	}
	defer f.Close()
	const most = 1 << 16
	known := map[string]Digest{}
	lines := bufio.NewScanner(io.LimitReader(f, most))
	for lines.Scan() {
		digest, name, ok := strings.Cut(lines.Text(), "  ")
		if !ok || len(digest) != 2*sha256.Size || size > most {
			return nil, &idx.Error{Path: path, Offset: -1, Expected: "lines of a SHA-256 and a name", Got: "others"}
		}
		known[name] = Digest(digest)
	}
	return known, lines.Err()
}
