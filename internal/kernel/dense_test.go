package kernel

import (
	"fmt"
	"math"
	"testing"

	"gradus/random"
)

// linear is the operands of a layer's passes.
type linear struct {
	in, out, groups   int
	x, dy, w, bias    []float32
	y, dx, dw         []float32 // what portable code makes of them
	outputs, features int       // numbers of all groups
}

// newLinear draws a layer whose operands begin anywhere.
func newLinear(r *random.Stream, in, out, groups, offset int, draw func(r *random.Stream, n, offset int) []float32) *linear {
	l := &linear{in: in, out: out, groups: groups, outputs: groups * out * Lanes, features: groups * in * Lanes}
	l.x, l.dy = draw(r, l.features, offset), draw(r, l.outputs, offset)
	l.w, l.bias = draw(r, in*out, offset), draw(r, out, offset)
	l.y, l.dx, l.dw = l.compute(Portable, 0, nil)
	return l
}

// compute runs the passes of an instruction set, in parts that end at fractions
// of the outputs or features, on memory with guard bands.
func (l *linear) compute(isa ISA, offset int, t *testing.T, ends ...float64) (y, dx, dw []float32) {
	d := NewDense(l.in, l.out, isa)
	results := []banded{newBanded(l.outputs, offset), newBanded(l.features, offset), newBanded(l.in*l.out, offset)}
	scratch := []banded{newBanded(0, 0), newBanded(d.DataScratch(l.groups), offset), newBanded(d.WeightScratch(l.groups), offset)}
	y, dx, dw = results[0].x, results[1].x, results[2].x
	from := 0.0
	for _, to := range append(ends, 1) {
		outputs := [2]int{int(from * float64(l.out)), int(to * float64(l.out))}
		features := [2]int{int(from * float64(l.in)), int(to * float64(l.in))}
		d.Forward(y, l.x, l.w, l.bias, l.groups, outputs[0], outputs[1])
		d.DataGradient(dx, l.w, l.dy, nil, scratch[1].x, l.groups, features[0], features[1])
		d.WeightGradient(dw, l.x, l.dy, scratch[2].x, l.groups, features[0], features[1])
		from = to
	}
	for i, pass := range []string{"forward", "data gradient", "weight gradient"} {
		if t != nil && len(results[i].x) > 0 {
			results[i].check(t, pass)
		}
		if t != nil && len(scratch[i].x) > 0 {
			scratch[i].check(t, "scratch memory of the "+pass)
		}
	}
	return y, dx, dw
}

// sizes are layers of all kinds: every height of a panel and every rest of a block,
// and more than a block of everything.
func sizes(r *random.Stream) [][3]int {
	list := [][3]int{
		{1, 1, 1}, {16, 12, 1}, {16, 24, 2}, {17, 13, 4}, {forwardTerms + 9, forwardRows + 5, 3}, {20, dataTerms + 3, 5},
		{dataRows + 7, 3, 4}, {weightFeatures + 33, 5, 1}, {18, weightRows + 7, weightGroups + 1}, {5, 4, 2*weightGroups + 3},
		{1366, 48, 1}, {6557, 10, 1}, {333, 3, 500}, // large, and too much for a call
	}
	for range 80 {
		list = append(list, [3]int{1 + r.IntN(70), 1 + r.IntN(40), 1 + r.IntN(7)})
	}
	return list
}

// TestDenseAgreesWithPortableCode has operands that lie between NaN.
func TestDenseAgreesWithPortableCode(t *testing.T) {
	r := random.New(3, "dense")
	for i, s := range sizes(r) {
		offset := i % 5
		l := newLinear(r, s[0], s[1], s[2], offset, amongNaN)
		for _, isa := range Available() {
			t.Run(fmt.Sprintf("%s/%v", isa, s), func(t *testing.T) {
				y, dx, dw := l.compute(isa, offset, t)
				same(t, "forward", y, l.y)
				same(t, "data gradient", dx, l.dx)
				same(t, "weight gradient", dw, l.dw)
			})
		}
	}
}

// TestDensePartsChangeNoBit computes outputs and features in parts that end
// anywhere, and groups by themselves.
func TestDensePartsChangeNoBit(t *testing.T) {
	draw := func(r *random.Stream, n, _ int) []float32 { return reals(r, n) }
	r := random.New(4, "dense")
	for _, s := range sizes(r) {
		l := newLinear(r, s[0], s[1], s[2], 0, draw)
		for _, isa := range Available() {
			t.Run(fmt.Sprintf("%s/%v", isa, s), func(t *testing.T) {
				y, dx, dw := l.compute(isa, 1, t)
				y2, dx2, dw2 := l.compute(isa, 2, t, 0.3, 0.3, 0.8)
				same(t, "forward in parts", y2, y)
				same(t, "data gradient in parts", dx2, dx)
				same(t, "weight gradient in parts", dw2, dw)
				out, in := l.out*Lanes, l.in*Lanes
				for g := range l.groups {
					one := &linear{
						in: l.in, out: l.out, groups: 1, outputs: out, features: in,
						x: l.x[g*in : (g+1)*in], dy: l.dy[g*out : (g+1)*out], w: l.w, bias: l.bias,
					}
					y1, dx1, _ := one.compute(isa, 0, t)
					same(t, "forward of a group", y1, y[g*out:(g+1)*out])
					same(t, "data gradient of a group", dx1, dx[g*in:(g+1)*in])
				}
			})
		}
	}
}

