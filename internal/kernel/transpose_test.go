package kernel

import (
	"testing"

	"gradus/random"
)

func TestTranspose(t *testing.T) {
	eachISA(t, func(t *testing.T, isa ISA) {
		r := random.New(1, "transpose")
		for _, strides := range [][2]int{{16, 16}, {17, 33}, {40, 16}} {
			to, from := strides[0], strides[1]
			rows := integers(r, 16*from)
			got, want := newBanded(15*to+16, 3), newBanded(15*to+16, 3)
			for i := range Lanes {
				for j := range Lanes {
					want.x[j*to+i] = rows[i*from+j]
				}
			}
			isa.transpose(got.x, rows, to, from)
			same(t, "transposed", got.all, want.all)
			for i := range Lanes {
				for j := range Lanes {
					want.x[j*to+i] *= 2
				}
			}
			isa.transposeAdd(got.x, rows, to, from)
			same(t, "added", got.all, want.all)
		}
	})
}
