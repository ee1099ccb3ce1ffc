package kernel

import (
	"testing"

	"gradus/random"
)

func TestTranspose(t *testing.T) {
	eachISA(t, func(t *testing.T, isa ISA) {
		r := random.New(1, "transpose")
		for _, strides := range [][2]int{{16, 16}, {17, 33}, {40, 16}} {
			for count := 1; count <= 3; count++ {
				to, from := strides[0], strides[1]
				toNext, fromNext := 16*to+3, 16*from+5
				rows := integers(r, (count-1)*fromNext+16*from)
				got, want := newBanded((count-1)*toNext+15*to+16, 3), newBanded((count-1)*toNext+15*to+16, 3)
				for n := range count {
					for i := range Lanes {
						for j := range Lanes {
							want.x[n*toNext+j*to+i] = rows[n*fromNext+i*from+j]
						}
					}
				}
				isa.transpose(&squares{got.x, rows, to, from, count, toNext, fromNext})
				same(t, "transposed", got.all, want.all)
			}
		}
	})
}
