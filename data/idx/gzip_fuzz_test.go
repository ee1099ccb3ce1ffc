package idx

import (
	"bytes"
	stdgzip "compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzGzip holds the unpacker to the standard library's: the same bytes where that reads a whole stream, and a refusal with a place in
// the file where it does not.
func FuzzGzip(f *testing.F) {
	files, err := filepath.Glob(filepath.Join(corpus, "*.gz"))
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		if len(b) < 1<<10 {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		const enough = 1 << 20
		want, wantErr := unpackAll(b, enough)
		if len(want) == enough {
			return
		}
		u := &unpacker{path: "fuzz.gz", packed: newCounted(bytes.NewReader(b))}
		got, err := io.ReadAll(io.LimitReader(u, enough))
		if stricter(err, b) {
			return
		}
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("expected %v as from the standard library, got %v", wantErr, err)
		}
		if err == nil {
			if !bytes.Equal(got, want) {
				t.Fatalf("expected %x, got %x", want, got)
			}
			if _, err := stdgzip.NewReader(bytes.NewReader(b)); err != nil {
				t.Fatalf("expected a stream, got data from %v", err)
			}
			return
		}
		e := (*Error)(nil)
		if !errors.As(err, &e) || e.Offset < 0 || e.Offset > int64(len(b)) || strings.ContainsAny(err.Error(), "\n\r") {
			t.Fatalf("expected one line with an offset within %d bytes, got %v", len(b), err)
		}
	})
}

// stricter reports whether a refusal is of reserved bits in a member's header. They must be zero (RFC 1952, section 2.3.1.2), and the
// standard library does not look.
func stricter(err error, b []byte) bool {
	e := (*Error)(nil)
	if !errors.As(err, &e) {
		return false
	}
	start := int64(0)
	if e.Got == "bytes after gzip end" {
		start = e.Offset
	} else if e.Expected != "gzip header" {
		return false
	}
	return start+3 < int64(len(b)) && b[start+3]>>5 != 0
}
