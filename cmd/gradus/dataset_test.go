package main

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"

	"gradus/random"
)

// dataset DIR TRAIN TEST [SIDE] writes the four files of a data set with so
// many samples: squares of 28 pixels or SIDE, noise with a bright bar whose
// row tells the label.
func dataset(ts *testscript.TestScript, _ bool, args []string) {
	dir, side := ts.MkAbs(args[0]), 28
	if len(args) > 3 {
		var err error
		side, err = strconv.Atoi(args[3])
		ts.Check(err)
	}
	ts.Check(os.MkdirAll(dir, 0o755))
	for i, part := range []string{"train", "t10k"} {
		n, err := strconv.Atoi(args[1+i])
		ts.Check(err)
		images, labels := header(n, side, side), header(n)
		r := random.New(uint64(i), "dataset")
		for s := range n {
			image := make([]byte, side*side)
			for k := range image {
				image[k] = byte(r.Uint64() >> 58)
			}
			row := s % 10 * side / 10
			for k := range side {
				image[row*side+k] = 255
			}
			images, labels = append(images, image...), append(labels, byte(s%10))
		}
		ts.Check(os.WriteFile(filepath.Join(dir, part+"-images-idx3-ubyte"), images, 0o644))
		ts.Check(os.WriteFile(filepath.Join(dir, part+"-labels-idx1-ubyte"), labels, 0o644))
	}
}

// header begins an IDX file of bytes.
func header(dims ...int) []byte {
	h := []byte{0, 0, 0x08, byte(len(dims))}
	for _, d := range dims {
		h = binary.BigEndian.AppendUint32(h, uint32(d))
	}
	return h
}
