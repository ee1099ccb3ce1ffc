package zoo

import (
	"fmt"

	"gradus/graph"
	"gradus/nn"
	"gradus/op"
)

// Options describe a network. Net, Depth, Kernel and Activation are taken as
// they are: a depth of 0 is a mistake, not a default. DefaultOptions has values
// to begin with.
type Options struct {
	Net          string        `json:"net"`        // one of Networks
	Depth        int           `json:"depth"`      // convolutions or blocks in a stack, 1 to 1000
	Kernel       int           `json:"kernel"`     // height and width of the kernels, odd
	Activation   nn.Activation `json:"activation"` // one of nn.Activations
	AlphaOptions               // of the net convex alone

	Image   [3]int `json:"image"`   // channels, height, width; all 0 means 1 28 28, MNIST's
	Classes int    `json:"classes"` // 0 means 10, MNIST's
}

// DefaultOptions describe the network of the first experiment.
func DefaultOptions() Options {
	return Options{Net: PlainNet, Depth: 1, Kernel: 3, Activation: nn.ReLU}.complete()
}

// complete fills in what has a default.
func (o Options) complete() Options {
	if o.Image == [3]int{} {
		o.Image = [3]int{1, 28, 28}
	}
	if o.Classes == 0 {
		o.Classes = 10
	}
	return o
}

// maxDepth keeps a mistyped depth from exhausting the memory. Hundreds of
// layers are far beyond what trains without normalisation.
const maxDepth = 1000

// maxSide keeps the size arithmetic far from overflow.
const maxSide = 1 << 15

// check finds the first option that cannot work, whatever the network.
func (o Options) check() *graph.Error {
	if o.Depth < 1 || o.Depth > maxDepth {
		return &graph.Error{Op: "depth", Want: fmt.Sprintf("1 to %d", maxDepth), Got: fmt.Sprint(o.Depth)}
	}
	for _, side := range o.Image {
		if side < 1 || side > maxSide {
			return &graph.Error{
				Op: "image", Want: fmt.Sprintf("channels, height and width of 1 to %d", maxSide), Got: graph.Shape(o.Image[:]).String(),
			}
		}
	}
	if o.Classes < 2 {
		return &graph.Error{Op: "classes", Want: "at least 2", Got: fmt.Sprint(o.Classes)}
	}
	if o.Kernel < 1 {
		return &graph.Error{Op: "kernel", Want: "an odd size of at least 1", Got: fmt.Sprint(o.Kernel)}
	}
	if o.Kernel%2 == 0 {
		return o.evenKernel()
	}
	features, err := o.features()
	if err != nil {
		return &graph.Error{
			Op: "kernel", Want: fmt.Sprintf("at most %d for images of %dx%d", (min(o.Image[1], o.Image[2])+1)|1, o.Image[1], o.Image[2]),
			Got: fmt.Sprint(o.Kernel),
		}
	}
	if o.Net != PlainNet {
		if err := o.checkBlocks(); err != nil {
			return err
		}
	}
	if err := o.checkAlpha(); err != nil {
		return err
	}
	return o.checkSize(features)
}

// evenKernel refuses even kernels for any image size: padding k/2 keeps the
// size of an image only for odd k, so each layer would grow it by a row and a
// column, and a stack would end in another size at every depth.
func (o Options) evenKernel() *graph.Error {
	even := o.Kernel
	o.Kernel = 3
	features := "those"
	if n, err := o.features(); err == nil {
		features = fmt.Sprintf("the %d", n)
	}
	return &graph.Error{
		Op: "kernel", Want: "an odd size",
		Got: fmt.Sprintf("%d: with padding k/2 an even kernel changes the image size, so the flattened features are not %s the linear layer expects", even, features),
		Fix: fmt.Sprintf("use %d or %d", even-1, even+1),
	}
}

// features is the number of features the linear layer meets: 32 channels times
// what is left of the image.
func (o Options) features() (int, error) {
	sizes, err := o.sizes()
	return 32 * sizes[3][0] * sizes[3][1], err
}

// sizes are the heights and widths of the images after the first convolution,
// with padding 1, and after each of the three stacks: their halving convolutions
// have padding k/2, and those of stride 1 keep the size when the kernel is odd.
func (o Options) sizes() (list [4][2]int, err error) {
	height, width := o.Image[1], o.Image[2]
	for i, padding := range []int{1, o.Kernel / 2, o.Kernel / 2, o.Kernel / 2} {
		window := op.Window{Kernel: [2]int{o.Kernel, o.Kernel}, Stride: [2]int{2, 2}, Padding: op.Pad(padding)}
		if height, width, err = window.Output(height, width); err != nil {
			return list, err
		}
		list[i] = [2]int{height, width}
	}
	return list, nil
}
