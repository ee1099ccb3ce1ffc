package safetensors

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"gradus/internal/regular"
	"gradus/internal/strictjson"
)

// File is a file whose header has been read and checked. Its tensors are read
// when they are asked for. Several goroutines may read at once.
type File struct {
	Tensors  []Entry           // in the order of their data
	Metadata map[string]string // nil where the file has none

	path     string
	r        io.ReaderAt
	close    func() error
	header   string
	digestAt int // of the header; 0: there is no digest
	dataAt   int64
	dataSize int64
	index    map[string]int
}

// Open opens the file at path and reads its header. The file stays open until
// Close. A symbolic link is followed; a directory, a pipe or a device is refused.
// Errors are of type *Error.
func Open(path string) (*File, error) {
	f, size, err := regular.Open(path)
	if err != nil {
		return nil, refused(path, err)
	}
	file, err := Read(f, size, path)
	if err != nil {
		f.Close()
		return nil, err
	}
	file.close = f.Close
	return file, nil
}

// ReadFile reads the file at path into memory and checks its digest if it has
// one. There is nothing to close, and what happens to the path later does not
// matter. Errors are those of Open and Verify.
func ReadFile(path string) (*File, error) {
	f, size, err := regular.Open(path)
	if err != nil {
		return nil, refused(path, err)
	}
	defer f.Close()
	if _, err := Read(f, size, path); err != nil {
		return nil, err // before a large file is read for nothing
	}
	content := make([]byte, size) // what the file system says, not the header
	if _, err := f.ReadAt(content, 0); err != nil {
		return nil, unreadable(path, err)
	}
	file, err := Read(bytes.NewReader(content), size, path)
	if err != nil {
		return nil, err
	}
	if file.HasDigest() {
		if err := file.Verify(); err != nil {
			return nil, err
		}
	}
	return file, nil
}

// Read reads the header of a file of the given size. The path is for errors,
// which are of type *Error.
func Read(r io.ReaderAt, size int64, path string) (*File, error) {
	f := &File{path: path, r: r, close: func() error { return nil }}
	if err := f.readHeader(size); err != nil {
		if err.Path = path; err.Err != nil {
			return nil, unreadable(path, err.Err)
		}
		return nil, err
	}
	return f, nil
}

func (f *File) readHeader(size int64) *Error {
	if size < lengthBytes {
		return fault(0, "expected an 8-byte header length, got %d bytes", size)
	}
	var length [lengthBytes]byte
	if _, err := f.r.ReadAt(length[:], 0); err != nil {
		return &Error{Offset: nowhere, Err: err}
	}
	n, most := binary.LittleEndian.Uint64(length[:]), min(maxHeader, size-lengthBytes)
	if n > uint64(most) {
		return fault(0, "expected a header length of at most %d (the smaller of %d and the file's size - 8), got %d%s", most, maxHeader, n, f.looksLike(size))
	}
	var text strings.Builder // grows with what is there
	if _, err := io.Copy(&text, io.NewSectionReader(f.r, lengthBytes, int64(n))); err != nil {
		return &Error{Offset: nowhere, Err: err}
	}
	if text.Len() < int(n) {
		return &Error{Offset: nowhere, Err: io.ErrUnexpectedEOF}
	}
	f.header = text.String()
	h, err := parseHeader(f.header)
	if e, ok := errors.AsType[*strictjson.Error](err); ok {
		return fault(int64(lengthBytes+e.Offset), "header: %s", e.Message)
	}
	f.Tensors, f.Metadata, f.digestAt = h.entries, h.metadata, h.digestAt
	f.dataAt = int64(lengthBytes + n)
	if err := f.checkLayout(size); err != nil {
		return err
	}
	f.makeIndex()
	return nil
}

func (f *File) makeIndex() {
	f.index = make(map[string]int, len(f.Tensors))
	for i, e := range f.Tensors {
		f.index[e.Name] = i
	}
}

