package idx

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"gradus/internal/memory"
)

// Read reads one IDX file, plain or packed by gzip, to the end of r, which it must reach right after the data. Packing is
// seen from the content; path is used in errors, and where it ends in .gz they speak of gzip.
//
// It takes at most one byte (packed: one buffer) more than the header announces and holds at most about three times the
// data that r really gave. Errors are of type [*Error]; of several faults the first in the file is reported.
func Read(r io.Reader, path string) (*File, error) { return read(r, path, unknownSize) }

// unknownSize stands for the size of a source that is no file.
const unknownSize = -1

// maxDims is what the MNIST family needs: images, rows, columns and one more for colour.
const maxDims = 4

// read is [Read] for a source of size bytes. The size is used to allocate once, and trusted for nothing else.
func read(r io.Reader, path string, size int64) (*File, error) {
	source := newCounted(r)
	magic, err := source.Peek(2)
	if err != nil && err != io.EOF {
		return nil, unreadable(path, err)
	}
	p := parser{r: source, path: path, size: size}
	switch {
	case isGzip(magic):
		p.r, p.size = &unpacker{path: path, packed: source}, unknownSize
	case strings.HasSuffix(path, ".gz") && !bytes.Equal(magic, []byte{0, 0}):
		// A file that was unpacked on the way and kept its name begins with zeros and is read as it is.
		return nil, p.fault(0, "gzip magic 1f8b", hexOrCount(magic, 2), foreign(magic))
	}
	return p.file()
}

func isGzip(b []byte) bool { return len(b) >= 2 && b[0] == 0x1f && b[1] == 0x8b }

// parser reads the unpacked content.
type parser struct {
	r    io.Reader
	path string
	size int64 // of the content, unknownSize where it is packed
}

func (p *parser) fault(offset int, expected, got, hint string) error {
	return &Error{Path: p.path, Offset: int64(offset), Expected: expected, Got: got, Hint: hint}
}

func (p *parser) file() (*File, error) {
	f, length, err := p.header()
	if err != nil {
		return nil, err
	}
	if f.Data, err = p.data(length); err != nil {
		return nil, err
	}
	start, expected := f.HeaderSize(), fmt.Sprintf("%d data bytes", length)
	switch got := len(f.Data); {
	case got < length:
		return nil, p.fault(start+got, expected, fmt.Sprint(got), swapped(f))
	case got > length:
		return nil, p.fault(start+length, expected, fmt.Sprintf("at least %d", got), "")
	}
	return f, nil
}

// header reads the header and returns the file without data, and how many bytes of data it announces.
func (p *parser) header() (f *File, length int, err error) {
	var buf [4 + 4*maxDims]byte
	n, err := p.fill(buf[:4])
	if err != nil {
		return nil, 0, err
	}
	magic := buf[:n]
	if isGzip(magic) {
		return nil, 0, p.fault(0, "IDX magic 0000", "gzip data inside gzip", "")
	}
	if n < 4 {
		return nil, 0, p.fault(0, "4-byte IDX magic", byteCount(n), "")
	}
	if magic[0] != 0 || magic[1] != 0 {
		return nil, 0, p.fault(0, "0x0000", "0x"+hexOrCount(magic, 2), foreign(magic))
	}
	dtype, rank := DType(magic[2]), int(magic[3])
	if dtype.Size() == 0 {
		return nil, 0, p.fault(2, "dtype 0x08, 0x09 or 0x0B..0x0E", dtype.String(), "")
	}
	if rank < 1 || rank > maxDims {
		return nil, 0, p.fault(3, fmt.Sprintf("1..%d dims", maxDims), fmt.Sprint(rank), "")
	}
	encoded := buf[4:headerSize(rank)]
	if n, err = p.fill(encoded); err != nil {
		return nil, 0, err
	}
	if n < len(encoded) {
		return nil, 0, p.fault(4+n, fmt.Sprintf("%d dims (%d-byte header)", rank, headerSize(rank)), "end of file", "")
	}
	dims := make([]uint32, rank)
	for i := range dims {
		dims[i] = binary.BigEndian.Uint32(encoded[4*i:])
	}
	length, fits := product(dtype.Size(), dims)
	if !fits {
		return nil, 0, p.fault(4, fmt.Sprintf("at most %d data bytes", math.MaxInt), "dims "+joinDims(dims)+": overflow", "")
	}
	f = &File{DType: dtype, Dims: make([]int, rank)}
	for i, d := range dims {
		f.Dims[i] = int(d)
	}
	return f, length, nil
}

// product returns size times all dims, and whether it and each of them fits in an int. Zeros do not excuse an overflow
// before them.
func product(size int, dims []uint32) (length int, fits bool) {
	total := uint64(size)
	for _, d := range dims {
		high, low := bits.Mul64(total, uint64(d))
		if high != 0 || low > math.MaxInt || uint64(d) > math.MaxInt {
			return 0, false
		}
		total = low
	}
	return int(total), true
}

// data reads length bytes and one more, if there are so many. The slice grows with what was read, not with length.
func (p *parser) data(length int) ([]byte, error) {
	const first = 1 << 18
	limit := length
	if limit < math.MaxInt {
		limit++
	}
	data := make([]byte, 0, min(limit, max(first, int(p.size))))
	memory.LargePages(data[:cap(data)])
	for len(data) < limit {
		if len(data) == cap(data) {
			data = slices.Grow(data, min(limit-len(data), len(data)))
			memory.LargePages(data[len(data):cap(data)])
		}
		n, err := p.fill(data[len(data):min(cap(data), limit)])
		data = data[:len(data)+n]
		if err != nil {
			return nil, err
		}
		if n == 0 {
			break
		}
	}
	return data, nil
}

// fill reads until b is full or the content ends; n < len(b) means the end. It is not io.ReadFull, which does not tell
// the end from a source that itself fails with io.ErrUnexpectedEOF.
func (p *parser) fill(b []byte) (n int, err error) {
	for n < len(b) && err == nil {
		var k int
		k, err = p.r.Read(b[n:])
		n += k
	}
	if err == nil || err == io.EOF {
		return n, nil
	}
	if e := (*Error)(nil); !errors.As(err, &e) {
		err = unreadable(p.path, err)
	}
	return n, err
}

// swapped returns a hint where the dimensions, read in the other byte order, announce the data that is there.
func swapped(f *File) string {
	dims := make([]uint32, len(f.Dims))
	for i, d := range f.Dims {
		dims[i] = bits.ReverseBytes32(uint32(d))
	}
	if length, fits := product(f.DType.Size(), dims); fits && length == len(f.Data) {
		return "byte-swapped header?"
	}
	return ""
}

// foreign returns a hint on what a file may be that is not what it should be.
func foreign(magic []byte) string {
	if bytes.HasPrefix(magic, []byte("<")) {
		return "HTML page?"
	}
	return ""
}

// hexOrCount shows the first n bytes of b, or says how few there are.
func hexOrCount(b []byte, n int) string {
	if len(b) < n {
		return byteCount(len(b))
	}
	return fmt.Sprintf("%x", b[:n])
}

func byteCount(n int) string {
	if n == 1 {
		return "1 byte"
	}
	return fmt.Sprintf("%d bytes", n)
}

func joinDims(dims []uint32) string {
	text := make([]string, len(dims))
	for i, d := range dims {
		text[i] = strconv.FormatUint(uint64(d), 10)
	}
	return strings.Join(text, "x")
}
