package summary_test

import (
	"fmt"
	"os"

	"gradus/graph"
	"gradus/nn"
	"gradus/random"
	"gradus/summary"
)

func ExampleOf() {
	m := nn.Compose(nn.ReLU, nn.NewConv2d(random.New(1, "example"), 1, 4, 3, nn.Conv2dOptions{Stride: 2, Padding: 1}))
	p, err := graph.Trace(m, graph.Evaluation, func(b *graph.Builder) {
		x := b.Input("images", graph.Sample, graph.Type{DType: graph.Float32, Shape: graph.Shape{1, 1, 28, 28}, Batched: true})
		b.Output("y", x.Through(m), false)
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := summary.Of(p).WriteText(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// layer  operations  output       parameters  multiply-adds  with padding
	// g      conv2d      [N 4 14 14]          40          6,724         7,056
	// f      relu        [N 4 14 14]           0              0             0
	// total                                   40          6,724         7,056
	//
	// parameter  shape
	// g.weight   [4 1 3 3]
	// g.bias     [4]
}
