package cpu

import (
	"gradus/internal/kernel"
)

func logSoftmax(t types) (binding, bool) {
	classes := t.out.Shape[1]
	return eachGroup("log_softmax", func(c *call, i int) {
		kernel.LogSoftmax(c.group(c.out, i), c.group(c.in[0], i), classes)
	})
}

func logSoftmaxGradient(t types) (binding, bool) {
	classes := t.out.Shape[1]
	return eachGroup("log_softmax_gradient", func(c *call, i int) {
		kernel.LogSoftmaxGradient(c.group(c.out, i), c.group(c.in[0], i), c.group(c.in[1], i), classes)
	})
}

func crossEntropyLosses(t types, isa kernel.ISA) (binding, bool) {
	classes := t.in[0].Shape[1]
	return eachGroup("cross_entropy_losses", func(c *call, i int) {
		isa.CrossEntropy(c.group(c.out, i), c.group(c.in[0], i), c.group(c.in[1], i), classes)
	})
}

func crossEntropyLossesGradient(t types, isa kernel.ISA) (binding, bool) {
	classes := t.in[0].Shape[1]
	return eachGroup("cross_entropy_losses_gradient", func(c *call, i int) {
		isa.CrossEntropyGradient(c.group(c.out, i), c.group(c.in[0], i), c.group(c.in[1], i), c.group(c.in[2], i), classes)
	})
}

// crossEntropy binds the losses with their gradient.
func crossEntropy(o crossEntropyOp, t types, isa kernel.ISA) (binding, bool) {
	batch, classes := t.in[0].Shape[0], t.in[0].Shape[1]
	b := binding{kernel: o.Name(), class: mapped, alsoInPlace: []int{0}, run: func(c *call) {
		for i := range c.groups {
			isa.CrossEntropyBoth(c.group(c.out, i), c.group(c.also[0], i), c.group(c.in[0], i), c.group(c.in[1], i), c.group(c.in[2], i), classes)
		}
	}}
	if o.mean {
		b.scratch = kernel.Lanes
		b.run = func(c *call) {
			valid := c.operand(3)
			counted, share := c.counted(valid, batch), c.share(c.in[2], valid, batch)
			for i := range c.groups {
				lanes := max(0, min(counted-i*kernel.Lanes, kernel.Lanes))
				for l := range lanes {
					c.scratch[l] = share
				}
				clear(c.scratch[lanes:])
				isa.CrossEntropyBoth(c.group(c.out, i), c.group(c.also[0], i), c.group(c.in[0], i), c.group(c.in[1], i), c.scratch, classes)
			}
		}
	}
	return b, true
}

// counted is how many of a call's samples count: those below the operand
// `valid`, which is missing where all do.
func (c *call) counted(valid []float32, batch int) int {
	if valid != nil {
		batch = int(valid[0])
	}
	return max(0, min(batch-c.first, c.groups*kernel.Lanes))
}

// share is what each sample that counts has of the gradient of the mean.
func (c *call) share(dy, valid []float32, batch int) float32 {
	if valid != nil {
		return dy[0] / valid[0]
	}
	return dy[0] / float32(batch)
}

func batchMean(t types) (binding, bool) {
	batch := t.in[0].Shape[0]
	return binding{
		kernel: "batch_mean", class: reduced,
		run: func(c *call) {
			for _, v := range c.in[0][:c.counted(c.operand(1), batch)] {
				c.out[0] += v
			}
		},
		finish: func(c *call) {
			n := float32(batch)
			if v := c.operand(1); v != nil {
				n = v[0]
			}
			if n > 0 {
				c.out[0] /= n
			}
		},
	}, true
}

func batchMeanGradient(t types) (binding, bool) {
	batch := t.out.Shape[0]
	return binding{kernel: "batch_mean_gradient", class: mapped, run: func(c *call) {
		valid := c.operand(1)
		share := c.share(c.in[0], valid, batch)
		clear(c.out)
		for i := range c.counted(valid, batch) {
			c.out[i] = share
		}
	}}, true
}

func errorCount(t types, isa kernel.ISA) (binding, bool) {
	batch, classes := t.in[0].Shape[0], t.in[0].Shape[1]
	return binding{kernel: "error_count", class: reduced, run: func(c *call) {
		n := c.counted(c.operand(2), batch)
		for i := 0; i*kernel.Lanes < n; i++ {
			lanes := min(kernel.Lanes, n-i*kernel.Lanes)
			c.out[0] += float32(isa.Errors(c.group(c.in[0], i), c.group(c.in[1], i), classes, lanes))
		}
	}}, true
}
