package train

import (
	"errors"
	"fmt"
	"maps"

	"gradus/device"
	"gradus/graph"
	"gradus/nn"
	"gradus/optim"
)

// Step is one compiled training step, for loops of one's own:
//
//	step, err := train.NewStep(model, train.InputOf(set), train.StepOptions{Rule: optim.SGD{Momentum: 0.75}})
//	defer step.Close()
//	for images, labels := range loader.Batches(epoch) {
//		result, err := step.Run(images, labels, 0.01)
//		...
//	}
//
// Batches may have any size: a new one is traced once and kept.
type Step struct {
	model  nn.Module
	input  Input
	loss   Loss
	rule   optim.Rule
	device device.Device
	state  *device.State
	execs  map[int]device.Exec // by batch size
	batch  int                 // whose exec holds the current state; 0 for none
}

// StepResult is what a step found, before its update.
type StepResult struct {
	Loss   float64 // mean over the batch
	Errors int     // wrong answers
}

var errClosed = errors.New("step: expected an open step, got one that was closed")

// StepOptions are the options of NewStep.
type StepOptions struct {
	Rule   optim.Rule    // nil means optim.SGD without momentum
	Loss   Loss          // nil means op.CrossEntropyLosses
	Device device.Device // nil means the CPU with all its cores
}

// NewStep prepares training steps of a model; nothing is traced before the
// first Run.
func NewStep(model nn.Module, in Input, o StepOptions) (*Step, error) {
	defaults(&o.Rule, &o.Loss, &o.Device)
	parameters, err := nn.Parameters(model)
	if err != nil {
		return nil, err
	}
	if err := o.Rule.Check(); err != nil {
		return nil, err
	}
	return &Step{
		model: model, input: in, loss: o.Loss, rule: o.Rule,
		device: o.Device, state: device.NewState(parameters), execs: map[int]device.Exec{},
	}, nil
}

// Run does one step: images are bytes [N C H W], labels [N]. A loss or gradient
// that is not finite is a *device.NonFiniteError, and nothing is updated. The
// model's tensors are stale until Sync.
func (s *Step) Run(images []byte, labels []int32, learningRate float64) (StepResult, error) {
	if s.execs == nil {
		return StepResult{}, errClosed
	}
	batch := len(labels)
	if err := (optim.Stage{LearningRate: learningRate}).Check(); err != nil {
		return StepResult{}, err
	}
	if batch == 0 {
		return StepResult{}, fmt.Errorf("labels: expected at least 1, got 0")
	}
	exec, err := s.exec(batch)
	if err != nil {
		return StepResult{}, err
	}
	settings := device.Settings{optim.LearningRate: float32(learningRate)}
	maps.Copy(settings, s.rule.Settings())
	out, err := exec.Call(training, map[string]device.Data{imagesInput: {Uint8: images}, labelsInput: {Int32: labels}}, settings)
	if err != nil {
		return StepResult{}, err
	}
	return StepResult{Loss: float64(out[lossOutput][0]), Errors: int(out[errorsOutput][0])}, nil
}

// exec returns the compiled step for a batch size and moves the state there.
func (s *Step) exec(batch int) (device.Exec, error) {
	if s.batch == batch {
		return s.execs[batch], nil
	}
	if err := s.Sync(); err != nil {
		return nil, err
	}
	exec, ok := s.execs[batch]
	if !ok {
		p, err := TrainingProgram(s.model, s.input, batch, s.loss, s.rule)
		if err != nil {
			return nil, err
		}
		if exec, err = s.device.Compile(s.state, map[string]*graph.Program{training: p}); err != nil {
			return nil, err
		}
		s.execs[batch] = exec
	} else if err := exec.Load(); err != nil {
		return nil, err
	}
	s.batch = batch
	return exec, nil
}

// Sync brings the current weights to the model's tensors.
func (s *Step) Sync() error {
	if s.batch == 0 {
		return nil
	}
	return s.execs[s.batch].Sync()
}

// Close syncs the model's tensors and frees what the step holds.
func (s *Step) Close() error {
	err := s.Sync()
	for _, exec := range s.execs {
		exec.Close()
	}
	s.execs, s.batch = nil, 0
	return err
}
