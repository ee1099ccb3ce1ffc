package nn

import (
	"gradus/graph"
	"gradus/op"
	"gradus/random"
)

// Conv2dOptions are the options of NewConv2d; the zero value is stride 1, no
// padding, with bias.
type Conv2dOptions struct {
	Stride  int  `json:"stride,omitempty"`  // in both directions; 0 means 1
	Padding int  `json:"padding,omitempty"` // rows and columns of zeros on every side
	NoBias  bool `json:"no_bias,omitempty"`
}

// Conv2d is a convolution of images with a square kernel:
// [N in H W] to [N out OH OW], OH = floor((H + 2*Padding - kernel) / Stride) + 1.
//
// Source: https://pytorch.org/docs/stable/generated/torch.nn.Conv2d.html
type Conv2d struct {
	Weight  *graph.Tensor // [out in kernel kernel]
	Bias    *graph.Tensor // [out], nil for none
	Stride  int           // 0 means 1
	Padding int

	refusal *graph.Error // of the constructor's arguments
}

// NewConv2d makes a convolution from in to out channels, its weight and bias
// drawn from r uniformly in +-1/sqrt(in*kernel*kernel), the weight first.
// Channels and kernels below 1 are refused when the layer is traced.
func NewConv2d(r *random.Stream, in, out, kernel int, o Conv2dOptions) *Conv2d {
	c := &Conv2d{Stride: o.Stride, Padding: o.Padding}
	c.Weight, c.Bias, c.refusal = affine{
		operation: "conv2d", layout: "[out in kernel kernel]",
		weight: graph.Shape{out, in, kernel, kernel}, noBias: o.NoBias,
	}.draw(r)
	return c
}

// Forward is op.Conv2d with the layer's parameters.
func (c *Conv2d) Forward(x *graph.Value) *graph.Value {
	if c.refusal != nil {
		x.Refuse(*c.refusal)
	}
	var bias *graph.Value
	if c.Bias != nil {
		bias = x.Param(c.Bias)
	}
	return op.Conv2d(x, x.Param(c.Weight), bias, op.Conv2dOptions{
		Stride: [2]int{c.Stride, c.Stride}, Padding: op.Pad(c.Padding),
	})
}
