package idx

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
)

const corpus = "testdata/corpus"

func read3x4x4(t *testing.T) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(corpus, "ok_images_3x4x4.idx"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// images is what ok_images_3x4x4.idx and its packed forms hold.
func images(t *testing.T) *File {
	return &File{DType: Uint8, Dims: []int{3, 4, 4}, Data: read3x4x4(t)[16:]}
}

func labels(label ...byte) *File {
	return &File{DType: Uint8, Dims: []int{len(label)}, Data: label}
}

// Every file of the corpus, and the line that refuses it after "PATH: ". Four bad files are good IDX files and bad only
// beside others: package data refuses those.
func TestCorpus(t *testing.T) {
	wide := make([]byte, 756)
	for i := range wide {
		wide[i] = byte(i)
	}
	tests := map[string]struct {
		id   string
		want *File
		line string
	}{
		"bad_empty.idx":                     {"A1", nil, "offset 0: expected 4-byte IDX magic, got 0 bytes"},
		"bad_3_bytes.idx":                   {"A2", nil, "offset 0: expected 4-byte IDX magic, got 3 bytes"},
		"bad_magic_nonzero.idx":             {"A3", nil, "offset 0: expected 0x0000, got 0x0100"},
		"bad_dtype_0x0a.idx":                {"A4", nil, "offset 2: expected dtype 0x08, 0x09 or 0x0B..0x0E, got 0x0A"},
		"bad_dtype_0x0f.idx":                {"A4", nil, "offset 2: expected dtype 0x08, 0x09 or 0x0B..0x0E, got 0x0F"},
		"bad_ndim_0.idx":                    {"A5", nil, "offset 3: expected 1..4 dims, got 0"},
		"bad_ndim_255.idx":                  {"A5", nil, "offset 3: expected 1..4 dims, got 255"},
		"bad_dims_truncated.idx":            {"A6", nil, "offset 12: expected 3 dims (16-byte header), got end of file"},
		"bad_product_overflow_int64.idx":    {"A7", nil, "offset 4: expected at most 9223372036854775807 data bytes, got dims 4294967295x4294967295x28: overflow"},
		"bad_product_overflow_to_small.idx": {"A8", nil, "offset 4: expected at most 9223372036854775807 data bytes, got dims 2147483648x2147483648x4: overflow"},
		"bad_claims_4GiB.idx":               {"A9", nil, "offset 32: expected 4294967296 data bytes, got 16"},
		"bad_short_by_1.idx":                {"A10", nil, "offset 63: expected 48 data bytes, got 47"},
		"bad_long_by_1.idx":                 {"A10", nil, "offset 64: expected 48 data bytes, got at least 49"},
		"bad_labels_as_images.idx":          {"A11", labels(1, 2, 3), ""},
		"bad_count_mismatch_labels_2.idx":   {"A12", labels(1, 2), ""},
		"bad_label_10.idx":                  {"A13", labels(0, 10, 5), ""},
		"bad_28x27.idx":                     {"A14", &File{Uint8, []int{1, 28, 27}, wide}, ""},
		"bad_little_endian_dims.idx":        {"A15", nil, "offset 11: expected 50331648 data bytes, got 3; byte-swapped header?"},
		"ok_zero_items.idx":                 {"A16", &File{Uint8, []int{0, 28, 28}, []byte{}}, ""},
		"ok_float32.idx":                    {"A17", &File{Float32, []int{2}, []byte{0x3f, 0xc0, 0, 0, 0xc0, 0, 0, 0}}, ""},
		"bad_gz_truncated.gz":               {"A18", nil, "offset 39: expected gzip data, got end of file; cut short?"},
		"bad_gz_no_trailer.gz":              {"A18", nil, "offset 70: expected gzip data, got end of file; cut short?"},
		"bad_gz_crc.gz":                     {"A18", nil, "offset 70: expected gzip checksum and size of the unpacked bytes, got others"},
		"bad_gz_trailing_garbage.gz":        {"A19", nil, "offset 78: expected end of file, got bytes after gzip end"},
		"ok_two_members.gz":                 {"A20", images(t), ""},
		"bad_gz_bomb_256MiB.gz":             {"A21", nil, "offset 64: expected 48 data bytes, got at least 49"},
		"bad_gz_is_html.gz":                 {"A22", nil, "offset 0: expected gzip magic 1f8b, got 3c68; HTML page?"},
		"bad_gz_of_gz.gz":                   {"A22", nil, "offset 0: expected IDX magic 0000, got gzip data inside gzip"},
		"ok_images_3x4x4.idx":               {"plain", images(t), ""},
		"ok_labels_3.idx":                   {"plain", labels(0, 9, 5), ""},
		"ok_images.idx.gz":                  {"packed", images(t), ""},
	}
	for name, test := range tests {
		t.Run(test.id+" "+name, func(t *testing.T) {
			path := filepath.Join(corpus, name)
			before, start := allocated(), time.Now()
			got, err := ReadFile(path)
			if spent := time.Since(start); spent > time.Second {
				t.Errorf("expected an answer within 1 s, got one after %v", spent)
			}
			// The bound holds the buffers and the decoder, and is far below what the headers claim.
			if grown := allocated() - before; grown > 4<<20 {
				t.Errorf("expected at most 4 MiB of memory, got %d bytes", grown)
			}
			if test.want == nil {
				checkLine(t, err, path+": "+test.line)
				if got != nil {
					t.Errorf("expected no file beside an error, got %v", got)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}

	var manifest []struct {
		File  string
		Bytes int64
	}
	text, err := os.ReadFile(filepath.Join(corpus, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		t.Fatal(err)
	}
	if len(manifest) != len(tests) {
		t.Errorf("expected %d cases as in the manifest, got %d", len(manifest), len(tests))
	}
	for _, m := range manifest {
		if _, ok := tests[m.File]; !ok {
			t.Errorf("%s: expected a case, got none", m.File)
		}
		if info, err := os.Stat(filepath.Join(corpus, m.File)); err != nil || info.Size() != m.Bytes {
			t.Errorf("%s: expected %d bytes, got %v %v", m.File, m.Bytes, info, err)
		}
	}
}

// allocated returns the bytes allocated since the program began.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// checkLine fails unless err is an [Error] that prints as line.
func checkLine(t *testing.T, err error, line string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("expected an error of this package, got %v", err)
	}
	if err.Error() != line {
		t.Errorf("expected\n\t%s\ngot\n\t%s", line, err)
	}
}

func pack(t *testing.T, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestA10EveryTruncation cuts a file at every length, plain and packed. Only whole gzip members followed by nothing are a
// clean end, so each cut is refused.
func TestA10EveryTruncation(t *testing.T) {
	plain := read3x4x4(t)
	for _, whole := range [][]byte{plain, pack(t, plain)} {
		if _, err := Read(bytes.NewReader(whole), "whole"); err != nil {
			t.Fatal(err)
		}
		for n := range len(whole) {
			if _, err := Read(bytes.NewReader(whole[:n]), "cut"); err == nil {
				t.Errorf("expected a refusal of %d of %d bytes, got data", n, len(whole))
			}
		}
	}
}

// TestA18EveryBitFlip flips each bit of a packed file. Some bits of gzip's header and of its padding have no meaning
// for the data; no flip may change the data, and none in the checksum and the size may pass.
func TestA18EveryBitFlip(t *testing.T) {
	packed, want := pack(t, read3x4x4(t)), images(t)
	for bit := range 8 * len(packed) {
		b := bytes.Clone(packed)
		b[bit/8] ^= 1 << (bit % 8)
		got, err := Read(bytes.NewReader(b), "flipped.gz")
		if err == nil && !cmp.Equal(want, got) {
			t.Errorf("bit %d: expected a refusal or the same data, got other data", bit)
		}
		if err == nil && bit/8 >= len(packed)-trailerSize {
			t.Errorf("bit %d: expected a refusal in the trailer, got data", bit)
		}
	}
}

func TestA19EndOfGzip(t *testing.T) {
	packed := pack(t, read3x4x4(t))
	for _, tail := range []string{"\x00", "PK", "\x1f", "\x1f\x8b", "\x1f\x8b\x08\x00", "\x1f\x8b\x07\x00\x00\x00\x00\x00\x00\xff", strings.Repeat("\x00", 512)} {
		_, err := Read(io.MultiReader(bytes.NewReader(packed), strings.NewReader(tail)), "tail.gz")
		var e *Error
		if !errors.As(err, &e) || e.Offset != int64(len(packed)) || e.Got != "bytes after gzip end" {
			t.Errorf("%.8q: expected a refusal at offset %d, got %v", tail, len(packed), err)
		}
	}
	// A second member that is damaged further on is reported where it is.
	second := pack(t, nil)
	second[len(second)-8] ^= 1
	_, err := Read(io.MultiReader(bytes.NewReader(packed), bytes.NewReader(second)), "two.gz")
	var e *Error
	if want := int64(len(packed) + len(second) - 8); !errors.As(err, &e) || e.Offset != want {
		t.Errorf("expected a refusal at offset %d, got %v", want, err)
	}
}

func TestA20ManyMembers(t *testing.T) {
	plain := read3x4x4(t)
	packed := pack(t, nil)
	for i := range plain {
		packed = append(packed, pack(t, plain[i:i+1])...)
	}
	got, err := Read(iotest.OneByteReader(bytes.NewReader(packed)), "members.gz")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(images(t), got); diff != "" {
		t.Error(diff)
	}
}

func TestA22NameAndContentDisagree(t *testing.T) {
	plain := read3x4x4(t)
	for path, b := range map[string][]byte{"plain.gz": plain, "packed": pack(t, plain)} {
		got, err := Read(bytes.NewReader(b), path)
		if err != nil {
			t.Error(err)
		} else if diff := cmp.Diff(images(t), got); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
	for _, test := range []struct{ path, content, line string }{
		{"page", "<!DOCTYPE html>", "page: offset 0: expected 0x0000, got 0x3c21; HTML page?"},
		{"zip.gz", "PK\x03\x04", "zip.gz: offset 0: expected gzip magic 1f8b, got 504b"},
		{"empty.gz", "", "empty.gz: offset 0: expected gzip magic 1f8b, got 0 bytes"},
		{"one.gz", "\x1f", "one.gz: offset 0: expected gzip magic 1f8b, got 1 byte"},
		{"method.gz", "\x1f\x8b\x07\x00\x00\x00\x00\x00\x00\xff", "method.gz: offset 10: expected gzip header, got a damaged one"},
		{"block.gz", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\xff\xff", "block.gz: offset 11: expected gzip data, got a damaged stream"},
	} {
		_, err := Read(strings.NewReader(test.content), test.path)
		checkLine(t, err, test.line)
	}
}

// Large files take the way with a growing buffer, and a header may not lead it astray.
func TestLargeFiles(t *testing.T) {
	const items, size = 1000, 1 << 10
	plain := binary.BigEndian.AppendUint32([]byte{0, 0, byte(Uint8), 2}, items)
	plain = binary.BigEndian.AppendUint32(plain, size)
	for i := range items * size {
		plain = append(plain, byte(i%249))
	}
	for _, b := range [][]byte{plain, pack(t, plain)} {
		got, err := Read(iotest.HalfReader(bytes.NewReader(b)), "large")
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Data, plain[12:]) {
			t.Error("expected the bytes that were written, got others")
		}
	}
	binary.BigEndian.PutUint32(plain[4:], items+1)
	_, err := Read(bytes.NewReader(pack(t, plain)), "claim.gz")
	checkLine(t, err, "claim.gz: offset 1024012: expected 1025024 data bytes, got 1024000")
}

func TestSourceThatFails(t *testing.T) {
	plain := read3x4x4(t)
	for _, broken := range []error{io.ErrUnexpectedEOF, iotest.ErrTimeout, os.ErrClosed} {
		for _, b := range [][]byte{nil, plain[:1], plain[:8], plain, pack(t, plain)} {
			f, err := Read(io.MultiReader(bytes.NewReader(b), iotest.ErrReader(broken)), "broken")
			if err == nil || f != nil {
				t.Errorf("%v after %d bytes: expected a refusal, got %v", broken, len(b), f)
			}
		}
	}
	_, err := Read(iotest.ErrReader(iotest.ErrTimeout), "slow")
	checkLine(t, err, "slow: expected a readable file, got timeout")
	if !errors.Is(err, iotest.ErrTimeout) {
		t.Errorf("expected an error that wraps the cause, got %v", err)
	}
}
