package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

var constants = map[uint32]Mem{}

// constData is a number in the read-only data.
func constData(x float32) Mem { return constBits(math.Float32bits(x)) }

// constBits is four bytes in the read-only data.
func constBits(bits uint32) Mem {
	if m, ok := constants[bits]; ok {
		return m
	}
	m := ConstData(fmt.Sprintf("number_%08x", bits), U32(bits))
	constants[bits] = m
	return m
}
