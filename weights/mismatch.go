package weights

import (
	"fmt"
	"slices"
	"strings"

	"gradus/graph"
	"gradus/internal/strictjson"
	"gradus/safetensors"
)

// mostListed is how many differences an error lists.
const mostListed = 10

// MismatchError lists how a file differs from a model.
type MismatchError struct {
	Path        string
	Differences []string // all of them: the model's tensors in its order, then what else the file has
}

// Error lists up to ten differences in one line.
func (e *MismatchError) Error() string {
	listed, more := e.Differences, ""
	if n := len(listed) - mostListed; n > 0 {
		listed, more = listed[:mostListed], fmt.Sprintf("; and %d more", n)
	}
	line := fmt.Sprintf("%s: expected the model's tensors, got %d differences: %s%s", e.Path, len(e.Differences), strings.Join(listed, "; "), more)
	return strings.NewReplacer("\n", `\n`, "\r", `\r`, "got 1 differences", "got 1 difference").Replace(line)
}

// compare lists the differences between a file and a model.
func compare(entries []safetensors.Entry, parameters []graph.Parameter) []string {
	left := map[string]safetensors.Entry{} // of the file, not yet matched
	for _, e := range entries {
		left[e.Name] = e
	}
	found := map[string]safetensors.Entry{}
	for _, p := range parameters {
		if e, ok := left[p.Name]; ok {
			found[p.Name] = e
			delete(left, p.Name)
		}
	}
	var list []string
	for _, p := range parameters {
		want := describe(safetensors.F32, p.Tensor.Shape)
		e, ok := found[p.Name]
		if !ok {
			list = append(list, fmt.Sprintf("%s: expected %s, got %s", strictjson.Quote(p.Name), want, renamed(entries, left, p)))
			continue
		}
		if got := describe(e.DType, e.Shape); got != want {
			list = append(list, fmt.Sprintf("%s: expected %s, got %s%s", strictjson.Quote(p.Name), want, got, hint(e, p)))
		}
	}
	for _, e := range entries { // in the order of the file
		if _, ok := left[e.Name]; ok {
			list = append(list, fmt.Sprintf("%s: expected no such tensor, got %s", strictjson.Quote(e.Name), describe(e.DType, e.Shape)))
		}
	}
	return list
}

// renamed finds the tensor that a missing one could be: the first of the file
// that nobody asks for and that has its type and shape. It is then matched.
func renamed(entries []safetensors.Entry, left map[string]safetensors.Entry, p graph.Parameter) string {
	for _, e := range entries {
		if _, ok := left[e.Name]; ok && e.DType == safetensors.F32 && slices.Equal(e.Shape, p.Tensor.Shape) {
			delete(left, e.Name)
			return "the name " + strictjson.Quote(e.Name)
		}
	}
	return "none"
}

// hint names the likely reason for another type.
func hint(e safetensors.Entry, p graph.Parameter) string {
	reversed := slices.Clone(e.Shape)
	slices.Reverse(reversed)
	switch {
	case e.DType == safetensors.F32 && slices.Equal(reversed, p.Tensor.Shape):
		return " (transposed?)"
	case e.DType != safetensors.F32 && slices.Equal(e.Shape, p.Tensor.Shape):
		return " (convert it to float32)"
	}
	return ""
}

func describe(d safetensors.DType, shape []int) string {
	return fmt.Sprintf("%s %s", d, graph.Shape(shape))
}
