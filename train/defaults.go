package train

import (
	"gradus/device"
	"gradus/device/cpu"
	"gradus/op"
	"gradus/optim"
)

// defaultBatch is the notebook's.
const defaultBatch = 16

// defaults sets what is nil to what the options of trainers, steps and range tests
// mean by it.
func defaults(rule *optim.Rule, loss *Loss, on *device.Device) {
	if *rule == nil {
		*rule = optim.SGD{}
	}
	if *loss == nil {
		*loss = op.CrossEntropyLosses
	}
	if *on == nil {
		*on = cpu.New(cpu.Options{})
	}
}
