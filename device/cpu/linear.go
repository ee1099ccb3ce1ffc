package cpu

import "gradus/internal/kernel"

func linear(t types) (binding, bool) {
	out, in := t.in[1].Shape[0], t.in[1].Shape[1]
	return binding{kernel: "linear", class: mapped, run: func(c *call) {
		var bias []float32
		if len(c.in) == 3 {
			bias = c.in[2]
		}
		for i := range c.groups {
			kernel.LinearForward(c.group(c.out, i), c.group(c.in[0], i), c.in[1], bias, in, 0, out)
		}
	}}, true
}

func linearDataGradient(t types) (binding, bool) {
	out, in := t.in[0].Shape[0], t.in[0].Shape[1]
	return binding{kernel: "linear_data_gradient", class: mapped, run: func(c *call) {
		for i := range c.groups {
			kernel.LinearDataGradient(c.group(c.out, i), c.in[0], c.group(c.in[1], i), in, out, 0, in)
		}
	}}, true
}

func linearWeightGradient(t types) (binding, bool) {
	out, in := t.out.Shape[0], t.out.Shape[1]
	return binding{kernel: "linear_weight_gradient", class: reduced, run: func(c *call) {
		for i := range c.groups {
			kernel.LinearWeightGradient(c.out, c.group(c.in[0], i), c.group(c.in[1], i), in, 0, out)
		}
	}}, true
}
