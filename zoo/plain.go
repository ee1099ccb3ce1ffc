package zoo

import (
	"fmt"

	"gradus/graph"
	"gradus/nn"
	"gradus/random"
)

// Plain is the convolutional network of the first experiments, for MNIST:
// images [N 1 28 28] to logits [N 10]. Each of its three stacks has depth
// convolutions, and all convolutions have kernel rows and columns. With depth 1
// and kernel 3 the images go
//
//	28x28x1 -> 14x14x4 -> 7x7x8 -> 4x4x16 -> 2x2x32 -> 128 -> 10
//
// Parameters are drawn from r in the order of nn.Parameters. A depth below 1
// and even kernels, which change the number of features the linear layer
// meets, are refused when the network is traced.
func Plain(r *random.Stream, depth, kernel int, activation nn.Module) nn.Module {
	return plain(r, Options{Net: PlainNet, Depth: depth, Kernel: kernel}.complete(), activation)
}

func plain(r *random.Stream, o Options, activation nn.Module) nn.Module {
	return newNetwork(r, o, activation, func(in, out int) nn.Module {
		return Stack(r, o.Depth, in, out, o.Kernel, activation)
	})
}

// Stack is depth convolutions with padding kernel/2, each followed by the
// activation. Data first meets depth-1 of them that keep the in channels and,
// when the kernel is odd, the image size, and last one that halves the image
// and has out channels. A depth below 1 is refused when the stack is traced.
func Stack(r *random.Stream, depth, in, out, kernel int, activation nn.Module) nn.Module {
	if depth < 1 {
		return refused(graph.Error{Op: "stack", Want: "a depth of at least 1", Got: fmt.Sprint(depth)})
	}
	if depth == 1 {
		return nn.Compose(activation, nn.NewConv2d(r, in, out, kernel, nn.Conv2dOptions{Stride: 2, Padding: kernel / 2}))
	}
	return nn.Compose(
		Stack(r, depth-1, in, out, kernel, activation),
		nn.Compose(activation, nn.NewConv2d(r, in, in, kernel, nn.Conv2dOptions{Padding: kernel / 2})))
}

// refused is a module that refuses to be applied.
func refused(e graph.Error) nn.Module {
	return nn.Func(func(x *graph.Value) *graph.Value {
		x.Refuse(e)
		return x
	})
}
