package layout

// Fields of gemmArgs (gemmargs.go in package kernel), eight bytes each.
const (
	GemmX = 8 * iota
	GemmW
	GemmY
	GemmBias
	GemmXColumn
	GemmYColumn
	GemmYRow
	GemmWRow
	GemmWTerm
	GemmWSegment
	GemmWPanel
	GemmTerms
	GemmSegments
	GemmPanels
	GemmStart
)

// GemmHeights are the heights of panels there are kernels for, up to 12 with
// AVX-512 and up to 6 with others.
var GemmHeights = []int{12, 10, 8, 6, 4, 3, 2, 1}
