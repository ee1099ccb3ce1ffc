package source_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"gradus/data/picture"
	"gradus/data/source"
)

// What is said of a set without its files is what its files say.
func TestSizes(t *testing.T) {
	train, _, err := source.Open("MNIST", "")
	if err != nil {
		t.Fatal(err)
	}
	got, err := source.Sizes("MNIST", "")
	if err != nil {
		t.Fatal(err)
	}
	want := *train
	want.Name, want.Images, want.Labels = got.Name, nil, nil
	if diff := cmp.Diff(&want, got); diff != "" {
		t.Errorf("(-files +Sizes):\n%s", diff)
	}
	clothes, err := source.Sizes("fashion-mnist", t.TempDir())
	if err != nil || clothes.Classes != 10 || clothes.ClassNames[9] != "ankle boot" {
		t.Errorf("expected the names of ten clothes, got %+v, %v", clothes, err)
	}
	if _, err := source.Sizes(t.TempDir(), ""); err == nil {
		t.Error("expected an empty folder to be refused")
	}
}

func TestStyle(t *testing.T) {
	for name, want := range map[string]picture.Style{
		"mnist": picture.Digits, "KMNIST": picture.Digits, "emnist-letters": picture.Digits,
		"FashionMNIST": picture.Clothes, "some/folder": picture.Whole,
	} {
		if got := source.Style(name); got != want {
			t.Errorf("%s: expected style %v, got %v", name, want, got)
		}
	}
}
