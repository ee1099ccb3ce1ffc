package kernel

import (
	"math"
	"slices"
	"testing"

	"gradus/random"
)

// logitCases are groups of logits and labels, ordinary and extreme.
func logitCases() (cases [][2][]float32, classes []int) {
	r := random.New(1, "logits")
	for c := 1; c <= 40; c++ {
		for _, scale := range []float64{1, 30, 1e4} {
			x, labels := make([]float32, c*Lanes), make([]float32, Lanes)
			for i := range x {
				x[i] = float32(r.Uniform(-scale, scale))
				if r.IntN(8) == 0 {
					x[i] = 1 // ties
				}
			}
			for l := range labels {
				labels[l] = float32(r.IntN(c))
			}
			cases, classes = append(cases, [2][]float32{x, labels}), append(classes, c)
		}
	}
	return cases, classes
}

func TestCrossEntropy(t *testing.T) {
	eachISA(t, func(t *testing.T, isa ISA) {
		cases, classes := logitCases()
		r := random.New(2, "losses")
		for i, c := range cases {
			x, labels, k := c[0], c[1], classes[i]
			got, want := make([]float32, Lanes), make([]float32, Lanes)
			isa.CrossEntropy(got, x, labels, k)
			Portable.CrossEntropy(want, x, labels, k)
			within(t, "loss", got, want, 1e-6)

			dloss := make([]float32, Lanes)
			for l := range dloss {
				dloss[l] = float32(r.Uniform(-1, 1))
			}
			dx, wantDX := make([]float32, len(x)), make([]float32, len(x))
			isa.CrossEntropyGradient(dx, x, labels, dloss, k)
			Portable.CrossEntropyGradient(wantDX, x, labels, dloss, k)
			within(t, "gradient", dx, wantDX, 1e-6)
			for n := 0; n <= Lanes; n++ {
				if g, w := isa.Errors(x, labels, k, n), Portable.Errors(x, labels, k, n); g != w {
					t.Fatalf("%d classes, %d samples: %d errors, want %d", k, n, g, w)
				}
			}
		}
	})
}

// TestCrossEntropyBoth wants the bits of the losses and of their gradient by
// themselves, of labels that are no class and of logits that are no numbers, too.
func TestCrossEntropyBoth(t *testing.T) {
	eachISA(t, func(t *testing.T, isa ISA) {
		cases, classes := logitCases()
		r := random.New(3, "losses")
		for i, c := range cases {
			x, labels, k := slices.Clone(c[0]), slices.Clone(c[1]), classes[i]
			dloss := reals(r, Lanes)
			if i%3 == 0 {
				x[r.IntN(len(x))] = special[r.IntN(len(special))]
				labels[r.IntN(Lanes)], labels[r.IntN(Lanes)] = -1, float32(k)
			}
			loss, dx := make([]float32, Lanes), make([]float32, len(x))
			isa.CrossEntropy(loss, x, labels, k)
			isa.CrossEntropyGradient(dx, x, labels, dloss, k)
			gotLoss, gotDX := newBanded(Lanes, i%5), newBanded(len(x), i%3)
			isa.CrossEntropyBoth(gotLoss.x, gotDX.x, x, labels, dloss, k)
			same(t, "loss", gotLoss.x, loss)
			same(t, "gradient", gotDX.x, dx)
			gotLoss.check(t, "losses")
			gotDX.check(t, "gradients")
		}
	})
}

// TestNegligibleProbabilities wants gradients that nobody notices to be 0, and
// all others to be there.
func TestNegligibleProbabilities(t *testing.T) {
	eachISA(t, func(t *testing.T, isa ISA) {
		const c = 120 // logits 0, -1, ...: probabilities down to 1e-52
		x, labels, dloss, dx := make([]float32, c*Lanes), make([]float32, Lanes), make([]float32, Lanes), make([]float32, c*Lanes)
		for i := range x {
			x[i] = -float32(i / Lanes)
		}
		for l := range Lanes {
			dloss[l] = 1
		}
		isa.CrossEntropyGradient(dx, x, labels, dloss, c)
		for i, got := range dx[Lanes:] {
			want := (math.E - 1) / math.E * math.Exp(float64(x[Lanes+i]))
			if k := 1 + i/Lanes; k > 45 && got != 0 || k < 44 && math.Abs(float64(got)-want) > 1e-5*want {
				t.Fatalf("class %d: got %v, want %v", k, got, want)
			}
		}
	})
}

func within(t *testing.T, what string, got, want []float32, tolerance float64) {
	t.Helper()
	largest := 0.0
	for _, w := range want {
		largest = max(largest, math.Abs(float64(w)))
	}
	for i, w := range want {
		if d := math.Abs(float64(got[i]) - float64(w)); !(d <= tolerance*largest) && !(got[i] != got[i] && w != w) {
			t.Fatalf("%s: element %d: got %v, want %v", what, i, got[i], w)
		}
	}
}

func TestBadLogitsAndLabels(t *testing.T) {
	nan := float32(math.NaN())
	eachISA(t, func(t *testing.T, isa ISA) {
		const c = 5
		x, labels := make([]float32, c*Lanes), make([]float32, Lanes)
		for i := range x {
			x[i] = float32(i % 7)
		}
		x[2*Lanes+1] = nan                  // lane 1: NaN in class 2, the winner
		x[3*Lanes+2] = float32(math.Inf(1)) // lane 2: infinite
		labels[1], labels[3], labels[4] = 2, c, -1
		loss, dx, dloss := make([]float32, Lanes), make([]float32, c*Lanes), make([]float32, Lanes)
		for l := range dloss {
			dloss[l] = 1
		}
		isa.CrossEntropy(loss, x, labels, c)
		isa.CrossEntropyGradient(dx, x, labels, dloss, c)
		for l := range Lanes {
			wantNaN := l >= 1 && l <= 4
			if (loss[l] != loss[l]) != wantNaN || (dx[l] != dx[l]) != wantNaN {
				t.Errorf("lane %d: loss %v, gradient %v", l, loss[l], dx[l])
			}
		}
		if isa.Errors(x, labels, c, 2) != Portable.Errors(x, labels, c, 2) {
			t.Error("NaN is not the largest logit")
		}
	})
}

func TestGatherBytes(t *testing.T) {
	eachISA(t, func(t *testing.T, isa ISA) {
		r := random.New(3, "bytes")
		for _, features := range []int{1, 2, 15, 16, 17, 31, 32, 33, 48, 64, 67, 240, 256, 272, 288, 320, 784, 785} {
			data := make([]byte, 30*features)
			for i := range data {
				data[i] = byte(r.IntN(256))
			}
			for _, scale := range []float64{0.5, 1. / 255 / 0.3081, 1e-30, 1e-36, 0} {
				var order [Lanes]int32
				for i := range order {
					order[i] = int32(r.IntN(30))
				}
				got, want := newBanded(features*Lanes, 1), make([]float32, features*Lanes)
				isa.GatherBytes(got.x, data, &order, features, scale, -scale/3)
				Gather(want, data, &order, features)
				isa.Affine(want, want, scale, -scale/3)
				got.check(t, "gather")
				same(t, "gather", got.x, want)
			}
		}
	})
}
