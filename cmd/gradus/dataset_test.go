package main

import (
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
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
	side := 28
	var err error
	if len(args) > 3 {
		side, err = strconv.Atoi(args[3])
		ts.Check(err)
	}
	train, err := strconv.Atoi(args[1])
	ts.Check(err)
	test, err := strconv.Atoi(args[2])
	ts.Check(err)
	ts.Check(writeDataset(ts.MkAbs(args[0]), train, test, side))
}

func writeDataset(dir string, train, test, side int) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for i, part := range []struct {
		name string
		n    int
	}{{"train", train}, {"t10k", test}} {
		images, labels := header(part.n, side, side), header(part.n)
		r := random.New(uint64(i), "dataset")
		for s := range part.n {
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
		for name, data := range map[string][]byte{"images-idx3": images, "labels-idx1": labels} {
			if err := os.WriteFile(filepath.Join(dir, part.name+"-"+name+"-ubyte"), data, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

// header begins an IDX file of bytes.
func header(dims ...int) []byte {
	h := []byte{0, 0, 0x08, byte(len(dims))}
	for _, d := range dims {
		h = binary.BigEndian.AppendUint32(h, uint32(d))
	}
	return h
}

// images DIR CLASSES EACH SIDE [colour] writes a PNG image for each sample into DIR/<class>: squares with a bright bar whose row
// tells the class; colour makes the bar red.
func images(ts *testscript.TestScript, _ bool, args []string) {
	var numbers [3]int
	for i := range numbers {
		var err error
		numbers[i], err = strconv.Atoi(args[1+i])
		ts.Check(err)
	}
	classes, each, side := numbers[0], numbers[1], numbers[2]
	r := random.New(uint64(len(args[0])), "images") // others for train than for test
	for c := range classes {
		dir := filepath.Join(ts.MkAbs(args[0]), "class"+strconv.Itoa(c))
		ts.Check(os.MkdirAll(dir, 0o755))
		for i := range each {
			m := image.NewRGBA(image.Rect(0, 0, side, side))
			for y := range side {
				for x := range side {
					shade := byte(r.Uint64() >> 58)
					pixel := color.RGBA{shade, shade, shade, 255}
					if y == c*side/classes {
						pixel = color.RGBA{255, 255, 255, 255}
						if len(args) > 4 {
							pixel = color.RGBA{255, 0, 0, 255}
						}
					}
					m.SetRGBA(x, y, pixel)
				}
			}
			f, err := os.Create(filepath.Join(dir, strconv.Itoa(i)+".png"))
			ts.Check(err)
			ts.Check(png.Encode(f, m))
			ts.Check(f.Close())
		}
	}
}

// letters DIR CLASSES writes a set of so many classes under EMNIST's names: balanced, counted from 0, images transposed.
func letters(ts *testscript.TestScript, _ bool, args []string) {
	dir := ts.MkAbs(args[0])
	classes, err := strconv.Atoi(args[1])
	ts.Check(err)
	ts.Check(os.MkdirAll(dir, 0o755))
	for _, part := range []string{"train", "test"} {
		images, labels := header(2*classes, 28, 28), header(2*classes)
		for i := range 2 * classes {
			image := make([]byte, 28*28)
			for k := range 28 {
				image[k*28+i%classes%28] = 255 // a column, which is a row when it is upright
			}
			images, labels = append(images, image...), append(labels, byte(i%classes))
		}
		ts.Check(os.WriteFile(filepath.Join(dir, "emnist-balanced-"+part+"-images-idx3-ubyte"), images, 0o644))
		ts.Check(os.WriteFile(filepath.Join(dir, "emnist-balanced-"+part+"-labels-idx1-ubyte"), labels, 0o644))
	}
}
