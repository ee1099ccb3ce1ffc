package cpu

import (
	"gradus/graph"
	"gradus/internal/kernel"
	"gradus/op"
	"gradus/optim"
)

// bind chooses how an operation runs with operands of these types. What has no
// kernel runs by its reference.
func bind(operation graph.Operation, t types, isa kernel.ISA) binding {
	if b, ok := bindKernel(operation, t, isa); ok {
		return b
	}
	return fallback(operation, t)
}

// bindKernel is the table of kernels: operations to the files of this folder.
func bindKernel(operation graph.Operation, t types, isa kernel.ISA) (binding, bool) {
	switch o := operation.(type) {
	case graph.ConstantOp:
		return constant(o, t)
	case chainOp:
		return fused(o, isa)
	case graph.AccumulateOp:
		return accumulate(t, isa)
	case op.Conv2dOp:
		return conv2d(conv2dEnding{Conv2dOp: o}, t, isa)
	case conv2dEnding:
		return conv2d(o, t, isa)
	case op.Conv2dDataGradientOp:
		return conv2dDataGradient(conv2dDataEnding{Conv2dDataGradientOp: o}, t, isa)
	case conv2dDataEnding:
		return conv2dDataGradient(o, t, isa)
	case op.Conv2dWeightGradientOp:
		return conv2dWeightGradient(o, t, isa)
	case op.LinearOp:
		return linear(t, isa)
	case op.LinearDataGradientOp:
		return linearDataGradient(o.Name(), t, isa)
	case linearDataEnding:
		return linearDataGradient(o.Name(), t, isa)
	case op.LinearWeightGradientOp:
		return linearWeightGradient(t, isa)
	case op.SumOp:
		return sum(o, t, isa)
	case mulSum:
		return sumOfProducts(o, t, isa)
	case op.ReLUOp, op.SigmoidOp, op.TanhOp:
		return activation(operation, t, isa)
	case op.ReLUGradientOp, op.SigmoidGradientOp, op.TanhGradientOp:
		return activationGradient(operation, t, isa)
	case op.AffineOp:
		return affine(o, t, isa)
	case op.AddOp:
		return add(t, isa)
	case op.MulOp:
		return mul(t, isa)
	case op.AvgPool2dOp:
		return avgPool2d(o, t, isa)
	case op.AvgPool2dGradientOp:
		return avgPool2dGradient(o, t, isa)
	case op.MaxPool2dOp:
		return maxPool2d(o, t)
	case op.MaxPool2dGradientOp:
		return maxPool2dGradient(o, t)
	case op.Pad2dOp:
		return pad2d(o, t)
	case op.FlattenOp, op.UnflattenOp:
		return reshape(t)
	case op.LogSoftmaxOp:
		return logSoftmax(t)
	case op.LogSoftmaxGradientOp:
		return logSoftmaxGradient(t)
	case op.CrossEntropyLossesOp:
		return crossEntropyLosses(t, isa)
	case op.CrossEntropyLossesGradientOp:
		return crossEntropyLossesGradient(t, isa)
	case crossEntropyOp:
		return crossEntropy(o, t, isa)
	case op.BatchMeanOp:
		return batchMean(t)
	case op.BatchMeanGradientOp:
		return batchMeanGradient(t)
	case op.ErrorCountOp:
		return errorCount(t, isa)
	case op.NonFiniteCountOp:
		return nonFiniteCount(t, isa)
	case sgdOp:
		return sgdAll(o, isa)
	case optim.SGDVelocityOp, optim.SGDStepOp:
		return sgd(operation, isa)
	}
	return binding{}, false
}

// elementwise binds a kernel that works on any number of elements: chunk by
// chunk on batched values, at once on others. All operands have the result's
// type.
func elementwise(name string, inPlace int, t types, run func(c *call)) (binding, bool) {
	class := mapped
	if !t.out.Batched {
		class = whole
	}
	return binding{kernel: name, class: class, inPlace: inPlace, run: run}, true
}
