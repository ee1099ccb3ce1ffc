package plot_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"math"
	"strings"
	"testing"

	"gradus/report/plot"
)

// picture is what all kinds have in common.
type picture interface {
	SVG(io.Writer) error
	PNG(io.Writer) error
}

// writers are the ways of writing a picture, by the suffix of its file.
func writers(p picture) map[string]func(io.Writer) error {
	return map[string]func(io.Writer) error{".svg": p.SVG, ".png": p.PNG}
}

// charts are one of each kind that reports show.
func charts() map[string]plot.Chart {
	sweep := plot.Chart{Title: "Test error, batch 64, momentum 0.00", X: "epoch", Y: "test error", Percent: true}
	for i := range 9 {
		s := plot.Series{Name: fmt.Sprintf("lr %d & <more>", i+1)}
		for epoch := 1.0; epoch <= 5; epoch++ {
			v := 0.08/float64(1+i)/epoch + 0.02
			s.X, s.Mean = append(s.X, epoch), append(s.Mean, v)
			if i == 1 {
				s.Low, s.High = append(s.Low, 0.9*v), append(s.High, 1.1*v)
			}
		}
		sweep.Series = append(sweep.Series, s)
	}
	return map[string]plot.Chart{
		"sweep": sweep,
		"range": {
			Title: "Learning-rate range test: plain network of depth 1, kernel 3, batch 16, momentum 0.75",
			X:     "learning rate", Y: "loss, smoothed", LogX: true,
			Marks: []plot.Mark{{X: 0.05, Y: 0.45, Label: "suggestion: 0.05"}},
			Series: []plot.Series{{
				X:    []float64{0, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10},
				Mean: []float64{9, 2.3, 2.3, 2, 0.6, 0.4, 3, math.Inf(1)},
			}},
		},
		"logs": {
			Title: "Errors", X: "epoch", Y: "error", LogY: true, Percent: true,
			Series: []plot.Series{
				{Name: "stuck", X: []float64{1, 2, 3}, Mean: []float64{0.8876, 0.8876, 0.8876}},
				{Name: "trains", X: []float64{1, 2, 3}, Mean: []float64{0.2, 0.01, 0}},
			},
		},
		"point": {Series: []plot.Series{{X: []float64{3}, Mean: []float64{-2}}}},
	}
}

// pictures are charts and the other kinds.
func pictures() map[string]picture {
	all := map[string]picture{}
	for name, c := range charts() {
		all[name] = c
	}
	confusion := plot.Heatmap{Title: "Confusion matrix: residual network of depth 3, seed 1", X: "predicted", Y: "true"}
	for i := range 10 {
		digit := fmt.Sprint(i)
		confusion.Columns, confusion.Rows = append(confusion.Columns, digit), append(confusion.Rows, digit)
		shade, text := make([]float64, 10), make([]string, 10)
		for j := range 10 {
			shade[j], text[j] = 0.1*float64(j), fmt.Sprint(100*j)
		}
		confusion.Shade, confusion.Text = append(confusion.Shade, shade), append(confusion.Text, text)
	}
	all["confusion"] = confusion
	gates := plot.Distributions{Title: "Gates", X: "sigmoid(s)", High: 1}
	for i := range 9 {
		bins := make([]float64, 50)
		for j := range bins {
			bins[j] = float64((i*7 + j*j) % (20 + i))
		}
		gates.Rows = append(gates.Rows, plot.Distribution{Name: fmt.Sprintf("%d  8→16, half size", i), Bins: bins, Note: "mean 0.52"})
	}
	gates.Rows[3].Bins = make([]float64, 10) // nothing counted
	all["gates"] = gates
	return all
}

