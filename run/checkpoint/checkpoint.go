package checkpoint

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"gradus/graph"
	"gradus/safetensors"
	"gradus/train"
	"gradus/weights"
)

// Checkpoint is a training between two steps, with what it is a training of.
type Checkpoint struct {
	train.Snapshot
	Seed     uint64
	Settings string // JSON, without what changes no number
	Data     string // SHA-256 of the data sets, in hexadecimal digits
	Best     *Best  // nil before the first that was measured
}

// Best is the checkpoint with the smallest error, the first of equal ones.
type Best struct {
	Step  int
	Error float64
}

// Format is the version of the layout that is written, and the newest that is
// read.
const Format = 1

// Prefixes of the tensors' names.
const (
	ModelPrefix     = "model."
	OptimizerPrefix = "optimizer."
)

// Keys of the metadata.
const (
	formatKey   = "gradus.format"
	stepKey     = "gradus.step"
	epochsKey   = "gradus.epochs"
	samplesKey  = "gradus.samples"
	lossesKey   = "gradus.losses"
	errorsKey   = "gradus.errors"
	seedKey     = "gradus.seed"
	shuffleKey  = "gradus.shuffle"
	settingsKey = "gradus.settings"
	dataKey     = "gradus.data"
	bestKey     = "gradus.best"
)

// write writes the checkpoint as a file. The bytes are a function of it.
func (c *Checkpoint) write(w io.Writer) error {
	var tensors []safetensors.Tensor
	for _, part := range []struct {
		prefix string
		list   []graph.Parameter
	}{{ModelPrefix, c.Weights}, {OptimizerPrefix, c.Memory}} {
		for _, t := range weights.Tensors(part.list) {
			t.Name = part.prefix + t.Name
			tensors = append(tensors, t)
		}
	}
	best := ""
	if c.Best != nil {
		best = strconv.Itoa(c.Best.Step) + " " + formatFloat(c.Best.Error)
	}
	return safetensors.Write(w, tensors, map[string]string{
		"format":    "pt",
		formatKey:   strconv.Itoa(Format),
		stepKey:     strconv.Itoa(c.Steps),
		epochsKey:   strconv.Itoa(c.Epochs),
		samplesKey:  strconv.Itoa(c.Samples),
		lossesKey:   formatFloat(c.Losses),
		errorsKey:   formatFloat(c.Errors),
		seedKey:     strconv.FormatUint(c.Seed, 10),
		shuffleKey:  strconv.Itoa(c.Epochs),
		settingsKey: c.Settings,
		dataKey:     c.Data,
		bestKey:     best,
	})
}

// size is about how many bytes the file has.
func (c *Checkpoint) size() int {
	n := 4096 + len(c.Settings)
	for _, list := range [][]graph.Parameter{c.Weights, c.Memory} {
		for _, p := range list {
			n += 4*len(p.Tensor.Data) + 128
		}
	}
	return n
}

// formatFloat writes a number so that parsing it gives it back.
func formatFloat(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// Read reads the checkpoint at path. Its digest is checked, and that it has one.
// Errors name the path.
func Read(path string) (*Checkpoint, error) {
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	c, err := decode(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

// ReadWeights reads the model of the checkpoint at path into the parameters:
// weights.Load, for a file with more than a model in it.
func ReadWeights(path string, parameters []graph.Parameter) error {
	f, err := open(path)
	if err != nil {
		return err
	}
	return weights.Assign(f.Sub(ModelPrefix), parameters)
}

// Is reports whether a file says that it is a checkpoint.
func Is(f *safetensors.File) bool {
	_, ok := f.Metadata[formatKey]
	return ok
}

// open reads a file that is a checkpoint of this format and undamaged.
func open(path string) (*safetensors.File, error) {
	f, err := safetensors.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if err := checkFormat(f); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if !f.HasDigest() {
		return nil, f.Verify() // says that it has none
	}
	return f, nil
}

// FormatError is a checkpoint of another version of the layout.
type FormatError struct{ Got int }

// Error gives both versions.
func (e *FormatError) Error() string {
	return fmt.Sprintf("expected a checkpoint of format %d or less, got format %d; a newer gradus reads it", Format, e.Got)
}

func checkFormat(f *safetensors.File) error {
	text, ok := f.Metadata[formatKey]
	if !ok {
		return fmt.Errorf("expected a checkpoint with %s in its metadata, got a file without", formatKey)
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return fmt.Errorf("%s: expected a whole number of at least 1, got %.40q", formatKey, text)
	}
	if n > Format {
		return &FormatError{n}
	}
	return nil
}

func decode(f *safetensors.File) (*Checkpoint, error) {
	c := &Checkpoint{Settings: f.Metadata[settingsKey], Data: f.Metadata[dataKey]}
	var err error
	for key, to := range map[string]*int{stepKey: &c.Steps, epochsKey: &c.Epochs, samplesKey: &c.Samples} {
		if *to, err = strconv.Atoi(f.Metadata[key]); err != nil || *to < 0 {
			return nil, fmt.Errorf("%s: expected a whole number of at least 0, got %.40q", key, f.Metadata[key])
		}
	}
	for key, to := range map[string]*float64{lossesKey: &c.Losses, errorsKey: &c.Errors} {
		if *to, err = strconv.ParseFloat(f.Metadata[key], 64); err != nil || math.IsNaN(*to) || math.IsInf(*to, 0) {
			return nil, fmt.Errorf("%s: expected a number, got %.40q", key, f.Metadata[key])
		}
	}
	if c.Seed, err = strconv.ParseUint(f.Metadata[seedKey], 10, 64); err != nil {
		return nil, fmt.Errorf("%s: expected a whole number of at least 0, got %.40q", seedKey, f.Metadata[seedKey])
	}
	if got := f.Metadata[shuffleKey]; got != strconv.Itoa(c.Epochs) {
		return nil, fmt.Errorf("%s: expected %d, the epochs finished, got %.40q", shuffleKey, c.Epochs, got)
	}
	if c.Best, err = parseBest(f.Metadata[bestKey]); err != nil {
		return nil, err
	}
	if c.Weights, err = tensors(f.Sub(ModelPrefix)); err != nil {
		return nil, err
	}
	c.Memory, err = tensors(f.Sub(OptimizerPrefix))
	if err == nil && len(c.Weights)+len(c.Memory) != len(f.Tensors) {
		err = fmt.Errorf("expected tensors named %s... and %s... only, got others", ModelPrefix, OptimizerPrefix)
	}
	return c, err
}

func parseBest(text string) (*Best, error) {
	if text == "" {
		return nil, nil
	}
	step, number, _ := strings.Cut(text, " ")
	n, err := strconv.Atoi(step)
	x, e := strconv.ParseFloat(number, 64)
	if err != nil || e != nil || n < 0 {
		return nil, fmt.Errorf("%s: expected a step and an error, got %.40q", bestKey, text)
	}
	return &Best{n, x}, nil
}

func tensors(f *safetensors.File) ([]graph.Parameter, error) {
	var list []graph.Parameter
	for _, e := range f.Tensors {
		t, err := f.Tensor(e.Name)
		if err != nil {
			return nil, err
		}
		numbers, err := safetensors.Values[float32](t)
		if err != nil {
			return nil, err
		}
		list = append(list, graph.Parameter{Name: e.Name, Tensor: &graph.Tensor{Shape: e.Shape, Data: numbers}})
	}
	return list, nil
}
