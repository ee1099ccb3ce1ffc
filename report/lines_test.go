package report_test

import (
	"fmt"
	"testing"

	"gradus/report"
)

func ExampleStageLine() {
	fmt.Println(report.StageLine(16, 0.07, 0))
	// Output: training nbatch = 016, lr = 0.07, momentum = 0.00
}

func ExampleEpochLine() {
	fmt.Println(report.EpochLine(1, 2, 0.1015, "Test", 0.0325))
	// Output: Epoch 001/002, Train Error 10.15% || Test Error 3.25%
}

func TestStageLine(t *testing.T) {
	for _, test := range []struct {
		batch        int
		lr, momentum float64
		want         string
	}{
		{64, 0.001, 0.75, "training nbatch = 064, lr = 0.001, momentum = 0.75"},
		{1024, 0.3, 0.9, "training nbatch = 1024, lr = 0.30, momentum = 0.90"},
		{1, 1, 0.5, "training nbatch = 001, lr = 1.00, momentum = 0.50"},
		{1, 0, 0.999, "training nbatch = 001, lr = 0.00, momentum = 0.999"},
		{1, 1e-7, 0.125, "training nbatch = 001, lr = 0.0000001, momentum = 0.125"},
		{1, 1e21, 0, "training nbatch = 001, lr = 1000000000000000000000.00, momentum = 0.00"},
	} {
		if got := report.StageLine(test.batch, test.lr, test.momentum); got != test.want {
			t.Errorf("expected %q, got %q", test.want, got)
		}
	}
}

func TestEpochLine(t *testing.T) {
	for _, test := range []struct {
		epoch, epochs int
		train         float64
		set           string
		test          float64
		want          string
	}{
		{12, 100, 0, "Test", 1, "Epoch 012/100, Train Error 0.00% || Test Error 100.00%"},
		{1000, 1000, 0.00004, "Validation", 0.88651, "Epoch 1000/1000, Train Error 0.00% || Validation Error 88.65%"},
	} {
		if got := report.EpochLine(test.epoch, test.epochs, test.train, test.set, test.test); got != test.want {
			t.Errorf("expected %q, got %q", test.want, got)
		}
	}
}
