package train_test

import (
	"math"
	"testing"

	"gradus/graph"
	"gradus/train"
)

func tensor(values ...float32) *graph.Tensor {
	return &graph.Tensor{Shape: graph.Shape{len(values)}, Data: values}
}

func TestFingerprint(t *testing.T) {
	for _, test := range []struct {
		name    string
		tensors []*graph.Tensor
		want    string
	}{
		{"nothing", nil, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		// printf '\0\0\200\077\0\0\0\300\0\0\0\0' | sha256sum
		{"1 -2 0", []*graph.Tensor{tensor(1, -2), tensor(0)}, "07897bbb1d312d156281b5eaf18c7e504fdd5eb25ac51b598eebb64d7fe654ec"},
	} {
		var parameters []graph.Parameter
		for _, v := range test.tensors {
			parameters = append(parameters, graph.Parameter{Name: "p", Tensor: v})
		}
		if got := train.Fingerprint(parameters); got != test.want {
			t.Errorf("%s: expected %s, got %s", test.name, test.want, got)
		}
	}
	negative := float32(math.Copysign(0, -1))
	a := train.Fingerprint([]graph.Parameter{{Tensor: tensor(0)}})
	b := train.Fingerprint([]graph.Parameter{{Tensor: tensor(negative)}})
	if a == b {
		t.Error("expected 0 and -0 to differ, as their bits do")
	}
}
