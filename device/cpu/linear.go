package cpu

import "gradus/internal/kernel"

func linear(t types, isa kernel.ISA) (binding, bool) {
	out, in := t.in[1].Shape[0], t.in[1].Shape[1]
	k := kernel.NewDense(in, out, isa)
	b := binding{kernel: "linear", class: mapped}
	b.dense(k, t.in[0].Shape[0]*in*out, out, func(c *call, lo, hi int) {
		k.Forward(c.out, c.in[0], c.in[1], c.operand(2), c.groups, lo, hi)
	})
	return b, true
}

// linearDataGradient binds a data gradient and what is fused with it.
func linearDataGradient(name string, t types, isa kernel.ISA) (binding, bool) {
	out, in := t.in[0].Shape[0], t.in[0].Shape[1]
	k, batch := kernel.NewDense(in, out, isa), t.out.Shape[0]
	b := binding{kernel: name, class: mapped, scratch: k.DataScratch(groupsAtOnce(k, batch))}
	b.dense(k, batch*in*out, in, func(c *call, lo, hi int) {
		k.DataGradient(c.out, c.in[0], c.in[1], c.operand(2), c.scratch, c.groups, lo, hi)
	})
	if gated := len(t.in) == 3; gated && k.GateInPlace(groupsAtOnce(k, batch)) {
		b.inPlace = 3
	}
	return b, true
}

func linearWeightGradient(t types, isa kernel.ISA) (binding, bool) {
	out, in := t.out.Shape[0], t.out.Shape[1]
	k, batch := kernel.NewDense(in, out, isa), t.in[0].Shape[0]
	b := binding{kernel: "linear_weight_gradient", class: reduced, writes: true, scratch: k.WeightScratch(groupsAtOnce(k, batch))}
	b.dense(k, batch*in*out, in, func(c *call, lo, hi int) {
		k.WeightGradient(c.out, c.in[0], c.in[1], c.scratch, c.groups, lo, hi)
	})
	return b, true
}

// dense binds a pass of a linear layer that computes a range of `rows` outputs or
// features. A large layer's is one operation on the whole batch, cut into parts
// for the threads.
func (b *binding) dense(k *kernel.Dense, work, rows int, run func(c *call, lo, hi int)) {
	b.run = func(c *call) { run(c, 0, rows) }
	if k.Large() {
		const block = 48 // whole panels of rows, whole blocks of features
		blocks := (rows + block - 1) / block
		parts := min(blocks, max(1, work/partWork), maxParts)
		b.class, b.parts, b.cut = whole, parts, func(c *call, part int) {
			run(c, min(rows, part*blocks/parts*block), min(rows, (part+1)*blocks/parts*block))
		}
	}
}

// groupsAtOnce is how many groups a pass meets at most.
func groupsAtOnce(k *kernel.Dense, batch int) int {
	groups := kernel.Groups(batch)
	if k.Large() {
		return groups
	}
	return chunkGroups(groups)
}
