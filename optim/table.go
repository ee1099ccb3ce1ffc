package optim

import "gradus/graph"

// Operations lists the operations of this package, for graph.NewTable.
func Operations() []graph.Operation {
	return []graph.Operation{SGDVelocityOp{}, SGDStepOp{}}
}
