package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gradus/device"
	"gradus/internal/spell"
)

// The exit codes. An interrupted command ends with 128 and the signal's number.
const (
	exitDone     = 0
	exitFailed   = 1 // while running: files, data
	exitMisuse   = 2 // nothing was started
	exitAbnormal = 3 // training met numbers that are not finite
	exitPartly   = 4 // some trainings of a sweep failed
)

// misuseError is an error of the person at the keyboard.
type misuseError struct{ error }

func (e misuseError) Unwrap() error { return e.error }

func misuse(format string, args ...any) error { return misuseError{fmt.Errorf(format, args...)} }

func exitCode(err error) int {
	if i := (interruption{}); errors.As(err, &i) {
		return i.exitCode()
	}
	if nf := (*device.NonFiniteError)(nil); errors.As(err, &nf) {
		return exitAbnormal
	}
	if f := (failedTrainings{}); errors.As(err, &f) {
		return exitPartly
	}
	if m := (misuseError{}); errors.As(err, &m) {
		return exitMisuse
	}
	return exitFailed
}

// printError writes an error as one line, whatever names it quotes.
func printError(w io.Writer, err error) { fmt.Fprintln(w, "gradus: "+oneLine.Replace(err.Error())) }

func printWarning(w io.Writer, text string) {
	fmt.Fprintln(w, "gradus: warning: "+oneLine.Replace(text))
}

var oneLine = strings.NewReplacer("\n", `\n`, "\r", `\r`)

// flagError puts pflag's errors into the words of all others.
func flagError(cmd *cobra.Command, err error) error {
	switch e := err.(type) {
	case *pflag.InvalidValueError:
		if _, ok := e.GetFlag().Value.(*axisFlag); ok {
			return misuseError{e.Unwrap()} // it names the setting
		}
		return misuse("%s: expected %s, got %.40q", e.GetFlag().Name, valueOf(e.GetFlag()), e.GetValue())
	case *pflag.ValueRequiredError:
		return misuse("%s: expected %s, got nothing", e.GetSpecifiedName(), valueOf(e.GetFlag()))
	case *pflag.NotExistError:
		return unknownFlag(cmd, e)
	}
	return misuseError{err}
}

func unknownFlag(cmd *cobra.Command, e *pflag.NotExistError) error {
	name, dashes := e.GetSpecifiedName(), "--"
	if short := e.GetSpecifiedShortnames(); short != "" {
		name, dashes = short, "-"
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	hint := fmt.Sprintf("; %s --help lists the flags", cmd.CommandPath())
	if near, ok := spell.Nearest(name, names); ok {
		hint = fmt.Sprintf("; did you mean --%s?", near)
	}
	return misuse("unknown flag %s%.40s%s", dashes, name, hint)
}

// valueOf is what a flag wants to be given.
func valueOf(f *pflag.Flag) string {
	switch f.Value.Type() {
	case "int":
		return "a whole number"
	case "uint64":
		return "a whole number of at least 0"
	case "float64":
		return "a number"
	case "bool":
		return "true or false"
	case "duration":
		return "a time such as 30s"
	}
	return "a value"
}
