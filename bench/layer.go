package bench

import (
	"context"
	"fmt"

	"gradus/graph"
	"gradus/internal/kernel"
	"gradus/op"
	"gradus/random"
)

// layer is the shape of a layer: a convolution of square images with a square
// kernel, or where kernel is 0 a linear layer.
type layer struct {
	samples, in, side, out  int
	kernel, stride, padding int
}

func layers() []layer {
	return []layer{
		{16, 1, 28, 4, 3, 2, 1},
		{16, 4, 14, 8, 3, 2, 1},
		{64, 8, 14, 8, 3, 1, 1},
		{64, 16, 7, 32, 3, 2, 1},
		{64, 16, 14, 16, 3, 1, 1},
		{64, 32, 28, 32, 3, 1, 1},
		{64, 64, 14, 64, 3, 1, 1},
		{32, 128, 14, 128, 3, 1, 1},
		{32, 256, 7, 256, 3, 1, 1},
		{64, 64, 28, 128, 1, 1, 0},
		// No size of the next but one is a multiple of anything; the other is its
		// nearest regular neighbour.
		{48, 4, 28, 16, 5, 1, 2},
		{40, 5, 30, 12, 5, 1, 2},
		{samples: 256, in: 784, out: 512},
		{samples: 256, in: 1024, out: 1024},
	}
}

func layerMeasurements() []measurement {
	var list []measurement
	for _, l := range layers() {
		list = append(list, measurement{l.measurement(), l.take})
	}
	return list
}

// measurement is the name to select the layer by.
func (l layer) measurement() string {
	if l.kernel == 0 {
		return fmt.Sprintf("layers/linear-%dx%d-%d", l.samples, l.in, l.out)
	}
	return fmt.Sprintf("layers/conv-%dx%dx%dx%d-%d-k%d-s%d", l.samples, l.in, l.side, l.side, l.out, l.kernel, l.stride)
}

// title is the name for people.
func (l layer) title() string {
	if l.kernel == 0 {
		return fmt.Sprintf("linear %dx%d to %d", l.samples, l.in, l.out)
	}
	return fmt.Sprintf("conv %dx%dx%dx%d to %d, %dx%d, stride %d", l.samples, l.in, l.side, l.side, l.out, l.kernel, l.kernel, l.stride)
}

// outSide is the height and width of a convolution's results.
func (l layer) outSide() int { return (l.side+2*l.padding-l.kernel)/l.stride + 1 }

// multiplyAdds are those of each of the passes over the whole batch.
func (l layer) multiplyAdds() int {
	if l.kernel == 0 {
		return l.samples * l.in * l.out
	}
	window := op.Window{Kernel: [2]int{l.kernel, l.kernel}, Stride: [2]int{l.stride, l.stride}, Padding: op.Pad(l.padding)}
	_, effective := op.Conv2dOp{Window: window}.MultiplyAdds(
		[]graph.Type{{Shape: graph.Shape{l.samples, l.in, l.side, l.side}}},
		graph.Type{Shape: graph.Shape{l.samples, l.out, l.outSide(), l.outSide()}})
	return effective
}

// take measures the three passes as the CPU device would call their kernels:
// chunk by chunk of the batch, the sums of the chunks added up, or for the whole
// batch at once.
func (l layer) take(ctx context.Context, _ Options, m *meter, r *Report) error {
	forward, data, weight := l.passes(m.isa)
	var jobs []job
	for _, pass := range []func(){forward, data, weight} {
		jobs = append(jobs, job{1, l.multiplyAdds(), m.repeated(func() error { pass(); return nil })})
	}
	t, err := m.measure(ctx, jobs)
	if err != nil {
		return err
	}
	r.Layers = append(r.Layers, Layer{l.measurement(), l.title(), l.multiplyAdds(), t[0], t[1], t[2]})
	return nil
}

// passes makes functions that run a pass over a batch of random numbers.
func (l layer) passes(isa kernel.ISA) (forward, data, weight func()) {
	k := l.kernels(isa)
	groups := kernel.Groups(l.samples)
	chunks := chunksOf(groups)
	if k.whole {
		chunks = []chunk{{0, groups}}
	}
	memory := newMemory((2*k.x+2*k.y)*groups + k.weights*(2+len(chunks)) + k.bias)
	x, dx := memory.next(k.x*groups), memory.next(k.x*groups)
	y, dy := memory.next(k.y*groups), memory.next(k.y*groups)
	w, bias, dw := memory.next(k.weights), memory.next(k.bias), memory.next(k.weights)
	var sums [][]float32
	for range chunks {
		sums = append(sums, memory.next(k.weights))
	}

	forward = func() {
		for _, c := range chunks {
			k.forward(c.of(y, k.y), c.of(x, k.x), w, bias, c.to-c.from)
		}
	}
	data = func() {
		for _, c := range chunks {
			k.data(c.of(dx, k.x), w, c.of(dy, k.y), c.to-c.from)
		}
	}
	weight = func() {
		for i, c := range chunks {
			k.weight(sums[i], c.of(x, k.x), c.of(dy, k.y), c.to-c.from)
		}
		if len(chunks) > 1 {
			isa.Add(dw, sums[0], sums[1])
			for _, sum := range sums[2:] {
				isa.Add(dw, dw, sum)
			}
		}
	}
	return forward, data, weight
}

// chunk is a range of groups of samples.
type chunk struct{ from, to int }

// of is the chunk's part of a batched value of so many numbers per group.
func (c chunk) of(x []float32, size int) []float32 { return x[c.from*size : c.to*size] }

// chunksOf cuts groups into chunks as the CPU device does.
func chunksOf(groups int) []chunk {
	const most = 8
	chunks := make([]chunk, min(groups, most))
	for i := range chunks {
		chunks[i] = chunk{i * groups / len(chunks), (i + 1) * groups / len(chunks)}
	}
	return chunks
}

// lineFloats is how many numbers a cache line has.
const lineFloats = 16

// memory is numbers between -1 and 1 to be handed out.
type memory struct{ free []float32 }

// newMemory makes memory for several values of so many numbers in all. It is
// larger than a page, so it begins with one.
func newMemory(size int) *memory {
	const several = 32 // each may be rounded up
	m := &memory{make([]float32, size+several*lineFloats)}
	r := random.New(1, "bench")
	for i := range m.free {
		m.free[i] = float32(2*r.Float64() - 1)
	}
	return m
}

// next hands out n numbers that begin with a cache line.
func (m *memory) next(n int) []float32 {
	x := m.free[:n:n]
	m.free = m.free[(n+lineFloats-1)/lineFloats*lineFloats:]
	return x
}
