package optim

import "gradus/graph"

// Rule is a way of changing a parameter by its gradient. It is data: its fields
// are hyper-parameters. Those among its Settings may differ from call to call of one
// program.
type Rule interface {
	// Update records the new value of the parameter with the given name, value
	// w and gradient g, by Builder.Update; memory the rule needs becomes more
	// states. Every rule reads the setting "learning_rate".
	Update(b *graph.Builder, parameter string, w, g *graph.Value)
	// Settings are the values of the rule's own settings: what its programs
	// read at run time besides the learning rate.
	Settings() map[string]float32
	// Check refuses hyper-parameters that make no sense.
	Check() error
}

// LearningRate is the name of the setting that holds the learning rate.
const LearningRate = "learning_rate"
