package idx

import (
	"bytes"
	stdgzip "compress/gzip"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzRead holds the reader to what it promises for any bytes: an error is one house line and the same each time; data is
// what the bytes say, as an encoder and the standard library's gzip see them.
func FuzzRead(f *testing.F) {
	files, err := filepath.Glob(filepath.Join(corpus, "*[xz]"))
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := Read(bytes.NewReader(b), "fuzz")
		again, errAgain := Read(bytes.NewReader(b), "fuzz")
		if !cmp.Equal(got, again) || (err == nil) != (errAgain == nil) || err != nil && err.Error() != errAgain.Error() {
			t.Fatalf("expected the same answer twice, got %v, %v and %v, %v", got, err, again, errAgain)
		}
		if err != nil {
			var e *Error
			line := err.Error()
			if !errors.As(err, &e) || e.Offset < 0 || got != nil ||
				!strings.HasPrefix(line, "fuzz: offset ") || strings.ContainsAny(line, "\n\r") || strings.Contains(line, "%!") {
				t.Fatalf("expected one line with an offset and no file, got %v, %v", got, err)
			}
		}

		plain := b
		if isGzip(b) && !stricter(err, b) {
			const enough = 1 << 20
			var unpackErr error
			if plain, unpackErr = unpackAll(b, enough); len(plain) == enough {
				return
			}
			if unpackErr != nil && err == nil {
				t.Fatalf("expected a refusal as %v, got data", unpackErr)
			}
			if unpackErr == nil && !isGzip(plain) {
				want, wantErr := Read(bytes.NewReader(plain), "fuzz")
				if !cmp.Equal(want, got) || (wantErr == nil) != (err == nil) {
					t.Fatalf("expected %v, %v as from the unpacked bytes, got %v, %v", want, wantErr, got, err)
				}
			}
		}
		if err == nil && !bytes.Equal(encode(got), plain) {
			t.Fatalf("expected the file to encode to the bytes it was read from, got %v from %x", got, plain)
		}
	})
}

func unpackAll(b []byte, limit int64) ([]byte, error) {
	r, err := stdgzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, limit))
}

func encode(f *File) []byte {
	b := []byte{0, 0, byte(f.DType), byte(len(f.Dims))}
	for _, d := range f.Dims {
		b = binary.BigEndian.AppendUint32(b, uint32(d))
	}
	return append(b, f.Data...)
}
