package plot_test

import (
	"fmt"
	"io"
	"strings"

	"gradus/report/plot"
)

func ExampleChart() {
	chart := plot.Chart{
		Title: "Test error, batch 64, momentum 0.00", X: "epoch", Y: "test error", Percent: true,
		Series: []plot.Series{
			{Name: "lr 0.01", X: []float64{1, 2, 3}, Mean: []float64{0.30, 0.09, 0.06}},
			{
				Name: "lr 0.07", X: []float64{1, 2, 3}, Mean: []float64{0.05, 0.03, 0.025},
				Low: []float64{0.04, 0.028, 0.023}, High: []float64{0.06, 0.032, 0.027},
			},
		},
	}
	var svg strings.Builder
	if err := chart.SVG(&svg); err != nil {
		fmt.Println(err)
		return
	}
	head, _, _ := strings.Cut(svg.String(), "<style>")
	fmt.Print(head)
	// Output:
	// <svg class="plot" xmlns="http://www.w3.org/2000/svg" viewBox="6 0 474 340" role="img">
	// <title>Test error, batch 64, momentum 0.00</title>
}

func ExampleHeatmap() {
	table := plot.Heatmap{
		Title: "Confusion", X: "predicted", Y: "true", Columns: []string{"cat", "dog"}, Rows: []string{"cat", "dog"},
		Shade: [][]float64{{0, 0.2}, {1, 0}}, Text: [][]string{{"8", "2"}, {"5", "5"}},
	}
	fmt.Println(table.SVG(io.Discard))
	table.Rows = table.Rows[:1]
	fmt.Println(table.SVG(io.Discard))
	// Output:
	// <nil>
	// heatmap "Confusion": expected 1 rows, got 2 shades and 2 texts
}

func ExampleDistributions() {
	gates := plot.Distributions{
		Title: "Gates", X: "how far open", High: 1, Rows: []plot.Distribution{{Name: "first", Bins: []float64{1, 4, 2}, Note: "mean 0.55"}},
	}
	fmt.Println(gates.SVG(io.Discard))
	gates.Rows[0].Bins = nil
	fmt.Println(gates.SVG(io.Discard))
	// Output:
	// <nil>
	// distributions "Gates": row 1: expected bins, got none
}
