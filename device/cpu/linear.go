package cpu

import "gradus/internal/kernel"

func linear(t types, isa kernel.ISA) (binding, bool) {
	out, in := t.in[1].Shape[0], t.in[1].Shape[1]
	k := kernel.NewDense(in, out, isa)
	return binding{kernel: "linear", class: mapped, run: func(c *call) {
		k.Forward(c.out, c.in[0], c.in[1], c.operand(2), c.groups, 0, out)
	}}, true
}

func linearDataGradient(t types, isa kernel.ISA) (binding, bool) {
	out, in := t.in[0].Shape[0], t.in[0].Shape[1]
	k := kernel.NewDense(in, out, isa)
	return binding{kernel: "linear_data_gradient", class: mapped, run: func(c *call) {
		k.DataGradient(c.out, c.in[0], c.in[1], c.groups, 0, in)
	}}, true
}

func linearWeightGradient(t types, isa kernel.ISA) (binding, bool) {
	out, in := t.out.Shape[0], t.out.Shape[1]
	k := kernel.NewDense(in, out, isa)
	return binding{kernel: "linear_weight_gradient", class: reduced, scratch: k.Scratch(), run: func(c *call) {
		k.WeightGradient(c.out, c.in[0], c.in[1], c.scratch, c.groups, 0, out)
	}}, true
}
