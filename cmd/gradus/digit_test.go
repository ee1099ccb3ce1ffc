package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"gradus/data/mnist"
	"gradus/run"
	"gradus/safetensors"
)

// digit FILE DIGIT [SCALE] [dark] [corner] writes a handwritten digit, in the format
// of the file's name: .png, .jpg, .idx, .gz (of IDX) or .npy. Pictures are SCALE
// times as large, 0 for an empty one, dark on light paper, in a corner of twice the size.
func digit(ts *testscript.TestScript, _ bool, args []string) {
	label, err := strconv.Atoi(args[1])
	ts.Check(err)
	test, err := mnist.Test()
	ts.Check(err)
	number := test.Image(slices.Index(test.Labels, int32(label)))
	idx := append(header(1, 28, 28), number...)
	var file bytes.Buffer
	switch filepath.Ext(args[0]) {
	case ".idx":
		file.Write(idx)
	case ".gz":
		w := gzip.NewWriter(&file)
		_, err = w.Write(idx)
		ts.Check(err)
		ts.Check(w.Close())
	case ".npy":
		text := "{'descr': '|u1', 'fortran_order': False, 'shape': (28, 28), }\n"
		file.Write(binary.LittleEndian.AppendUint16([]byte("\x93NUMPY\x01\x00"), uint16(len(text))))
		file.WriteString(text)
		file.Write(number)
	case ".jpg":
		ts.Check(jpeg.Encode(&file, painted(ts, number, args[2:]), nil))
	default:
		ts.Check(png.Encode(&file, painted(ts, number, args[2:])))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), file.Bytes(), 0o644))
}

// painted is a picture of a digit.
func painted(ts *testscript.TestScript, digit []byte, how []string) image.Image {
	scale, size := 1, 28
	if len(how) > 0 {
		var err error
		scale, err = strconv.Atoi(how[0])
		ts.Check(err)
		size = 28 * max(1, scale)
	}
	side := size
	if slices.Contains(how, "corner") {
		side *= 2
	}
	m := image.NewGray(image.Rect(0, 0, side, side))
	for y := range size {
		for x := range size {
			if scale > 0 {
				m.SetGray(side-size+x, side-size+y, color.Gray{digit[y/scale*28+x/scale]})
			}
		}
	}
	if slices.Contains(how, "dark") {
		for i, v := range m.Pix {
			m.Pix[i] = 255 - v
		}
	}
	return m
}

// nonfinite FILE TENSOR INDEX makes an element of a file of weights a NaN.
func nonfinite(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	f, err := safetensors.ReadFile(path)
	ts.Check(err)
	index, err := strconv.Atoi(args[2])
	ts.Check(err)
	var tensors []safetensors.Tensor
	for _, e := range f.Tensors {
		tensor, err := f.Tensor(e.Name)
		ts.Check(err)
		numbers, err := safetensors.Values[float32](tensor)
		ts.Check(err)
		if e.Name == args[1] {
			numbers[index] = float32(math.NaN())
		}
		tensors = append(tensors, safetensors.New(e.Name, e.Shape, numbers))
	}
	ts.Check(safetensors.WriteFile(path, tensors, nil))
}

// sameerror DIR expects the last command's JSON to have the error of the run's last
// record.
func sameError(ts *testscript.TestScript, _ bool, args []string) {
	var got struct {
		Error float64 `json:"error"`
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &got))
	lines := strings.Split(strings.TrimSpace(ts.ReadFile(filepath.Join(args[0], run.MetricsFile))), "\n")
	var want struct {
		Error *float64 `json:"test_error"`
	}
	ts.Check(json.Unmarshal([]byte(lines[len(lines)-1]), &want))
	if want.Error == nil || got.Error != *want.Error {
		ts.Fatalf("expected the error of %s, got %v", lines[len(lines)-1], got.Error)
	}
}
