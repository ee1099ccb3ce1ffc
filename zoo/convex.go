package zoo

import (
	"fmt"
	"math"

	"gradus/graph"
	"gradus/nn"
	"gradus/op"
	"gradus/random"
)

// Convex is Plain with convex blocks in its stacks, in place of convolutions
// and activations: images [N 1 28 28] to logits [N 10].
func Convex(r *random.Stream, depth, kernel int, activation nn.Module, alpha AlphaOptions) nn.Module {
	return convex(r, Options{Net: ConvexNet, Depth: depth, Kernel: kernel, AlphaOptions: alpha}.complete(), activation)
}

func convex(r *random.Stream, o Options, activation nn.Module) nn.Module {
	return newBlockNetwork(r, o, activation, func(in, out int, downsample bool) nn.Module {
		return NewConvexBlock(r, in, out, o.Kernel, activation, downsample, o.AlphaOptions)
	})
}

// AlphaOptions say how the convex blocks of a network begin. The zero value
// gives every block one weight, of a half.
type AlphaOptions struct {
	Alpha           float64 `json:"alpha,omitempty"`             // initial value, -100 to 100
	AlphaPerChannel bool    `json:"alpha_per_channel,omitempty"` // one for each channel of a block, not one for all
}

// ConvexBlock is activation(a*f + (1-a)*r) with a = sigmoid(alpha), where f is
// the convolution of its input and r the shortcut: a combination of the two
// whose weights are trained, stay between 0 and 1 and add up to 1. A large alpha
// is a plain convolution, a very negative one passes the input on.
type ConvexBlock struct {
	Alpha *graph.Tensor // [], or [out] for a weight per channel
	Branches
	Activation nn.Module
}

// NewConvexBlock makes a block of NewBranches. Nothing is drawn for alpha.
func NewConvexBlock(r *random.Stream, in, out, kernel int, activation nn.Module, downsample bool, o AlphaOptions) *ConvexBlock {
	alpha := graph.NewTensor()
	if o.AlphaPerChannel {
		alpha = graph.NewTensor(max(out, 0)) // the convolution refuses no channels
	}
	for i := range alpha.Data {
		alpha.Data[i] = float32(o.Alpha)
	}
	return &ConvexBlock{alpha, NewBranches(r, in, out, kernel, downsample), activation}
}

// Forward maps images [N in H W] to [N out H W], or half the H and W.
func (b *ConvexBlock) Forward(x *graph.Value) *graph.Value {
	return b.Join(x, func(f, r *graph.Value) *graph.Value {
		a := op.Sigmoid(x.Param(b.Alpha))
		if len(a.Shape()) > 0 {
			a = op.PerChannel(a)
		}
		return op.Add(op.Mul(a, f), op.Mul(oneMinus(a), r))
	}).Through(b.Activation)
}

// mostAlpha is where the weights have long been 0 and 1, and the gradient of
// alpha nothing.
const mostAlpha = 100

// checkAlpha refuses weights that cannot work, and those of networks without.
func (o Options) checkAlpha() *graph.Error {
	if o.Net != ConvexNet {
		name := "alpha"
		if o.AlphaPerChannel {
			name = "alpha-per-channel"
		}
		if o.AlphaOptions == (AlphaOptions{}) {
			return nil
		}
		return &graph.Error{Op: name, Want: "the net convex", Got: o.Net, Fix: "no other network has an alpha"}
	}
	if math.Abs(o.Alpha) <= mostAlpha {
		return nil
	}
	return &graph.Error{
		Op: "alpha", Want: fmt.Sprintf("-%d to %[1]d", mostAlpha), Got: fmt.Sprint(o.Alpha),
		Fix: "sigmoid(alpha) is the weight of a block's convolution",
	}
}
