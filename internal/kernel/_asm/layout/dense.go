package layout

// Fields of denseWeightArgs (dense_amd64.go in package kernel), eight bytes each.
const (
	DenseWeightX = 8 * iota
	DenseWeightDY
	DenseWeightDW
	DenseWeightDWRow
	DenseWeightBlocks
	DenseWeightGroups
	DenseWeightXGroup
	DenseWeightDYGroup
)

// Fields of denseDataArgs, likewise.
const (
	DenseDataDX = 8 * iota
	DenseDataW
	DenseDataDY
	DenseDataGate
	DenseDataWRow
	DenseDataTerms
	DenseDataBlocks
)
