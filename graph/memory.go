package graph

import (
	"cmp"
	"fmt"
	"slices"
	"unsafe"
)

// checkMemory refuses parameters whose numbers are not as many as their shape says,
// and such as share some: training would write to both.
func checkMemory(parameters []Parameter) error {
	type stretch struct {
		name       string
		begin, end uintptr
	}
	var list []stretch
	for _, p := range parameters {
		n, err := p.Tensor.Shape.Elements()
		if err != nil {
			return &Error{Path: p.Name, Want: "a tensor with a valid shape", Got: p.Tensor.Shape.String()}
		}
		if len(p.Tensor.Data) != n {
			return &Error{
				Path: p.Name, Want: fmt.Sprintf("%d numbers for shape %v", n, p.Tensor.Shape), Got: fmt.Sprint(len(p.Tensor.Data)),
			}
		}
		if n > 0 {
			begin := uintptr(unsafe.Pointer(unsafe.SliceData(p.Tensor.Data)))
			list = append(list, stretch{p.Name, begin, begin + uintptr(n)*unsafe.Sizeof(p.Tensor.Data[0])})
		}
	}
	slices.SortStableFunc(list, func(a, b stretch) int { return cmp.Compare(a.begin, b.begin) })
	for i := 1; i < len(list); i++ {
		if a, b := list[i-1], list[i]; b.begin < a.end {
			return &Error{
				Want: "parameters with memory of their own", Got: fmt.Sprintf("%s and %s, which share some", a.name, b.name),
				Fix: "use one tensor twice to share it, or copy the numbers",
			}
		}
	}
	return nil
}
