package bench

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"time"

	"gradus/run"
	"gradus/train"
)

// CheckpointCost is what it costs to keep a run: an epoch of the first
// experiment, evaluation included, with a checkpoint and a record behind each
// epoch and without. The least of many epochs counts, for the rest is other
// processes' work.
type CheckpointCost struct {
	Folder  string  `json:"folder"` // on whose disk the runs were kept
	Epochs  int     `json:"epochs"` // measured each way
	Without float64 `json:"seconds_without"`
	With    float64 `json:"seconds_with"`
}

// Share is the cost as a share of an epoch.
func (c *CheckpointCost) Share() float64 { return c.With/c.Without - 1 }

// WriteText writes a line for people.
func (c *CheckpointCost) WriteText(w io.Writer) error {
	_, err := fmt.Fprintf(w, "an epoch takes %.1f ms, with a checkpoint %.1f ms: %+.2f%% (the least of %d each; kept in %s)\n",
		1000*c.Without, 1000*c.With, 100*c.Share(), c.Epochs, c.Folder)
	return err
}

// Trainings of so many epochs take turns; the first epoch of each is not
// measured.
const (
	checkpointTurns  = 15
	checkpointEpochs = 4
)

// Checkpoint measures the cost. The runs are kept in a folder that is made within
// the given one, "" for the system's folder of temporary files, and removed.
func Checkpoint(ctx context.Context, sets *run.Sets, threads int, within string) (c *CheckpointCost, err error) {
	folder, err := os.MkdirTemp(within, "gradus-bench-")
	if err != nil {
		return nil, err
	}
	defer func() {
		if e := os.RemoveAll(folder); err == nil {
			err = e
		}
	}()
	config := run.DefaultConfig()
	config.Threads, config.Schedule = threads, new(fmt.Sprintf("0.05x%d", checkpointEpochs))
	c = &CheckpointCost{Folder: filepath.Dir(folder), Without: math.Inf(1), With: math.Inf(1)}
	for turn := range checkpointTurns {
		without, err := epochTime(ctx, config, sets, nil)
		if err != nil {
			return nil, err
		}
		recorder, err := run.New(filepath.Join(folder, fmt.Sprint(turn)), config, sets, run.NewOptions{})
		if err != nil {
			return nil, err
		}
		with, err := epochTime(ctx, config, sets, recorder)
		if closed := recorder.Close(); err == nil {
			err = closed
		}
		if err != nil {
			return nil, err
		}
		c.Without, c.With = min(c.Without, without), min(c.With, with)
		c.Epochs += checkpointEpochs - 1
	}
	return c, nil
}

// epochTime is the shortest time from one epoch of a training to the next.
func epochTime(ctx context.Context, c run.Config, sets *run.Sets, r *run.Recorder) (float64, error) {
	t, err := run.NewTraining(c, sets, run.TrainOptions{})
	if err != nil {
		return 0, err
	}
	if r != nil {
		t.Keep(r)
	}
	least := math.Inf(1)
	var before time.Time
	err = t.Run(ctx, func(train.Epoch, *run.End) error {
		now := time.Now()
		if !before.IsZero() {
			least = min(least, now.Sub(before).Seconds())
		}
		before = now
		return nil
	})
	return least, err
}
