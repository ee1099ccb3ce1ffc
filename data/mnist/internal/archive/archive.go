// Package archive is the file format of the embedded data: byte sections, packed by Zstandard in parts that are unpacked
// independently and at the same time.
//
// A file is a Zstandard stream (RFC 8878). It begins with a skippable frame, the index: the CRC-32 (IEEE) of what follows,
// then for each part its section and the size of its packed frame, all as little-endian uint32. The frames come in the
// same order, each with its content size and checksum. So `zstd -d` unpacks a file too, to its sections one after the other.
package archive

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"runtime"
	"sync"

	"github.com/klauspost/compress/zstd"

	"gradus/internal/memory"
)

const (
	skippable = 0x184D2A50 // the first magic number of skippable frames
	prefix    = 12         // magic number, size of the rest of the index, its checksum
	entry     = 8          // section and packed size of one part
	largest   = 1 << 30    // bytes of a section; more means damage

	checksumSize = 4
)

// Pack returns a file of the sections, in parts of at most partSize bytes, at the best level of compression. The same
// input gives the same file with the same release of the compressor.
func Pack(sections [][]byte, partSize int) ([]byte, error) {
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithSingleSegment(true))
	if err != nil {
		return nil, err
	}
	defer encoder.Close()
	var index, frames []byte
	for i, rest := range sections {
		for len(rest) > 0 {
			n := min(partSize, len(rest))
			before := len(frames)
			frames = encoder.EncodeAll(rest[:n], frames)
			index = binary.LittleEndian.AppendUint32(index, uint32(i))
			index = binary.LittleEndian.AppendUint32(index, uint32(len(frames)-before))
			rest = rest[n:]
		}
	}
	file := binary.LittleEndian.AppendUint32(nil, skippable)
	file = binary.LittleEndian.AppendUint32(file, uint32(checksumSize+len(index)))
	file = binary.LittleEndian.AppendUint32(file, crc32.ChecksumIEEE(index))
	return append(append(file, index...), frames...), nil
}

// Unpack returns the given section of a file, and unpacks no other. Parts are unpacked at the same time, as many as there
// are processors.
func Unpack(file []byte, section int) ([]byte, error) {
	parts, total, err := find(file, section)
	if err != nil {
		return nil, err
	}
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(max(1, min(runtime.GOMAXPROCS(0), len(parts)))))
	if err != nil {
		return nil, err
	}
	defer decoder.Close()
	out := make([]byte, total)
	memory.LargePages(out)
	faults := make([]error, len(parts))
	var wg sync.WaitGroup
	for i, p := range parts {
		wg.Go(func() {
			// Each part has its own stretch of out and no room beyond it, so the decoder works in place.
			got, err := decoder.DecodeAll(p.frame, out[p.from:p.from:p.to])
			if err == nil && len(got) != p.to-p.from {
				err = fmt.Errorf("expected %d bytes, got %d", p.to-p.from, len(got))
			}
			if err != nil {
				faults[i] = fmt.Errorf("archive: section %d, part %d: %w", section, i, err)
			}
		})
	}
	wg.Wait()
	for _, err := range faults {
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// part is one frame, and where its content belongs in the section.
type part struct {
	frame    []byte
	from, to int
}

// find returns the parts of a section, in order, and the section's size.
func find(file []byte, section int) (parts []part, total int, err error) {
	index, offset, err := readIndex(file)
	if err != nil {
		return nil, 0, err
	}
	for ; len(index) > 0; index = index[entry:] {
		packed := int64(binary.LittleEndian.Uint32(index[4:]))
		if left := len(file) - offset; packed > int64(left) {
			return nil, 0, fmt.Errorf("archive: offset %d: expected a part of %d bytes, got %d", offset, packed, left)
		}
		frame := file[offset : offset+int(packed)]
		if int64(binary.LittleEndian.Uint32(index)) == int64(section) {
			size, known := contentSize(frame)
			if !known || size > largest-total {
				return nil, 0, fmt.Errorf("archive: offset %d: expected a frame of a known size below %d, got another", offset, largest)
			}
			parts = append(parts, part{frame, total, total + size})
			total += size
		}
		offset += len(frame)
	}
	if len(parts) == 0 {
		return nil, 0, fmt.Errorf("archive: expected section %d, got none", section)
	}
	return parts, total, nil
}

// readIndex returns the entries of the index, and where the frames begin.
func readIndex(file []byte) (index []byte, frames int, err error) {
	if len(file) < prefix || binary.LittleEndian.Uint32(file) != skippable {
		return nil, 0, fmt.Errorf("archive: offset 0: expected magic %#x, got %x", skippable, file[:min(len(file), 4)])
	}
	size, room := int64(binary.LittleEndian.Uint32(file[4:]))-checksumSize, int64(len(file)-prefix)
	if size < 0 || size > room || size%entry != 0 {
		return nil, 0, fmt.Errorf("archive: offset 4: expected %d-byte entries in %d bytes, got %d bytes", entry, room, size)
	}
	index = file[prefix : prefix+size]
	if want, got := binary.LittleEndian.Uint32(file[8:]), crc32.ChecksumIEEE(index); got != want {
		return nil, 0, fmt.Errorf("archive: offset 8: expected an index with the checksum %08x, got %08x", want, got)
	}
	return index, prefix + len(index), nil
}

// contentSize returns the size that a frame has when unpacked, if its header gives a sensible one.
func contentSize(frame []byte) (size int, known bool) {
	var header zstd.Header
	if err := header.Decode(frame); err != nil || !header.HasFCS || header.FrameContentSize > largest {
		return 0, false
	}
	return int(header.FrameContentSize), true
}
