package main

import (
	"errors"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
)

// Numbers are decimal. pflag's own flags read 016, which is how the results show
// a batch, as an octal 14.

func wholeNumber(text string) (int, error) { return strconv.Atoi(text) }

func unsignedNumber(text string) (uint64, error) { return strconv.ParseUint(text, 10, 64) }

func number(text string) (float64, error) {
	// ParseFloat also reads hexadecimal numbers and underscores, which are
	// typing errors here.
	if strings.ContainsAny(text, "_xXpP") {
		return 0, errors.New("not decimal")
	}
	return strconv.ParseFloat(text, 64)
}

func formatNumber(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// value is a flag that always has one.
type value[T any] struct {
	to     *T
	kind   string
	parse  func(string) (T, error)
	format func(T) string
}

func intValue(to *int) pflag.Value { return &value[int]{to, "int", wholeNumber, strconv.Itoa} }

func uint64Value(to *uint64) pflag.Value {
	return &value[uint64]{to, "uint64", unsignedNumber, func(x uint64) string { return strconv.FormatUint(x, 10) }}
}

func float64Value(to *float64) pflag.Value {
	return &value[float64]{to, "float64", number, formatNumber}
}

// String is the value as Set reads it.
func (v *value[T]) String() string {
	if v.to == nil {
		return ""
	}
	return v.format(*v.to)
}

// Set parses a value.
func (v *value[T]) Set(text string) error {
	x, err := v.parse(text)
	if err == nil {
		*v.to = x
	}
	return err
}

// Type is the kind of value: pflag's name for it.
func (v *value[T]) Type() string { return v.kind }
