package bench

import "time"

// Report is what was measured.
type Report struct {
	Date        time.Time    `json:"date"`
	Machine     Machine      `json:"machine"`
	ISA         string       `json:"isa"` // of the kernels
	Noise       Noise        `json:"noise"`
	Peaks       []Peak       `json:"peaks"`
	Networks    []Network    `json:"networks,omitempty"`
	Evaluations []Evaluation `json:"evaluations,omitempty"`
	Batches     []Batches    `json:"batches,omitempty"`
	Layers      []Layer      `json:"layers,omitempty"`
	Profiles    []Profile    `json:"profiles,omitempty"`
}

// Network is the training of a network: one go is an epoch, with everything that
// belongs to it: the shuffle, the gathering of batches, losses and errors.
type Network struct {
	Name         string   `json:"name"`
	Batch        int      `json:"batch"`
	Samples      int      `json:"samples"`       // of an epoch
	MultiplyAdds int      `json:"multiply_adds"` // per sample
	Timings      []Timing `json:"timings"`       // with one thread, then with several
}

// Evaluation is the evaluation of a network on the test set: one go is the set.
type Evaluation struct {
	Name         string   `json:"name"`
	Samples      int      `json:"samples"`
	MultiplyAdds int      `json:"multiply_adds"` // per sample
	Timings      []Timing `json:"timings"`
}

// Batches compares a batch with a bigger one that should take no less time: one
// go is a batch, on one thread.
type Batches struct {
	Name        string `json:"name"`
	Batch       int    `json:"batch"`
	Over        int    `json:"over"` // the other batch
	Forward     Timing `json:"forward"`
	ForwardOver Timing `json:"forward_over"`
	Step        Timing `json:"step"` // of training
	StepOver    Timing `json:"step_over"`
}

// Layer is one layer on one thread: one go is a pass over the whole batch.
type Layer struct {
	Name           string `json:"name"`
	Description    string `json:"description"`
	MultiplyAdds   int    `json:"multiply_adds"` // of each pass, over the batch
	Forward        Timing `json:"forward"`
	DataGradient   Timing `json:"data_gradient"`
	WeightGradient Timing `json:"weight_gradient"`
}