// TestDenseGate wants the data gradient of a layer and of the relu before it to be
// the two one after the other, in parts, too.
func TestDenseGate(t *testing.T) {
	r := random.New(8, "dense")
	for i, s := range sizes(r) {
		l := newLinear(r, s[0], s[1], s[2], 0, func(r *random.Stream, n, _ int) []float32 { return reals(r, n) })
		gate := reals(r, l.features)
		for j := range gate {
			if k := r.IntN(4 * len(special)); k < len(special) {
				gate[j] = special[k]
			}
		}
		for _, isa := range Available() {
			_, want, _ := l.compute(isa, 0, t)
			isa.ReLUGradient(want, gate, want)
			d, got := NewDense(l.in, l.out, isa), newBanded(l.features, i%5)
			scratch := make([]float32, d.DataScratch(l.groups))
			for _, part := range [][2]int{{0, l.in / 3}, {l.in / 3, l.in}} {
				d.DataGradient(got.x, l.w, l.dy, gate, scratch, l.groups, part[0], part[1])
			}
			what := fmt.Sprintf("%s: %v: gated data gradient", isa, s)
			same(t, what, got.x, want)
			got.check(t, what)
			if d.GateInPlace(l.groups) {
				over := append([]float32{}, gate...)
				d.DataGradient(over, l.w, l.dy, over, scratch, l.groups, 0, l.in)
				same(t, what+" in its place", over, want)
			}
		}
	}
}

// TestDenseOverwrites wants results that do not depend on what stood there, and
// gradients of no samples that are zero.
func TestDenseOverwrites(t *testing.T) {
	eachISA(t, func(t *testing.T, isa ISA) {
		const in, out = 21, 15
		dw := reals(random.New(5, "dense"), in*out)
		want := append([]float32{}, dw...)
		d := NewDense(in, out, isa)
		d.Forward(nil, nil, dw, nil, 0, 0, out)
		d.DataGradient(nil, dw, nil, nil, nil, 0, 0, in)
		same(t, "operand", dw, want)
		d.WeightGradient(dw, nil, nil, nil, 0, 0, in)
		same(t, "gradient of no samples", dw, make([]float32, in*out))
	})
}

// TestDenseWithoutBias begins with zero.
func TestDenseWithoutBias(t *testing.T) {
	eachISA(t, func(t *testing.T, isa ISA) {
		const in, out, groups = 300, 110, 2
		r := random.New(6, "dense")
		x, w := integers(r, groups*in*Lanes), integers(r, in*out)
		got, want := integers(r, groups*out*Lanes), make([]float32, groups*out*Lanes)
		NewDense(in, out, isa).Forward(got, x, w, nil, groups, 0, out)
		NewDense(in, out, Portable).Forward(want, x, w, make([]float32, out), groups, 0, out)
		same(t, "forward", got, want)
	})
}

// TestDenseOfSpecialNumbers multiplies every special number with every other:
// sums of one term are rounded once by all instruction sets. The sum begins with
// 0, so a product that is -0 gives 0; one that is rounded to 0 may have a sign.
func TestDenseOfSpecialNumbers(t *testing.T) {
	eachISA(t, func(t *testing.T, isa ISA) {
		for groups := 1; groups <= 5; groups++ {
			d := NewDense(1, 1, isa)
			for i, a := range special {
				for j, b := range special {
					x, dy := make([]float32, groups*Lanes), make([]float32, groups*Lanes)
					last := len(x) - 1 - (i+j)%Lanes
					x[last], dy[last] = a, b
					y, dx, dw := make([]float32, len(x)), make([]float32, len(x)), make([]float32, 1)
					d.Forward(y, x, []float32{b}, nil, groups, 0, 1)
					d.DataGradient(dx, []float32{a}, dy, nil, make([]float32, d.DataScratch(groups)), groups, 0, 1)
					d.WeightGradient(dw, x, dy, make([]float32, d.WeightScratch(groups)), groups, 0, 1)
					want, exact := 0+float32(a*b), a == 0 || b == 0
					for what, got := range map[string]float32{"forward": y[last], "data gradient": dx[last], "weight gradient": dw[0]} {
						if got != want && (got == got || want == want) || exact && math.Signbit(float64(got)) && got == 0 {
							t.Fatalf("%d groups: %s: %v * %v: got %v, want %v", groups, what, a, b, got, want)
						}
					}
				}
			}
		}
	})
}

// TestDenseKeepsInfinityInItsPlace wants what is not finite to spoil its own sample
// and its own weights only.
func TestDenseKeepsInfinityInItsPlace(t *testing.T) {
	r := random.New(7, "dense")
	draw := func(r *random.Stream, n, _ int) []float32 {
		x := integers(r, n)
		x[r.IntN(n)] = special[len(special)-3+r.IntN(3)]
		return x
	}
	for _, s := range sizes(r) {
		l := newLinear(r, s[0], s[1], s[2], 0, draw)
		for _, isa := range Available() {
			y, dx, dw := l.compute(isa, 0, t)
			what := fmt.Sprintf("%s: %v: ", isa, s)
			same(t, what+"forward", y, l.y)
			same(t, what+"data gradient", dx, l.dx)
			same(t, what+"weight gradient", dw, l.dw)
		}
	}
}

// TestDenseAllocatesNothing counts the allocations of all passes.
func TestDenseAllocatesNothing(t *testing.T) {
	eachISA(t, func(t *testing.T, isa ISA) {
		for _, size := range [][3]int{{128, 10, 1}, {70, 30, 5}} {
			for _, pass := range densePasses(size[0], size[1], size[2], isa) {
				if n := testing.AllocsPerRun(3, pass.run); n > 0 {
					t.Errorf("%v, %s: %v allocations", size, pass.name, n)
				}
			}
		}
	})
}
