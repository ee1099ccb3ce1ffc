package shapes

import (
	"fmt"

	"gradus/graph"
	"gradus/op"
)

// Shape is one convolution, or one pool.
type Shape struct {
	Batch         int
	In, Out       int // channels; the same for a pool
	Height, Width int // of the images
	Window        op.Window
	pool          bool
}

// String is the shape as a failing test shows it.
func (s Shape) String() string {
	k, st, p := s.Window.Kernel, s.Window.Stride, s.Window.Padding
	return fmt.Sprintf("batch %d, %d->%d channels, image %dx%d, kernel %dx%d, stride %dx%d, padding %d %d %d %d",
		s.Batch, s.In, s.Out, s.Height, s.Width, k[0], k[1], st[0], st[1], p.Top, p.Bottom, p.Left, p.Right)
}

// Images is the shape [N C H W] of what goes in.
func (s Shape) Images() graph.Shape { return graph.Shape{s.Batch, s.In, s.Height, s.Width} }

// Weight is the shape [K C R S] of a convolution's weight.
func (s Shape) Weight() graph.Shape {
	return graph.Shape{s.Out, s.In, s.Window.Kernel[0], s.Window.Kernel[1]}
}

// Result is the shape [N K OH OW] of what comes out.
func (s Shape) Result() graph.Shape {
	h, w, err := s.Window.Output(s.Height, s.Width)
	if err != nil {
		panic(err) // reading a line has checked it
	}
	return graph.Shape{s.Batch, s.Out, h, w}
}

// work is how many multiply-adds the shape takes, or additions for a pool, with
// those in the padding. Sizes in the list are too large for a product of
// integers.
func (s Shape) work(outHeight, outWidth int) float64 {
	n := 1.
	for _, size := range []int{s.Batch, s.Out, outHeight, outWidth, s.Window.Kernel[0], s.Window.Kernel[1]} {
		n *= float64(size)
	}
	if !s.pool {
		n *= float64(s.In)
	}
	return n
}

// mostSamples is the largest batch: a whole group of lanes and one more.
const mostSamples = 17

// cut makes the batch and then channels and images smaller until the work is
// not above a limit. What is largest is halved, rounded up; kernel, stride and
// padding stay. It reports whether that can be done.
func (s Shape) cut(most float64) (Shape, bool) {
	s.Batch = min(s.Batch, mostSamples)
	y := s.Result()
	h, w := y[2], y[3]
	for s.work(h, w) > most {
		channels := max(s.In, s.Out)
		rows, columns := s.height(half(h)), s.width(half(w))
		switch {
		case h > 1 && h >= max(w, channels) && rows > 0:
			h, s.Height = half(h), rows
		case w > 1 && w >= channels && columns > 0:
			w, s.Width = half(w), columns
		case s.pool && channels > 1:
			s.In = half(s.In)
			s.Out = s.In
		case channels > 1 && s.In >= s.Out:
			s.In = half(s.In)
		case channels > 1:
			s.Out = half(s.Out)
		case h > 1 && rows > 0:
			h, s.Height = half(h), rows
		case w > 1 && columns > 0:
			w, s.Width = half(w), columns
		default:
			return s, false
		}
	}
	return s, true
}

func half(n int) int { return (n + 1) / 2 }

// height is how many rows images must have for so many rows of results, width
// the same for columns.
func (s Shape) height(out int) int {
	w := s.Window
	return (out-1)*w.Stride[0] + w.Kernel[0] - w.Padding.Top - w.Padding.Bottom
}

func (s Shape) width(out int) int {
	w := s.Window
	return (out-1)*w.Stride[1] + w.Kernel[1] - w.Padding.Left - w.Padding.Right
}
