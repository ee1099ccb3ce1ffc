package op

import "gradus/graph"

// Operations lists the operations of this package, for graph.NewTable.
func Operations() []graph.Operation {
	return []graph.Operation{
		AddOp{}, AffineOp{},
		AvgPool2dOp{}, AvgPool2dGradientOp{},
		BatchMeanOp{}, BatchMeanGradientOp{},
		Conv2dOp{}, Conv2dDataGradientOp{}, Conv2dWeightGradientOp{},
		CrossEntropyLossesOp{}, CrossEntropyLossesGradientOp{},
		ErrorCountOp{}, FlattenOp{}, UnflattenOp{},
		LinearOp{}, LinearDataGradientOp{}, LinearWeightGradientOp{},
		LogSoftmaxOp{}, LogSoftmaxGradientOp{},
		MaxPool2dOp{}, MaxPool2dGradientOp{},
		MulOp{}, NonFiniteCountOp{}, Pad2dOp{},
		ReLUOp{}, ReLUGradientOp{}, SigmoidOp{}, SigmoidGradientOp{},
		SumOp{}, TanhOp{}, TanhGradientOp{},
	}
}
