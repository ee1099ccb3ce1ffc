package checkpoint

import (
	"errors"
	"fmt"
)

// Damaged is a checkpoint that cannot be read.
type Damaged struct {
	Step int
	Path string
	Err  error
}

// Newest reads the checkpoint with the most steps that can be read, whatever the
// file last says, and lists the newer ones that cannot. A checkpoint of a newer
// format is an error: to go back behind it would lose what a newer program did.
func Newest(dir string) (*Checkpoint, []Damaged, error) {
	steps, err := Steps(dir)
	if err != nil {
		return nil, nil, err
	}
	var damaged []Damaged
	for i := len(steps) - 1; i >= 0; i-- {
		path := Path(dir, steps[i])
		c, err := Read(path)
		if err == nil && c.Steps != steps[i] {
			err = fmt.Errorf("%s: expected the checkpoint of step %d, got that of step %d", path, steps[i], c.Steps)
		}
		if newer := (*FormatError)(nil); errors.As(err, &newer) {
			return nil, damaged, err
		}
		if err == nil {
			return c, damaged, nil
		}
		damaged = append(damaged, Damaged{steps[i], path, err})
	}
	if len(damaged) > 0 {
		return nil, damaged, fmt.Errorf("%s: expected a checkpoint that can be read, got %d that cannot: %w", dir, len(damaged), damaged[0].Err)
	}
	return nil, nil, fmt.Errorf("%s: expected a checkpoint, got none", dir)
}
