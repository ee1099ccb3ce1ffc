package archive

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

func sections() [][]byte {
	long := make([]byte, 1000)
	for i := range long {
		long[i] = byte(i * i >> 5)
	}
	return [][]byte{long, []byte("short"), nil, long[:400]}
}

func packed(t *testing.T, partSize int) []byte {
	t.Helper()
	file, err := Pack(sections(), partSize)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestRoundTrip(t *testing.T) {
	for _, partSize := range []int{1 << 20, 400, 100, 7} {
		file := packed(t, partSize)
		for i, want := range sections() {
			got, err := Unpack(file, i)
			if len(want) == 0 {
				if err == nil {
					t.Errorf("parts of %d: expected no empty section, got one", partSize)
				}
				continue
			}
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("parts of %d: expected section %d as it was, got %d bytes, %v", partSize, i, len(got), err)
			}
		}
	}
}

func TestFileIsAZstandardStream(t *testing.T) {
	decoder, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer decoder.Close()
	got, err := decoder.DecodeAll(packed(t, 100), nil)
	if want := bytes.Join(sections(), nil); err != nil || !bytes.Equal(got, want) {
		t.Errorf("expected the %d bytes of all sections, got %d, %v", len(want), len(got), err)
	}
}

func TestPackTwice(t *testing.T) {
	if !bytes.Equal(packed(t, 100), packed(t, 100)) {
		t.Error("expected the same file twice, got two")
	}
}

func TestDamageIsNoticed(t *testing.T) {
	file, sections := packed(t, 500), sections()
	for n := range len(file) {
		if got, err := Unpack(file[:n], 3); err == nil {
			t.Fatalf("expected a refusal of %d of %d bytes, got %d", n, len(file), len(got))
		}
	}
	for bit := range 8 * len(file) {
		b := bytes.Clone(file)
		b[bit/8] ^= 1 << (bit % 8)
		if got, err := Unpack(b, 0); err == nil && !bytes.Equal(got, sections[0]) {
			t.Fatalf("bit %d: expected a refusal or the same bytes, got others", bit)
		}
	}
}

func TestRefusals(t *testing.T) {
	file := packed(t, 500)
	change := func(f func(b []byte)) []byte {
		b := bytes.Clone(file)
		f(b)
		size := binary.LittleEndian.Uint32(b[4:]) - checksumSize
		if int(size) <= len(b)-prefix {
			binary.LittleEndian.PutUint32(b[8:], crc32.ChecksumIEEE(b[prefix:prefix+size]))
		}
		return b
	}
	wrongSum := bytes.Clone(file)
	copy(wrongSum[8:], "\x00\x00\x00\x00")
	for _, test := range []struct {
		name    string
		file    []byte
		section int
		line    string
	}{
		{"nothing", nil, 0, "archive: offset 0: expected magic 0x184d2a50, got "},
		{"other magic", []byte("123456789012"), 0, "archive: offset 0: expected magic 0x184d2a50, got 31323334"},
		{"index cut", file[:20], 0, "archive: offset 4: expected 8-byte entries in 8 bytes, got 32 bytes"},
		{"odd index", change(func(b []byte) { b[4] = 5 }), 0, "archive: offset 4: expected 8-byte entries in ROOM bytes, got 1 bytes"},
		{"index too short", change(func(b []byte) { b[4] = 3 }), 0, "archive: offset 4: expected 8-byte entries in ROOM bytes, got -1 bytes"},
		{"wrong checksum", wrongSum, 0, "archive: offset 8: expected an index with the checksum 00000000, got SUM"},
		{"no such section", file, 4, "archive: expected section 4, got none"},
		{"negative section", file, -1, "archive: expected section -1, got none"},
		{"part too long", change(func(b []byte) { b[prefix+7] = 0x80 }), 0, "archive: offset 44: expected a part of LONG bytes, got LEFT"},
		{"no frame", change(func(b []byte) { b[44] = 0 }), 0, "archive: offset 44: expected a frame of a known size below 1073741824, got another"},
	} {
		want := strings.NewReplacer(
			"ROOM", fmt.Sprint(len(file)-prefix),
			"SUM", fmt.Sprintf("%08x", crc32.ChecksumIEEE(file[prefix:44])),
			"LONG", fmt.Sprint(1<<31+uint64(binary.LittleEndian.Uint32(file[prefix+4:]))),
			"LEFT", fmt.Sprint(len(file)-44),
		).Replace(test.line)
		if _, err := Unpack(test.file, test.section); err == nil || err.Error() != want {
			t.Errorf("%s: expected %q, got %v", test.name, want, err)
		}
	}
}
