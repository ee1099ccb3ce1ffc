package main

import (
	"strings"

	"github.com/spf13/pflag"

	"gradus/sweep"
)

// axisFlag is a flag of sweep that takes the values of an axis where train
// takes one.
type axisFlag struct {
	flag  *pflag.Flag
	text  string
	axis  sweep.Axis
	given bool
}

// asAxis makes an axis of a setting's flag.
func asAxis(f *pflag.Flag) *axisFlag {
	a := &axisFlag{flag: f, text: f.Value.String()}
	f.Value = a
	f.Usage = strings.ReplaceAll(f.Usage, "`", "")
	return a
}

// String is the text of the values.
func (a *axisFlag) String() string { return a.text }

// Set parses the values.
func (a *axisFlag) Set(text string) error {
	axis, err := sweep.ParseAxis(a.flag.Name, text)
	if err != nil {
		return err
	}
	a.text, a.axis, a.given = text, axis, true
	return nil
}

// Type is the kind of value, which help shows.
func (*axisFlag) Type() string { return "values" }
