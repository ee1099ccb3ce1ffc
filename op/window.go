package op

import (
	"fmt"

	"gradus/graph"
)

// Padding is the number of rows and columns added on each side of an image.
type Padding struct {
	Top    int `json:"top,omitempty"`
	Bottom int `json:"bottom,omitempty"`
	Left   int `json:"left,omitempty"`
	Right  int `json:"right,omitempty"`
}

// Pad is the same padding p on all four sides.
func Pad(p int) Padding { return Padding{p, p, p, p} }

// Window is how a kernel of a convolution or a pool slides over an image.
type Window struct {
	Kernel  [2]int  `json:"kernel"` // height, width
	Stride  [2]int  `json:"stride"` // down, right; 0 means 1
	Padding Padding `json:"padding"`
}

// normal replaces zero strides by one.
func (w Window) normal() Window {
	for i, s := range w.Stride {
		if s == 0 {
			w.Stride[i] = 1
		}
	}
	return w
}

// Output is the size of the result for images of h x w: floor((size + padding
// - kernel) / stride) + 1. It refuses windows that fit nowhere.
func (w Window) Output(height, width int) (oh, ow int, err error) {
	p := w.Padding
	for _, size := range []struct {
		name  string
		value int
		least int
	}{
		{"image height", height, 0}, {"image width", width, 0},
		{"kernel height", w.Kernel[0], 1}, {"kernel width", w.Kernel[1], 1},
		{"stride", w.Stride[0], 1}, {"stride", w.Stride[1], 1},
		{"padding", p.Top, 0}, {"padding", p.Bottom, 0}, {"padding", p.Left, 0}, {"padding", p.Right, 0},
	} {
		if size.value < size.least {
			return 0, 0, &graph.Error{Want: fmt.Sprintf("%s >= %d", size.name, size.least), Got: fmt.Sprint(size.value)}
		}
		if size.value > largest {
			return 0, 0, &graph.Error{Want: fmt.Sprintf("%s <= %d", size.name, largest), Got: fmt.Sprint(size.value)}
		}
	}
	oh = (height+p.Top+p.Bottom-w.Kernel[0])/w.Stride[0] + 1
	ow = (width+p.Left+p.Right-w.Kernel[1])/w.Stride[1] + 1
	if height+p.Top+p.Bottom < w.Kernel[0] || width+p.Left+p.Right < w.Kernel[1] {
		return 0, 0, &graph.Error{
			Want: fmt.Sprintf("an image of at least %dx%d with its padding", w.Kernel[0], w.Kernel[1]),
			Got:  fmt.Sprintf("input %dx%d, padding %d %d %d %d: the output would be empty", height, width, p.Top, p.Bottom, p.Left, p.Right),
			Fix:  "use a smaller kernel, more padding or fewer strides before this layer",
		}
	}
	return oh, ow, nil
}

// taps is the range of kernel positions along one dimension that fall into the
// image: those k with 0 <= out*stride - before + k < size.
func taps(out, stride, before, kernel, size int) (lo, hi int) {
	start := out*stride - before
	return max(0, -start), max(0, min(kernel, size-start))
}
