package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"gradus/diagnose"
	"gradus/optim"
	"gradus/report"
	"gradus/run"
	"gradus/train"
)

// printer writes what a training finds.
type printer interface {
	// begin is called before the first epoch.
	begin() error
	// epoch is called after each one, with what there is to warn of; end is
	// given with the last.
	epoch(e train.Epoch, warnings []diagnose.Warning, end *end) error
}

// end is what is known when the last epoch is over.
type end struct {
	weights string   // their SHA-256
	test    *float64 // the error on the test set, where epochs are measured on another
	layers  []diagnose.Layer
}

// textPrinter writes the notebook's lines.
type textPrinter struct {
	out    io.Writer
	config run.Config
	stages []optim.Stage
}

func (p textPrinter) begin() error { return p.announce(0) }

// announce writes the line of stage i, and those of the stages after it that
// follow without an epoch.
func (p textPrinter) announce(i int) error {
	for ; i < len(p.stages); i++ {
		line := report.StageLine(p.config.Batch, p.stages[i].LearningRate, p.config.Momentum)
		if i > 0 {
			line = "\n" + line
		}
		if err := writeLine(p.out, line); err != nil || p.stages[i].Epochs > 0 {
			return err
		}
	}
	return nil
}

func (p textPrinter) epoch(e train.Epoch, _ []diagnose.Warning, end *end) error {
	set := "Test"
	if p.config.Validation > 0 {
		set = "Validation"
	}
	line := report.EpochLine(e.Epoch, e.Epochs, e.Train.Error, set, e.Test.Error)
	if err := writeLine(p.out, line); err != nil {
		return err
	}
	if e.Epoch == e.Epochs {
		if err := p.announce(e.Stage); err != nil {
			return err
		}
	}
	if end != nil && end.test != nil {
		return writeLine(p.out, report.ErrorOn("Test", *end.test))
	}
	return nil
}

// jsonPrinter writes an object per epoch, a line each.
type jsonPrinter struct {
	out    io.Writer
	config run.Config
}

// epochRecord is such an object. Losses are means, errors shares from 0 to 1.
type epochRecord struct {
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

	Warnings []diagnose.Warning `json:"warnings,omitempty"`
	Layers   []diagnose.Layer   `json:"dead_units,omitempty"`
}

func (jsonPrinter) begin() error { return nil }

func (p jsonPrinter) epoch(e train.Epoch, warnings []diagnose.Warning, end *end) error {
	r := epochRecord{
		Stage: e.Stage, Epoch: e.Epoch, Epochs: e.Epochs,
		LearningRate: e.LearningRate, Momentum: p.config.Momentum, Batch: p.config.Batch,
		TrainLoss: e.Train.Loss, TrainError: e.Train.Error,
		Seconds: e.Seconds, TestSeconds: e.TestSeconds,
		Warnings: warnings,
	}
	if p.config.Validation > 0 {
		r.ValidationError = &e.Test.Error
	} else {
		r.TestError = &e.Test.Error
	}
	if end != nil {
		r.Weights, r.Layers = end.weights, end.layers
		if end.test != nil {
			r.TestError = end.test
		}
	}
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return writeLine(p.out, string(text))
}

// writeJSON writes a value as indented JSON.
func writeJSON(w io.Writer, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return writeLine(w, string(text))
}

func writeLine(w io.Writer, line string) error {
	_, err := io.WriteString(w, line+"\n")
	return unwritten(err)
}

// unwritten words an error of writing results.
func unwritten(err error) error {
	if err == nil {
		return nil
	}
	if cause := (*fs.PathError)(nil); errors.As(err, &cause) {
		err = cause.Err
	}
	return fmt.Errorf("standard output: expected to write the results, got %w", err)
}
