package train

import (
	"fmt"
	"slices"
	"sync"

	"gradus/device"
	"gradus/device/cpu"
	"gradus/graph"
	"gradus/nn"
)

// Predictor is a compiled model: it is applied to images like a function. Several
// goroutines may use one, which takes their images in turn. Predictors of one model have
// copies of its weights, so they work side by side, also while it is trained; only
// NewPredictor and Refresh read the model, and want it to be left alone meanwhile.
type Predictor struct {
	mu      sync.Mutex // held while exec works
	exec    device.Exec
	size    int // bytes of an image
	batch   int
	classes int
}

// PredictorOptions are the options of NewPredictor.
type PredictorOptions struct {
	Device device.Device // nil means the CPU with all its cores
}

// NewPredictor compiles a model for images of the input's shape. It sees the
// weights as they are now; Refresh takes over later ones.
func NewPredictor(model nn.Module, in Input, o PredictorOptions) (*Predictor, error) {
	if o.Device == nil {
		o.Device = cpu.New(cpu.Options{})
	}
	p, err := ApplyProgram(model, in, evaluationBatch)
	if err != nil {
		return nil, err
	}
	parameters, err := nn.Parameters(model)
	if err != nil {
		return nil, err
	}
	exec, err := o.Device.Compile(device.NewState(parameters), map[string]*graph.Program{evaluate: p})
	if err != nil {
		return nil, err
	}
	out, _ := p.Output(logitsOutput)
	return &Predictor{
		exec: exec, size: in.Shape[0] * in.Shape[1] * in.Shape[2], batch: evaluationBatch,
		classes: p.Values[out.Value].Size() / evaluationBatch,
	}, nil
}

// Classes is the number of logits per image.
func (p *Predictor) Classes() int { return p.classes }

// Classify returns the class with the largest logit for each of N images, bytes
// [N C H W]; the first of equal ones, as op.ErrorCount has it.
func (p *Predictor) Classify(images []byte) ([]int, error) {
	logits, err := p.Apply(images)
	if err != nil {
		return nil, err
	}
	var classes []int
	for row := range slices.Chunk(logits, p.classes) {
		best := 0
		for i, v := range row {
			if b := row[best]; b == b && (v > b || v != v) {
				best = i
			}
		}
		classes = append(classes, best)
	}
	return classes, nil
}

// Apply returns the logits [N classes] of N images, bytes [N C H W].
func (p *Predictor) Apply(images []byte) ([]float32, error) {
	if len(images)%p.size != 0 {
		return nil, fmt.Errorf("images: expected a multiple of %d bytes, got %d", p.size, len(images))
	}
	logits := make([]float32, 0, len(images)/p.size*p.classes)
	batch := make([]byte, p.batch*p.size)
	for len(images) > 0 {
		n := copy(batch, images)
		clear(batch[n:])
		out, err := p.call(batch)
		if err != nil {
			return nil, err
		}
		logits = append(logits, out[logitsOutput][:n/p.size*p.classes]...)
		images = images[n:]
	}
	return logits, nil
}

// call runs the program on a batch. What it returns is the caller's.
func (p *Predictor) call(batch []byte) (map[string][]float32, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.exec.Call(evaluate, map[string]device.Data{imagesInput: {Uint8: batch}}, nil)
}

// Refresh takes over the model's current weights.
func (p *Predictor) Refresh() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.exec.Load()
}

// Close frees what the predictor holds. A second one does nothing.
func (p *Predictor) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.exec.Close()
}
