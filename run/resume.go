package run

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"

	"gradus/internal/strictjson"
	"gradus/run/checkpoint"
	"gradus/run/metrics"
	"gradus/weights"
)

// ResumeOptions are how a run goes on.
type ResumeOptions struct {
	// Config are the settings to go on with. Without Override they must be the
	// run's, threads aside.
	Config   Config
	Override bool
	Every    *Interval // nil means as before
	Keep     int       // 0 means as before

	Strict         bool // refuse where the newest checkpoint is damaged, in place of going back
	SkipBad        bool // go on with a log that is damaged in the middle
	AllowNonFinite bool // go on with weights that are not finite
	RecorderOptions
}

// Conflict is a run that was saved with other settings than those given.
type Conflict struct {
	Dir         string
	Differences []Difference
}

// Error lists what differs.
func (e *Conflict) Error() string {
	text := "expected the settings of the run " + e.Dir + ", got "
	for i, d := range e.Differences {
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprintf("%s %s in place of %s", d.Setting, d.Given, d.Saved)
	}
	return text + "; --override goes on with them"
}

// Finished reports whether a run has nothing left to train, after how many steps.
func (d *Dir) Finished() (steps int, finished bool, err error) {
	c, damaged, err := checkpoint.Newest(d.Path)
	if err != nil {
		return 0, false, err
	}
	stages, err := d.Config().Stages()
	if err != nil {
		return 0, false, err
	}
	return c.Steps, len(damaged) == 0 && c.Epochs == totalEpochs(stages) && c.Settings == d.Config().settings(), nil
}

// Resume goes on with a run where its newest checkpoint is. The sets are those of
// the settings, whole. A newest checkpoint that cannot be read is renamed to
// .corrupt, with a warning, and the one before it is taken. Close the recorder
// when the training is over.
func Resume(d *Dir, sets *Sets, o ResumeOptions) (*Recorder, error) {
	given := o.Config.Effective()
	differences := d.Config().Differences(given)
	digest := sets.Digest()
	if digest != d.About.Data {
		differences = append(differences, Difference{"data of sha256", d.About.Data, digest})
	}
	if len(differences) > 0 && !o.Override {
		return nil, &Conflict{d.Path, differences}
	}
	about := d.About
	about.Settings, about.Data = given, digest
	if o.Every != nil {
		about.Checkpoint.Every = o.Every.String()
	}
	if o.Keep > 0 {
		about.Checkpoint.Keep = o.Keep
	}
	before, err := d.About.text()
	if err != nil {
		return nil, err
	}
	after, err := about.text()
	if err != nil {
		return nil, err
	}
	next := &Dir{Path: d.Path, About: about}
	r, err := newRecorder(next, o.RecorderOptions)
	if err != nil {
		return nil, err
	}
	if err := r.goOn(o, d.Config().settings(), sets, len(differences) > 0); err != nil {
		return nil, r.abandon(err)
	}
	if !bytes.Equal(before, after) {
		if err := next.writeAbout(); err != nil {
			return nil, r.abandon(err)
		}
	}
	return r, nil
}

// goOn finds the checkpoint and repairs what a kill left.
func (r *Recorder) goOn(o ResumeOptions, settings string, sets *Sets, overridden bool) error {
	dir := r.Dir.Path
	c, damaged, err := checkpoint.Newest(dir)
	if err != nil {
		return err
	}
	if len(damaged) > 0 && o.Strict {
		return damaged[0].Err
	}
	if err := checkSettings(checkpoint.Path(dir, c.Steps), c, settings, o.Override); err != nil {
		return err
	}
	if overridden { // else it was trained with these settings
		if err := checkNetwork(checkpoint.Path(dir, c.Steps), c, o.Config.Network(sets.Train)); err != nil {
			return err
		}
	}
	if err := weights.CheckFinite(slices.Concat(c.Weights, c.Memory)); err != nil && !o.AllowNonFinite {
		return fmt.Errorf("%s: %w; --allow-nonfinite goes on with them", checkpoint.Path(dir, c.Steps), err)
	}
	if err := r.Dir.sweepUp(); err != nil {
		return err
	}
	for _, bad := range damaged {
		kept := bad.Path + ".corrupt"
		if err := os.Rename(bad.Path, kept); err != nil {
			return fmt.Errorf("%s: expected to rename the file, got %w", bad.Path, cause(err))
		}
		r.warn(fmt.Sprintf("step %d cannot be read, going back to step %d: %v; the file is kept as %s", bad.Step, c.Steps, bad.Err, kept))
	}
	steps, err := checkpoint.Steps(dir)
	if err != nil {
		return err
	}
	r.from, r.base.Best = c, c.Best
	r.store = checkpoint.NewStore(dir, r.options.fs, r.Dir.About.Checkpoint.Keep, steps)
	log := metrics.Options{SkipBad: o.SkipBad}
	if overridden {
		log.Until = &c.Epochs // what follows was found with other settings
	}
	return r.openLog(log)
}

// checkSettings refuses a checkpoint of a run with other settings than
// config.json: one of the two was changed.
func checkSettings(path string, c *checkpoint.Checkpoint, settings string, override bool) error {
	if c.Settings == settings || override {
		return nil
	}
	var saved, want Config
	if err := strictjson.Decode([]byte(c.Settings), &saved); err != nil {
		return fmt.Errorf("%s: settings: %w", path, err)
	}
	if err := json.Unmarshal([]byte(settings), &want); err != nil {
		return err
	}
	if d := saved.Differences(want); len(d) > 0 {
		return &Conflict{path, d}
	}
	return errors.New(path + ": expected the settings of " + ConfigFile + ", got others")
}

// Begin says where the training begins: nil for its first step.
func (r *Recorder) Begin() *checkpoint.Checkpoint { return r.from }