func TestOtherSVG(t *testing.T) {
	for name, words := range map[string][]string{
		"confusion": {"Confusion matrix", "predicted", "true", "900"}, "gates": {"Gates", "sigmoid(s)", "8  8→16, half size", "mean 0.52", "0.8"},
	} {
		var svg bytes.Buffer
		if err := pictures()[name].SVG(&svg); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		text := textOf(t, &svg)
		for _, w := range words {
			if !strings.Contains(text, w) {
				t.Errorf("%s: expected the words %q, got %q", name, w, text)
			}
		}
	}
}

func TestChartSVG(t *testing.T) {
	for name, chart := range charts() {
		var svg bytes.Buffer
		if err := chart.SVG(&svg); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		text := textOf(t, &svg)
		want := []string{chart.Title, chart.X, chart.Y}
		if len(chart.Series) > 1 {
			for _, s := range chart.Series {
				want = append(want, s.Name)
			}
		}
		for _, m := range chart.Marks {
			want = append(want, m.Label)
		}
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: expected the words %q, got %q", name, w, text)
			}
		}
	}
}

// textOf reads a well-formed document and returns its words.
func textOf(t *testing.T, r io.Reader) string {
	t.Helper()
	var text strings.Builder
	for d := xml.NewDecoder(r); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return text.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		if words, ok := token.(xml.CharData); ok {
			text.Write(words)
		}
	}
}

func TestPNG(t *testing.T) {
	for name, chart := range pictures() {
		var b bytes.Buffer
		if err := chart.PNG(&b); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		image, err := png.Decode(&b)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if r, g, b, a := image.At(0, 0).RGBA(); r+g+b+a != 4*0xffff {
			t.Errorf("%s: expected a white corner, got %v", name, image.At(0, 0))
		}
	}
}

func TestTheSameTwice(t *testing.T) {
	for name, chart := range pictures() {
		for suffix, write := range writers(chart) {
			var one, two bytes.Buffer
			if err := errors.Join(write(&one), write(&two)); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(one.Bytes(), two.Bytes()) {
				t.Errorf("%s%s: expected the same bytes twice, got others", name, suffix)
			}
		}
	}
}

func TestRefuses(t *testing.T) {
	for _, test := range []struct {
		name    string
		picture picture
		want    string
	}{
		{"nothing", plot.Chart{Title: "t"}, `chart "t": expected a point to draw, got none`},
		{"only what no logarithm has", plot.Chart{LogX: true, Series: []plot.Series{{X: []float64{0}, Mean: []float64{1}}}},
			`chart "": expected a point to draw, got none`},
		{"lengths", plot.Chart{Series: []plot.Series{{X: []float64{1, 2}, Mean: []float64{1}}}},
			"series 1: expected as many Y as X, 2, got 1"},
		{"band", plot.Chart{Series: []plot.Series{{X: []float64{1}, Mean: []float64{1}, Low: []float64{1}}}},
			"series 1: expected a band of 1 values, got 1 low and 0 high"},
		{"no rows", plot.Heatmap{Title: "h"}, `heatmap "h": expected rows and columns, got 0 and 0`},
		{"a row missing", plot.Heatmap{Rows: []string{"a"}, Columns: []string{"b"}},
			`heatmap "": expected 1 rows, got 0 shades and 0 texts`},
		{"a cell missing", plot.Heatmap{Rows: []string{"a"}, Columns: []string{"b"}, Shade: [][]float64{{}}, Text: [][]string{{"1"}}},
			`heatmap "": row 1: expected 1 cells, got 0 shades and 1 texts`},
		{"no distribution", plot.Distributions{High: 1}, `distributions "": expected rows and a range, got 0 and 0 to 1`},
		{"no bins", plot.Distributions{High: 1, Rows: []plot.Distribution{{}}}, `distributions "": row 1: expected bins, got none`},
	} {
		for suffix, write := range writers(test.picture) {
			var b bytes.Buffer
			if err := write(&b); err == nil || err.Error() != test.want || b.Len() > 0 {
				t.Errorf("%s%s: expected %q and no bytes, got %v and %d", test.name, suffix, test.want, err, b.Len())
			}
		}
	}
}
