package diagnose_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gradus/data"
	"gradus/data/mnist"
	"gradus/diagnose"
	"gradus/nn"
	"gradus/optim"
	"gradus/random"
	"gradus/train"
	"gradus/zoo"
)

// epochs are results of epochs that all have one error.
func epochs(trainError float64, losses ...float64) []train.Epoch {
	var list []train.Epoch
	for _, loss := range losses {
		list = append(list, train.Epoch{Train: train.Score{Loss: loss, Error: trainError}})
	}
	return list
}

// lost is an epoch that ends at chance, of two classes.
func lost(trainError, loss float64) train.Epoch {
	return train.Epoch{Train: train.Score{Loss: loss, Error: trainError}, Test: train.Score{Error: 0.5}}
}

func TestWatch(t *testing.T) {
	const chance = 0.5 // of two classes, a thousand samples each
	set := labelled(2, make([]int32, 2000)...)
	for i := range 1000 {
		set.Labels[i] = 1
	}
	for _, test := range []struct {
		name   string
		batch  int
		epochs []train.Epoch
		want   []string // kinds, epoch by epoch
	}{
		{"learns", 2, epochs(0.1, 0.6, 0.5, 0.4), []string{"", "", ""}},
		{"stuck", 2, epochs(chance, 0.69, 0.69, 0.69, 0.69, 0.69), []string{"", "", "stuck", "", "stuck"}},
		{"stuck for three epochs", 2, epochs(chance, 0.69, 0.69, 0.69), []string{"", "", "stuck"}},
		{"learns at last", 2, append(epochs(chance, 0.69, 0.69), epochs(0.1, 0.5)...), []string{"", "", ""}},
		{"learned before", 2, append(epochs(0.1, 0.68), epochs(chance, 0.69, 0.69, 0.69)...), []string{"", "", "", "stuck"}},
		{"499 steps", 1000, epochs(chance, make([]float64, 249)...), make([]string, 249)},
		{"500 steps", 8, epochs(chance, 0.69, 0.69), []string{"", "stuck"}},
		{"loses what it learned in its last epoch", 2, append(epochs(0.1, 0.4, 0.4), lost(0.2, 0.5)), []string{"", "", "stuck"}},
		{"diverges, told once", 2, epochs(0.1, 0.3, 2, 3, 4), []string{"", "diverging", "", ""}},
		{"diverges and is stuck", 2, append(epochs(0.1, 0.3), epochs(chance, 0.69)...), []string{"", "diverging stuck"}},
	} {
		w := diagnose.NewWatch(set, set, test.batch)
		var got []string
		for i, e := range test.epochs {
			kinds := ""
			for _, warning := range w.Epoch(e, i == len(test.epochs)-1) {
				if kinds != "" {
					kinds += " "
				}
				kinds += string(warning.Kind)
			}
			got = append(got, kinds)
		}
		if d := cmp.Diff(test.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, d)
		}
	}
}

// trained trains a network on some digits, and returns what there was to warn
// of, layers included.
func trained(t *testing.T, o zoo.Options, batch, samples int, stages ...optim.Stage) []string {
	t.Helper()
	digits, err := mnist.Train()
	if err != nil {
		t.Fatal(err)
	}
	set := digits.Slice(0, samples)
	model, err := zoo.New(random.New(1, "init"), o)
	if err != nil {
		t.Fatal(err)
	}
	trainer, err := train.New(model, set, train.Options{Batch: batch, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	w, warnings := diagnose.NewWatch(set, set, batch), []diagnose.Warning(nil)
	for e, err := range trainer.Epochs(context.Background(), stages...) {
		if err != nil {
			t.Fatal(err)
		}
		warnings = append(warnings, w.Epoch(e, e.Stage == len(stages) && e.Epoch == e.Epochs)...)
	}
	return kinds(append(warnings, diagnose.Dead(layersOf(t, model, set))...))
}

func kinds(warnings []diagnose.Warning) (list []string) {
	for _, w := range warnings {
		list = append(list, string(w.Kind))
	}
	return list
}

func layersOf(t *testing.T, model nn.Module, set *data.Set) []diagnose.Layer {
	t.Helper()
	layers, err := diagnose.DeadUnits(model, set, diagnose.DeadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return layers
}

// Real trainings: one that works, the deep network that does not, and one that
// unlearns what it knew.
func TestTrainings(t *testing.T) {
	deep, shallow := zoo.DefaultOptions(), zoo.DefaultOptions()
	deep.Depth = 3
	for _, test := range []struct {
		name   string
		net    zoo.Options
		stages []optim.Stage
		want   []string
	}{
		{"works", shallow, []optim.Stage{{LearningRate: 0.07, Epochs: 2}}, nil},
		{"stuck", deep, []optim.Stage{{LearningRate: 0.3, Epochs: 2}}, []string{"stuck", "dead"}},
		{"diverges", shallow, []optim.Stage{{LearningRate: 0.07, Epochs: 2}, {LearningRate: 0.4, Epochs: 1}}, []string{"diverging"}},
	} {
		if d := cmp.Diff(test.want, trained(t, test.net, 16, 6000, test.stages...)); d != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, d)
		}
	}
}
