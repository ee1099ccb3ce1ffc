package run

import (
	"encoding/json"
	"errors"
	"fmt"

	"gradus/device"
	"gradus/diagnose"
	"gradus/nn"
	"gradus/train"
)

// Result is what a training found.
type Result struct {
	Config Config // effective: with a schedule
	Epochs []train.Epoch
	End    *End      // nil where the training did not reach it
	Model  nn.Module // as it is at the end; nil where it could not be made
}

// End is what is known when the last epoch is over.
type End struct {
	Weights string       // their SHA-256, train.Fingerprint
	Test    *train.Score // on the test set, where epochs are measured on held-out samples
}

// Last is the result of the last epoch; there may be none.
func (r *Result) Last() (e train.Epoch, ok bool) {
	if len(r.Epochs) == 0 {
		return e, false
	}
	return r.Epochs[len(r.Epochs)-1], true
}

// Measured names what epochs are measured on: Test or Validation.
func (c Config) Measured() string {
	if c.Validation > 0 {
		return "Validation"
	}
	return "Test"
}

// MarshalJSON writes the settings and a record for each epoch.
func (r *Result) MarshalJSON() ([]byte, error) {
	records := make([]Record, len(r.Epochs))
	for i, e := range r.Epochs {
		var end *End
		if i == len(r.Epochs)-1 {
			end = r.End
		}
		records[i] = NewRecord(r.Config, e, end)
	}
	return json.Marshal(struct {
		Config Config   `json:"config"`
		Epochs []Record `json:"epochs"`
	}{r.Config, records})
}

// Record is an epoch as JSON has it. Losses are means, errors shares from 0
// to 1.
type Record struct {
	Stage           int      `json:"stage"`
	Epoch           int      `json:"epoch"`
	Epochs          int      `json:"epochs"`
	LearningRate    float64  `json:"lr"`
	Momentum        float64  `json:"momentum"`
	Batch           int      `json:"batch"`
	TrainLoss       float64  `json:"train_loss"`
	TrainError      float64  `json:"train_error"`
	ValidationError *float64 `json:"validation_error,omitempty"`
	TestError       *float64 `json:"test_error,omitempty"`
	Seconds         float64  `json:"seconds"`
	TestSeconds     float64  `json:"test_seconds"`
	Weights         string   `json:"weights_sha256,omitempty"`

	// What NewRecord leaves to those who look for it.
	Warnings  []diagnose.Warning `json:"warnings,omitempty"`
	DeadUnits []diagnose.Layer   `json:"dead_units,omitempty"`
}

// NewRecord is an epoch of a training; end, nil for all but the last, is what
// was found after it.
func NewRecord(c Config, e train.Epoch, end *End) Record {
	r := Record{
		Stage: e.Stage, Epoch: e.Epoch, Epochs: e.Epochs,
		LearningRate: e.LearningRate, Momentum: c.Momentum, Batch: c.Batch,
		TrainLoss: e.Train.Loss, TrainError: e.Train.Error,
		Seconds: e.Seconds, TestSeconds: e.TestSeconds,
	}
	if c.Validation > 0 {
		r.ValidationError = &e.Test.Error
	} else {
		r.TestError = &e.Test.Error
	}
	if end != nil {
		r.Weights = end.Weights
		if end.Test != nil {
			r.TestError = &end.Test.Error
		}
	}
	return r
}

// Explain says where a training ended early.
func Explain(e train.Epoch, err error) error {
	if e.Stage == 0 { // before the first epoch
		return err
	}
	hint := ""
	if nf := (*device.NonFiniteError)(nil); errors.As(err, &nf) {
		hint = "; a smaller learning rate may help"
	}
	return fmt.Errorf("stage %d, epoch %d: %w%s", e.Stage, e.Epoch, err, hint)
}
