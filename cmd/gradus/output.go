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
	// begin is called before the first epoch, with its stage, from 0.
	begin(stage int) error
	// epoch is called after each one.
	epoch(e train.Epoch, found findings) error
}

// findings are what there is to say of an epoch beside its errors.
type findings struct {
	warnings []diagnose.Warning
	end      *run.End         // nil for all but the last epoch
	layers   []diagnose.Layer // their dead units after the last epoch
}

// textPrinter writes the notebook's lines.
type textPrinter struct {
	out    io.Writer
	config run.Config
	stages []optim.Stage
}

func (p textPrinter) begin(stage int) error { return p.announce(stage, stage) }

// announce writes the line of stage i, and those of the stages after it that
// follow without an epoch; first is the one that no other precedes.
func (p textPrinter) announce(i, first int) error {
	for ; i < len(p.stages); i++ {
		line := report.StageLine(p.config.Batch, p.stages[i].LearningRate, p.config.Momentum)
		if i > first {
			line = "\n" + line
		}
		if err := writeLine(p.out, line); err != nil || p.stages[i].Epochs > 0 {
			return err
		}
	}
	return nil
}

func (p textPrinter) epoch(e train.Epoch, found findings) error {
	line := report.EpochLine(e.Epoch, e.Epochs, e.Train.Error, p.config.Measured(), e.Test.Error)
	if err := writeLine(p.out, line); err != nil {
		return err
	}
	if e.Epoch == e.Epochs {
		if err := p.announce(e.Stage, 0); err != nil {
			return err
		}
	}
	if found.end != nil && found.end.Test != nil {
		return writeLine(p.out, report.ErrorOn("Test", found.end.Test.Error))
	}
	return nil
}

// jsonPrinter writes a run.Record per epoch, a line each.
type jsonPrinter struct {
	out    io.Writer
	config run.Config
}

func (jsonPrinter) begin(int) error { return nil }

func (p jsonPrinter) epoch(e train.Epoch, found findings) error {
	record := run.NewRecord(p.config, e, found.end)
	record.Warnings, record.DeadUnits = found.warnings, found.layers
	text, err := json.Marshal(record)
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
