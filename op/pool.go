package op

import (
	"fmt"

	"gradus/graph"
)

// poolWindow is a window whose strides default to the kernel's size.
func poolWindow(kernel, stride [2]int, p Padding) Window {
	for i, s := range stride {
		if s == 0 {
			stride[i] = kernel[i]
		}
	}
	return Window{Kernel: kernel, Stride: stride, Padding: p}
}

// pool is the shape rule of pools: images [N C H W] to [N C OH OW]. As in
// PyTorch a side is padded by at most half the kernel, so that every window
// holds an element of the image.
func (w Window) pool(x graph.Type) (graph.Type, error) {
	if err := images(x); err != nil {
		return graph.Type{}, err
	}
	oh, ow, err := w.Output(x.Shape[2], x.Shape[3])
	if err != nil {
		return graph.Type{}, err
	}
	p := w.Padding
	if max(p.Top, p.Bottom) > w.Kernel[0]/2 || max(p.Left, p.Right) > w.Kernel[1]/2 {
		return graph.Type{}, &graph.Error{
			Want: fmt.Sprintf("padding of at most half the kernel %dx%d", w.Kernel[0], w.Kernel[1]),
			Got:  fmt.Sprintf("%d %d %d %d", p.Top, p.Bottom, p.Left, p.Right),
			Fix:  "put a Pad2d before the pool",
		}
	}
	return batched(x.Shape[0], x.Shape[1], oh, ow), nil
}

// pooled checks that dy can be the gradient of a pool over images x.
func (w Window) pooled(x, dy graph.Type) error {
	y, err := w.pool(x)
	if err == nil && !y.Equal(dy) {
		err = &graph.Error{Want: "gradient " + y.String(), Got: dy.String()}
	}
	return err
}

// eachWindow calls f for every window of a pool over images of shape x: with
// the offset of its element of the result, of shape y, and the offsets of the
// image's elements under it, in row-major order.
func (w Window) eachWindow(x, y graph.Shape, f func(yi int, under []int)) {
	var under []int
	for plane := range y[0] * y[1] {
		for i := range y[2] {
			r0, r1 := taps(i, w.Stride[0], w.Padding.Top, w.Kernel[0], x[2])
			for j := range y[3] {
				s0, s1 := taps(j, w.Stride[1], w.Padding.Left, w.Kernel[1], x[3])
				under = under[:0]
				for r := r0; r < r1; r++ {
					row := plane*x[2] + i*w.Stride[0] - w.Padding.Top + r
					for s := s0; s < s1; s++ {
						under = append(under, row*x[3]+j*w.Stride[1]-w.Padding.Left+s)
					}
				}
				f((plane*y[2]+i)*y[3]+j, under)
			}
		}
	}
}
