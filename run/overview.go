package run

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"gradus/run/checkpoint"
)

// State is how far a run has come.
type State string

// The states of runs.
const (
	Running  State = "running"  // a process trains it now
	Finished State = "finished" // nothing is left to train
	Stopped  State = "stopped"  // it can go on
	Broken   State = "broken"   // its files cannot be read
)

// Overview is what a run's directory says at a glance. No checkpoint is opened.
type Overview struct {
	Path    string   `json:"path"`
	State   State    `json:"state"`
	Fault   string   `json:"fault,omitempty"`  // of a broken run
	Holder  string   `json:"holder,omitempty"` // of a running one
	About   *About   `json:"about,omitempty"`
	Step    int      `json:"step"`   // of the newest checkpoint
	Epochs  int      `json:"epochs"` // with a record
	Of      int      `json:"of"`     // epochs of the schedule
	Records []Record `json:"records"`
	Notices []string `json:"notices,omitempty"` // of the log
}

// Look makes an overview. A directory that is not a whole run is a broken one.
func Look(dir string) *Overview {
	o := &Overview{Path: dir, Records: []Record{}}
	if err := o.read(); err != nil {
		o.State, o.Fault = Broken, err.Error()
	}
	return o
}

func (o *Overview) read() error {
	d, err := Open(o.Path)
	if err != nil {
		return err
	}
	o.About = &d.About
	stages, err := d.Config().Stages()
	if err != nil {
		return err
	}
	o.Of = totalEpochs(stages)
	steps, err := checkpoint.Steps(d.Path)
	if err != nil {
		return err
	}
	if len(steps) > 0 {
		o.Step = steps[len(steps)-1]
	}
	log, err := d.Metrics()
	if err != nil {
		return err
	}
	for _, line := range log.Lines {
		var r Record
		if err := json.Unmarshal(line.Text, &r); err != nil {
			return fmt.Errorf("%s: offset %d: expected the record of an epoch, got other keys or values", filepath.Join(o.Path, MetricsFile), line.Offset)
		}
		o.Records = append(o.Records, r)
	}
	for _, notice := range log.Notices() {
		o.Notices = append(o.Notices, filepath.Join(o.Path, MetricsFile)+": "+notice)
	}
	o.Epochs = max(0, log.Last())
	o.State = Stopped
	if o.Epochs >= o.Of && len(steps) > 0 {
		o.State = Finished
	}
	if o.Holder, err = d.Holder(); err != nil {
		return err
	}
	switch {
	case o.Holder != "":
		o.State = Running
	case len(steps) == 0:
		return fmt.Errorf("%s: expected a checkpoint, got none", o.Path)
	}
	return nil
}

// Last is the record of the last epoch, nil where there is none.
func (o *Overview) Last() *Record {
	if len(o.Records) == 0 {
		return nil
	}
	return &o.Records[len(o.Records)-1]
}

// Best is the record with the smallest error, the first of equal ones; nil
// where there is none.
func (o *Overview) Best() *Record {
	var best *Record
	for i := range o.Records {
		if r := &o.Records[i]; best == nil || r.Measured() < best.Measured() {
			best = r
		}
	}
	return best
}

// Measured is the error that epochs are compared by: on the validation samples
// where some are held out, else on the test set.
func (r *Record) Measured() float64 {
	switch {
	case r.ValidationError != nil:
		return *r.ValidationError
	case r.TestError != nil:
		return *r.TestError
	}
	return 1
}

// List finds the runs in a folder, by name. A folder that is itself a run is the
// only one. Folders that have nothing of a run are left out; what has is listed,
// whatever state it is in.
func List(folder string) ([]*Overview, error) {
	if isRun(folder) {
		return []*Overview{Look(folder)}, nil
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("%s: expected a folder that can be read, got %w", folder, cause(err))
	}
	var list []*Overview
	for _, e := range entries {
		if path := filepath.Join(folder, e.Name()); isRun(path) {
			list = append(list, Look(path))
		}
	}
	return list, nil
}

// isRun reports whether a folder has something of a run.
func isRun(path string) bool {
	return slices.ContainsFunc([]string{ConfigFile, MetricsFile, checkpoint.Folder}, func(name string) bool {
		_, err := os.Lstat(filepath.Join(path, name))
		return err == nil
	})
}
