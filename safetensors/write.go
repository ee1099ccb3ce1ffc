package safetensors

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"

	"gradus/internal/atomicfile"
	"gradus/internal/strictjson"
)

// WriteFile replaces the file at path, or makes it, as a whole: on any error
// what was there is there still, and who has it open keeps reading the old
// bytes. When it returns nil the file outlasts a crash of the machine. Errors
// name the path.
func WriteFile(path string, tensors []Tensor, metadata map[string]string) error {
	return atomicfile.Write(path, func(w io.Writer) error { return Write(w, tensors, metadata) })
}

// Write writes a file. Its bytes are a function of the arguments: tensors in the
// given order but those with larger elements first, so that every element is
// aligned; the metadata in the order of its keys. The metadata gets the file's
// digest, in place of one that is in it already.
//
// What a reader would refuse is refused before anything is written: a tensor
// whose data does not fill its shape, two of one name, text that is not UTF-8.
func Write(w io.Writer, tensors []Tensor, metadata map[string]string) error {
	for _, t := range tensors {
		if err := t.check(); err != nil {
			return err
		}
	}
	tensors = slices.Clone(tensors)
	slices.SortStableFunc(tensors, func(a, b Tensor) int { return b.DType.Bits() - a.DType.Bits() })
	text, err := encodeHeader(tensors, metadata)
	if err != nil {
		return err
	}
	// The parser that will read the header says what is wrong with it.
	h, err := parseHeader(text)
	if e, ok := errors.AsType[*strictjson.Error](err); ok {
		return fault(nowhere, "header: %s", e.Message)
	}
	parts := make([]io.Reader, len(tensors))
	for i, t := range tensors {
		parts[i] = bytes.NewReader(t.Data)
	}
	digits, _, err := digest(text, io.MultiReader(parts...))
	if err != nil {
		return err
	}
	start := binary.LittleEndian.AppendUint64(nil, uint64(len(text)))
	start = append(start, text[:h.digestAt]+digits+text[h.digestAt+digestDigits:]...)
	if _, err := w.Write(start); err != nil {
		return err
	}
	for _, t := range tensors {
		if _, err := w.Write(t.Data); err != nil {
			return err
		}
	}
	return nil
}

// check refuses a tensor that no file can hold.
func (t *Tensor) check() error {
	name := strictjson.Quote(t.Name)
	switch {
	case t.Name == metadataKey:
		return fault(nowhere, "tensor %s: expected another name, got that of the metadata", name)
	case t.DType.Bits() == 0:
		return fault(nowhere, "tensor %s: expected a dtype among %s, got %s", name, allDTypes(), strictjson.Quote(string(t.DType)))
	case len(t.Shape) > MaxRank:
		return fault(nowhere, "tensor %s: expected at most %d dimensions, got %d", name, MaxRank, len(t.Shape))
	case slices.ContainsFunc(t.Shape, func(d int) bool { return d < 0 }):
		return fault(nowhere, "tensor %s: expected dimensions of at least 0, got %v", name, t.Shape)
	}
	bytes, whole, ok := size(t.DType, t.Shape)
	if !ok || !whole || bytes != int64(len(t.Data)) {
		return fault(nowhere, "tensor %s: expected the bytes of %s, got %d", name, typeString(t.DType, t.Shape), len(t.Data))
	}
	return nil
}

// encodeHeader writes the header with a digest of zeros, padded so that the data
// begins at a multiple of 8.
func encodeHeader(tensors []Tensor, metadata map[string]string) (string, error) {
	all := map[string]string{DigestKey: noDigest}
	for k, v := range metadata {
		if k != DigestKey {
			all[k] = v
		}
	}
	h := []byte(`{"` + metadataKey + `":{`)
	for i, key := range slices.Sorted(maps.Keys(all)) {
		if i > 0 {
			h = append(h, ',')
		}
		h = append(appendString(h, key), ':')
		h = appendString(h, all[key])
	}
	h = append(h, '}')
	begin := int64(0)
	for _, t := range tensors {
		end := begin + int64(len(t.Data))
		h = appendString(append(h, ','), t.Name)
		h = fmt.Appendf(h, `:{"dtype":"%s","shape":[`, t.DType)
		for i, d := range t.Shape {
			if i > 0 {
				h = append(h, ',')
			}
			h = strconv.AppendInt(h, int64(d), 10)
		}
		h = fmt.Appendf(h, `],"data_offsets":[%d,%d]}`, begin, end)
		begin = end
	}
	h = append(h, '}')
	for len(h)%8 != 0 {
		h = append(h, ' ')
	}
	if len(h) > maxHeader {
		return "", fault(nowhere, "expected names and metadata that fit a header of %d bytes, got %d", maxHeader, len(h))
	}
	return string(h), nil
}

// appendString appends a JSON string. Text that is not UTF-8 stays as it is:
// the parser refuses it.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < ' ':
			b = fmt.Appendf(b, `\u%04x`, c)
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}
