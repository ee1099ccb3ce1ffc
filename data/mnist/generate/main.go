// Generate packs the four files of MNIST into the one that package mnist embeds.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"gradus/data/idx"
	"gradus/data/mnist/internal/archive"
)

func main() {
	from := flag.String("from", "", "folder with the four files as published, {train,t10k}-{images-idx3,labels-idx1}-ubyte.gz")
	to := flag.String("to", "mnist.zst", "file to write")
	flag.Parse()
	if err := run(*from, *to); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run(from, to string) error {
	if from == "" {
		return errors.New("-from: expected a folder, got nothing")
	}
	file, err := pack(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, file, 0o644)
}

// partSize is 5000 images. Smaller parts are unpacked faster, even one after the other, because a part then stays in the
// processor's cache, and use more processors; at this size the file is 1% larger than as one part.
const partSize = 5000 * 28 * 28

// pack returns the file made from the folder: the data without IDX headers, one section for each file.
func pack(from string) ([]byte, error) {
	var sections [][]byte
	for _, name := range []string{"train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"} {
		f, err := idx.ReadFile(filepath.Join(from, name+"-ubyte.gz"))
		if err != nil {
			return nil, err
		}
		sections = append(sections, f.Data)
	}
	return archive.Pack(sections, partSize)
}
