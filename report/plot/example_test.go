package plot_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

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
	if err := chart.SVG(os.Stdout); err != nil {
		fmt.Println(err)
	}
}

// TestLook writes pictures to be looked at into the folder named by PLOTS.
func TestLook(t *testing.T) {
	dir := os.Getenv("PLOTS")
	if dir == "" {
		t.Skip("PLOTS names no folder")
	}
	for name, p := range pictures() {
		for suffix, write := range writers(p) {
			f, err := os.Create(filepath.Join(dir, name+suffix))
			if err != nil {
				t.Fatal(err)
			}
			if err := write(f); err != nil {
				t.Error(err)
			}
			if err := f.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}
