package main

import (
	"strconv"

	"github.com/spf13/pflag"
)

// optional is a flag whose absence means something else than any value.
type optional[T any] struct {
	to     **T
	kind   string
	parse  func(string) (T, error)
	format func(T) string
}

func optionalText(to **string) pflag.Value {
	return &optional[string]{to, "string",
		func(text string) (string, error) { return text, nil },
		func(text string) string { return text }}
}

func optionalCount(to **int) pflag.Value {
	return &optional[int]{to, "int", wholeNumber, strconv.Itoa}
}

func optionalNumber(to **float64) pflag.Value {
	return &optional[float64]{to, "float64", number, formatNumber}
}

// String is the value as Set reads it, "" where there is none.
func (o *optional[T]) String() string {
	if o.to == nil || *o.to == nil {
		return ""
	}
	return o.format(**o.to)
}

// Set parses a value.
func (o *optional[T]) Set(text string) error {
	v, err := o.parse(text)
	if err == nil {
		*o.to = &v
	}
	return err
}

// Type is the kind of value: pflag's name for it.
func (o *optional[T]) Type() string { return o.kind }