// checkLayout puts the tensors in the order of their data and refuses holes,
// overlaps, and data that is missing or belongs to none.
func (f *File) checkLayout(size int64) *Error {
	slices.SortStableFunc(f.Tensors, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.Begin, b.Begin), cmp.Compare(a.End, b.End))
	})
	end := int64(0)
	for _, e := range f.Tensors {
		if e.Begin != end {
			return fault(int64(lengthBytes+e.offsetsAt), "header: tensor %s: data_offsets: expected begin %d, got %d", strictjson.Quote(e.Name), end, e.Begin)
		}
		end = e.End
	}
	f.dataSize = end
	switch have := size - f.dataAt; {
	case have < end:
		return fault(size, "expected %d bytes of data, got %d", end, have)
	case have > end:
		return fault(f.dataAt+end, "expected the end of the file behind %d bytes of data, got %d bytes more", end, have-end)
	}
	return nil
}

// looksLike is a hint for other kinds of files that are taken for weights.
func (f *File) looksLike(size int64) string {
	start := make([]byte, min(size, 64))
	if _, err := f.r.ReadAt(start, 0); err != nil {
		return "" // a hint only
	}
	for _, kind := range []struct{ prefix, hint string }{
		{"version https://git-lfs", "; it looks like a Git LFS pointer, fetch the file itself with git lfs pull"},
		{"<!DOCTYPE", "; it looks like an HTML page"},
		{"<!doctype", "; it looks like an HTML page"},
		{"<html", "; it looks like an HTML page"},
		{"\x1f\x8b", "; it looks like gzip, unpack it first"},
		{"PK\x03\x04", "; it looks like a PyTorch zip, convert it with safetensors.torch.save_file"},
		{"\x80\x02", "; it looks like a pickle, convert it with safetensors.torch.save_file"},
		{"\x93NUMPY", "; it looks like a NumPy array"},
	} {
		if bytes.HasPrefix(start, []byte(kind.prefix)) {
			return kind.hint
		}
	}
	return ""
}

// Close closes a file that Open opened.
func (f *File) Close() error { return f.close() }

// Entry is what the header says of a tensor.
func (f *File) Entry(name string) (Entry, bool) {
	i, ok := f.index[name]
	if !ok {
		return Entry{}, false
	}
	return f.Tensors[i], true
}

// Tensor reads a tensor. It is an error when the file has none of that name, or
// cannot be read.
func (f *File) Tensor(name string) (Tensor, error) {
	e, ok := f.Entry(name)
	if !ok {
		return Tensor{}, &Error{Path: f.path, Offset: nowhere, Message: "expected a tensor " + strictjson.Quote(name) + ", got none"}
	}
	data := make([]byte, e.End-e.Begin) // no more than the file has
	if _, err := f.r.ReadAt(data, f.dataAt+e.Begin); err != nil && len(data) > 0 {
		return Tensor{}, unreadable(f.path, err)
	}
	return Tensor{Name: e.Name, DType: e.DType, Shape: slices.Clone(e.Shape), Data: data}, nil
}

// Sub is the part of the file whose tensors' names begin with the prefix, with
// the prefix cut off. It reads from f and is closed with it.
func (f *File) Sub(prefix string) *File {
	sub := *f
	sub.close = func() error { return nil }
	sub.Tensors = nil
	for _, e := range f.Tensors {
		if name, ok := strings.CutPrefix(e.Name, prefix); ok {
			e.Name = name
			sub.Tensors = append(sub.Tensors, e)
		}
	}
	sub.makeIndex()
	return &sub
}

// Path is the path the file was read from.
func (f *File) Path() string { return f.path }

// refused adds the path to a refusal of the path itself.
func refused(path string, err error) error {
	return &Error{Path: path, Offset: nowhere, Message: err.Error(), Err: errors.Unwrap(err)}
}

// unreadable words an error of reading.
func unreadable(path string, err error) error {
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &Error{Path: path, Offset: nowhere, Message: "expected a file that keeps its size, got its end too early", Err: err}
	case errors.Is(err, os.ErrClosed):
		return &Error{Path: path, Offset: nowhere, Message: "expected an open file, got a closed one", Err: err}
	}
	return refused(path, regular.Unreadable(path, err))
}
