package picture

import (
	"fmt"
	"io"
)

// Samples are images as a network sees them.
type Samples struct {
	Names  []string // where each comes from
	Pixels []byte   // N x channels x height x width
}

// ReadSamples reads the pictures in files, one file after the other, and prepares
// them; the file - is stdin. No pictures at all are an error. Errors are those of
// ReadFile and Prepare.
func ReadSamples(stdin io.Reader, files []string, o Options) (*Samples, error) {
	s := &Samples{}
	for _, file := range files {
		pictures, err := readFrom(stdin, file)
		if err != nil {
			return nil, err
		}
		for _, p := range pictures {
			sample, err := Prepare(p, o)
			if err != nil {
				return nil, err
			}
			s.Names, s.Pixels = append(s.Names, p.Name), append(s.Pixels, sample...)
		}
	}
	if len(s.Names) == 0 {
		return nil, fmt.Errorf("expected at least 1 image, got none in %d files", len(files))
	}
	return s, nil
}

func readFrom(stdin io.Reader, file string) ([]*Picture, error) {
	if file == "-" {
		return Read(stdin, "-")
	}
	return ReadFile(file)
}
