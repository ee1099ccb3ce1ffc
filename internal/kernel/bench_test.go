package kernel

import (
	"fmt"
	"testing"

	"gradus/internal/kernel/chain"
	"gradus/random"
)

// pass is one of a layer's passes over some groups of samples.
type pass struct {
	name string
	run  func()
}

func BenchmarkConvolution(b *testing.B) {
	for _, size := range []struct{ groups, c, side, k, r, stride, padding int }{
		{1, 1, 28, 4, 3, 2, 1},
		{1, 4, 14, 8, 3, 2, 1},
		{1, 8, 14, 8, 3, 1, 1},
		{1, 16, 7, 32, 3, 2, 1},
		{1, 16, 14, 16, 3, 1, 1},
		{1, 64, 14, 64, 3, 1, 1},
		{1, 128, 14, 128, 3, 1, 1},
		{1, 256, 7, 256, 3, 1, 1},
		{1, 64, 28, 128, 1, 1, 0},
		{1, 5, 30, 12, 5, 1, 2},
	} {
		out := (size.side+2*size.padding-size.r)/size.stride + 1
		g := Conv2d{
			C: size.c, H: size.side, W: size.side, K: size.k, R: size.r, S: size.r,
			StrideH: size.stride, StrideW: size.stride, Top: size.padding, Left: size.padding, OutH: out, OutW: out,
		}
		name := fmt.Sprintf("%dx%dx%d-%d-k%d-s%d", g.C, g.H, g.W, g.K, g.R, g.StrideH)
		work := size.groups * Lanes * g.K * g.C * taps(g.R, g.StrideH, g.Top, g.H, out) * taps(g.S, g.StrideW, g.Left, g.W, out)
		eachPass(b, name, work, func(isa ISA) []pass { return convolutionPasses(g, size.groups, isa) })
	}
}

func BenchmarkDense(b *testing.B) {
	for _, size := range []struct{ groups, in, out int }{{1, 128, 10}, {16, 784, 512}, {16, 1024, 1024}} {
		work := size.groups * Lanes * size.in * size.out
		eachPass(b, fmt.Sprintf("%d-%d", size.in, size.out), work, func(isa ISA) []pass {
			return densePasses(size.in, size.out, size.groups, isa)
		})
	}
}

// taps counts, along one side of an image, those that do not fall on padding.
func taps(r, stride, before, size, out int) int {
	n := 0
	for t := range r {
		lo, hi := span(t, stride, before, size, out)
		n += hi - lo
	}
	return n
}

// eachPass runs the passes with each instruction set; each does so many
// multiply-adds.
func eachPass(b *testing.B, name string, work int, passes func(isa ISA) []pass) {
	for _, isa := range Available() {
		for _, p := range passes(isa) {
			b.Run(fmt.Sprintf("%s/%s/%s", name, isa, p.name), func(b *testing.B) {
				for b.Loop() {
					p.run()
				}
				b.ReportMetric(float64(work)*float64(b.N)/b.Elapsed().Seconds()/1e9, "Gmac/s")
			})
		}
	}
}

func convolutionPasses(g Conv2d, groups int, isa ISA) []pass {
	c := NewConvolution(g, isa)
	r := random.New(1, "bench")
	in, out := g.C*g.H*g.W*Lanes, g.K*g.OutH*g.OutW*Lanes
	x, dx, y, dy := reals(r, groups*in), reals(r, groups*in), reals(r, groups*out), reals(r, groups*out)
	w, dw, bias := reals(r, g.K*g.C*g.R*g.S), reals(r, g.K*g.C*g.R*g.S), reals(r, g.K)
	scratch := make([]float32, c.Scratch())
	return []pass{
		{"forward", func() { c.Forward(y, x, w, bias, Ending{}, groups, 0, g.K) }},
		{"data", func() { c.DataGradient(dx, w, dy, Ending{}, groups, 0, g.C) }},
		{"weight", func() { c.WeightGradient(dw, x, dy, scratch, groups, 0, g.K) }},
	}
}

func densePasses(in, out, groups int, isa ISA) []pass {
	d := NewDense(in, out, isa)
	r := random.New(1, "bench")
	x, dx := reals(r, groups*in*Lanes), reals(r, groups*in*Lanes)
	y, dy := reals(r, groups*out*Lanes), reals(r, groups*out*Lanes)
	w, dw, bias := reals(r, in*out), reals(r, in*out), reals(r, out)
	data, weight := make([]float32, d.DataScratch(groups)), make([]float32, d.WeightScratch(groups))
	return []pass{
		{"forward", func() { d.Forward(y, x, w, bias, groups, 0, out) }},
		{"data", func() { d.DataGradient(dx, w, dy, nil, data, groups, 0, in) }},
		{"weight", func() { d.WeightGradient(dw, x, dy, weight, groups, 0, in) }},
	}
}

// BenchmarkChain computes what joins the branches of blocks, and its gradients, on
// images that stay in the second-level cache.
func BenchmarkChain(b *testing.B) {
	const n = 784
	for _, isa := range Available() {
		for _, c := range chain.All() {
			b.Run(string(isa)+"/"+c.Name, func(b *testing.B) {
				k, r := NewChain(c, n, nil, isa), random.New(1, "bench")
				scratch := make([]float32, k.Scratch())
				var slices [][]float32
				for i := range c.Slices() {
					size := n * Lanes
					if c.IsNumber(i) {
						size = 1
					}
					slices = append(slices, reals(r, size))
				}
				for b.Loop() {
					k.Run(slices, scratch, 1)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/block")
			})
		}
	}
}
