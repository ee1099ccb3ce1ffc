package run

import (
	"errors"
	"fmt"
	"slices"

	"gradus/data"
	"gradus/nn"
	"gradus/optim"
	"gradus/zoo"
)

// Config are the settings of a training run. Its JSON keys are the names of
// the command's flags. The zero value is not useful: DefaultConfig is.
type Config struct {
	Net        string `json:"net" also:"network model"`
	Depth      int    `json:"depth" also:"layers"`
	Kernel     int    `json:"kernel" also:"kernel_size"`
	Activation string `json:"activation" also:"nonlinearity"`

	// Alpha is the initial weight of convex blocks, one per block or per
	// channel; nil means 0. Other networks have none.
	Alpha           *float64 `json:"alpha,omitempty"`
	AlphaPerChannel bool     `json:"alpha-per-channel,omitempty" also:"alpha_per_channel"`

	Data       string `json:"data" also:"dataset data_set"`         // a set or a folder, as source.Open takes it
	DataRoot   string `json:"data-root,omitempty" also:"data_root"` // where fetched sets lie; "" means the usual place
	Validation int    `json:"validation"`                           // training samples held out; 0 evaluates on the test set

	Batch    int     `json:"batch" also:"batch_size"` // may be larger than the data: then a step sees it all
	Momentum float64 `json:"momentum"`
	// Schedule is what optim.ParseSchedule reads. LearningRate, with Epochs or
	// without (5), is the short way to a schedule of one stage. One of the two ways is used;
	// neither means the default schedule.
	Schedule     *string  `json:"schedule,omitempty"`
	LearningRate *float64 `json:"lr,omitempty" also:"learning_rate rate"`
	Epochs       *int     `json:"epochs,omitempty"`

	Seed    uint64 `json:"seed"`
	Threads int    `json:"threads"` // 0 means all cores; changes no bit of the result
}

// MNIST is the value of Config.Data for the data set inside the program.
const MNIST = "mnist"

// DefaultConfig is the first experiment: the plain network on MNIST.
func DefaultConfig() Config {
	net := zoo.DefaultOptions()
	return Config{
		Net: net.Net, Depth: net.Depth, Kernel: net.Kernel, Activation: string(net.Activation),
		Data: MNIST, Batch: 16, Seed: 1,
	}
}

const (
	defaultSchedule = "0.07x2,0.01x3"
	defaultEpochs   = 5 // of a learning rate given alone
)

// Limits that keep a mistyped number from exhausting the machine.
const (
	maxBatch   = 1 << 16
	maxThreads = 256
)

// Check finds the first setting that cannot work, as far as the data need not
// be seen for it. The error begins with the setting's name.
func (c Config) Check() error {
	if c.Batch < 1 || c.Batch > maxBatch {
		return fmt.Errorf("batch: expected 1 to %d, got %d", maxBatch, c.Batch)
	}
	if err := (optim.SGD{Momentum: c.Momentum}).Check(); err != nil {
		return err
	}
	if _, err := c.Stages(); err != nil {
		return err
	}
	if c.Data == "" {
		return fmt.Errorf("data: expected the name of a data set or a folder, got nothing; gradus data list has the names")
	}
	if c.Validation < 0 {
		return fmt.Errorf("validation: expected at least 0, got %d", c.Validation)
	}
	if c.Threads < 0 || c.Threads > maxThreads {
		return fmt.Errorf("threads: expected 0 to %d, got %d; 0 means all cores", maxThreads, c.Threads)
	}
	if c.Alpha != nil && !c.HasAlpha() && slices.Contains(zoo.Networks(), c.Net) {
		return fmt.Errorf("alpha: expected the net %s, got %s; no other network has an alpha", zoo.ConvexNet, c.Net)
	}
	return c.Network(nil).Check()
}

// HasAlpha reports whether the network has blocks with an alpha.
func (c Config) HasAlpha() bool { return c.Net == zoo.ConvexNet }

// Stages is the schedule the settings ask for.
func (c Config) Stages() ([]optim.Stage, error) {
	switch {
	case c.Schedule != nil && (c.LearningRate != nil || c.Epochs != nil):
		return nil, errors.New("schedule: expected schedule, or lr with epochs, got both")
	case c.Schedule != nil:
		return optim.ParseSchedule(*c.Schedule)
	case c.LearningRate != nil:
		s := optim.Stage{LearningRate: *c.LearningRate, Epochs: defaultEpochs}
		if c.Epochs != nil {
			s.Epochs = *c.Epochs
		}
		return []optim.Stage{s}, s.Check()
	case c.Epochs != nil:
		return nil, fmt.Errorf("epochs: expected lr with epochs, got epochs alone; for a schedule write 0.07x%d", max(1, *c.Epochs))
	}
	return optim.ParseSchedule(defaultSchedule)
}

// Effective is the same run with everything said in one way: a schedule in
// place of what stood for it, and the alpha of a network that has one. Check
// must have passed.
func (c Config) Effective() Config {
	if stages, err := c.Stages(); err == nil {
		c.Schedule, c.LearningRate, c.Epochs = new(optim.FormatSchedule(stages)), nil, nil
	}
	if c.HasAlpha() && c.Alpha == nil {
		c.Alpha = new(float64)
	}
	return c
}

// Network describes the network for a data set; nil stands for MNIST.
func (c Config) Network(set *data.Set) zoo.Options {
	o := zoo.Options{Net: c.Net, Depth: c.Depth, Kernel: c.Kernel, Activation: nn.Activation(c.Activation)}
	o.AlphaPerChannel = c.AlphaPerChannel
	if c.Alpha != nil {
		o.Alpha = *c.Alpha
	}
	if set != nil {
		o.Image, o.Classes = set.Shape, set.Classes
	}
	return o
}
