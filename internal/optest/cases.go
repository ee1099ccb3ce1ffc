package optest

import (
	"fmt"

	"gradus/random"
)

// Count is the number of cases of an operation.
const Count = 24

// Cases draws cases that contain the operation of the given name: in their
// programs, or in those with gradients for a backward operation. There are none
// for a name this package does not know.
func Cases(name string, r *random.Stream) []Case { return cases(name, &draw{Stream: r}, Count) }

// EmptyCases is like Cases, with batches of no samples.
func EmptyCases(name string, r *random.Stream) []Case {
	return cases(name, &draw{Stream: r, empty: true}, Count/6)
}

func cases(name string, d *draw, count int) []Case {
	generate := generator(name)
	if generate == nil {
		return nil
	}
	list := make([]Case, count)
	for i := range list {
		list[i] = generate(d)
		list[i].Name = fmt.Sprintf("%d: %s", i, list[i].Name)
	}
	return list
}

func generator(name string) func(d *draw) Case {
	switch name {
	case "add":
		return add
	case "mul":
		return mul
	case "accumulate":
		return square
	case "affine":
		return affine
	case "relu", "relu_gradient":
		return relu
	case "sigmoid", "sigmoid_gradient":
		return sigmoid
	case "tanh", "tanh_gradient":
		return tanh
	case "avg_pool2d", "avg_pool2d_gradient":
		return avgPool2d
	case "max_pool2d", "max_pool2d_gradient":
		return maxPool2d
	case "pad2d":
		return pad2d
	case "flatten", "unflatten":
		return flatten
	case "conv2d", "conv2d_data_gradient", "conv2d_weight_gradient":
		return conv2d
	case "linear", "linear_data_gradient", "linear_weight_gradient":
		return linear
	case "sum", "constant":
		return sum
	case "log_softmax", "log_softmax_gradient":
		return logSoftmax
	case "cross_entropy_losses", "cross_entropy_losses_gradient":
		return crossEntropyLosses
	case "batch_mean", "batch_mean_gradient":
		return batchMean
	case "error_count":
		return errorCount
	case "non_finite_count":
		return nonFiniteCount
	}
	return nil
}
