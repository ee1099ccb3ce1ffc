package zoo

import (
	"gradus/graph"
	"gradus/nn"
	"gradus/random"
)

// network is what all networks have in common: a first convolution, three
// stacks that double the channels, each of them halving the image, and a linear
// layer. It refuses options that cannot work, and images it was not made for.
type network struct {
	*nn.Composition
	options Options
}

// newNetwork builds a network around the function that makes its stacks. The
// parameters are drawn in the order of nn.Parameters: the last layer's first.
func newNetwork(r *random.Stream, o Options, activation nn.Module, stack func(in, out int) nn.Module) nn.Module {
	features, _ := o.features() // the error is Forward's to report
	first := nn.Conv2dOptions{Stride: 2, Padding: 1}
	return &network{
		nn.Compose(nn.NewLinear(r, features, o.Classes, nn.LinearOptions{}),
			nn.Compose(nn.Flatten{},
				nn.Compose(stack(16, 32),
					nn.Compose(stack(8, 16),
						nn.Compose(stack(4, 8),
							nn.Compose(activation, nn.NewConv2d(r, o.Image[0], 4, o.Kernel, first))))))),
		o,
	}
}

// Forward maps images [N C H W] to logits [N classes].
func (n *network) Forward(x *graph.Value) *graph.Value {
	if err := n.options.check(); err != nil {
		x.Refuse(*err)
	}
	image := n.options.Image
	if s := x.Shape(); len(s) != 4 || !s[1:].Equal(image[:]) {
		x.Refuse(graph.Error{
			Op: n.options.Net, Want: "images [N " + graph.Shape(image[:]).String()[1:], Got: s.String(),
			Fix: "the network was made for images of that size",
		})
	}
	return n.Composition.Forward(x)
}
