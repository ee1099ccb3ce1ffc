package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"gradus/internal/kernel/_asm/layout"
)

// softmaxKernels generates the kernels of the loss. They work on one group of
// logits, classes one block each.
func (s isa) softmaxKernels() {
	s.crossEntropy("crossEntropy", "loss = log(sum of exp(x)) - x[label]", true, false)
	s.crossEntropy("crossEntropyGradient", "dx = dloss * (softmax(x) - onehot(label))", false, true)
	s.crossEntropy("crossEntropyBoth", "losses and their gradient as the kernels of each do", true, true)
	s.wrongAnswers()
}

// perHalf runs f for every part of a block a register holds, with the offset of
// the part in bytes.
func (s isa) perHalf(f func(disp int, name func(string) string)) {
	for disp := 0; disp < blockBytes; disp += s.bytes {
		f(disp, func(label string) string { return fmt.Sprintf("%s_%d", label, disp) })
	}
}

// eachClass walks through the classes: f gets the address of a class's block.
func (s isa) eachClass(label string, x reg.Register, classes reg.Register, disp int, f func(m Mem)) {
	p, n := GP64(), GP64()
	LEAQ(Mem{Base: x, Disp: disp}, p)
	MOVQ(classes, n)
	Label(label)
	f(Mem{Base: p})
	ADDQ(Imm(blockBytes), p)
	DECQ(n)
	JNZ(LabelRef(label))
}

// largest is the largest logit of each lane. A NaN need not be found: it makes
// the sum of exponentials NaN all the same.
func (s isa) largest(label string, x, classes reg.Register, disp int) reg.VecVirtual {
	m := s.register()
	VMOVUPS(Mem{Base: x, Disp: disp}, m)
	s.eachClass(label, x, classes, disp, func(at Mem) { VMAXPS(at, m, m) })
	return m
}

// whereEqual is a where labels == class, else b, in b.
func (s isa) whereEqual(labels, class, a, b reg.VecVirtual) {
	const equal = 0
	if s.bytes == 64 {
		k := K()
		VCMPPS(U8(equal), labels, class, k)
		VBLENDMPS(a, b, k, b)
		return
	}
	m := s.register()
	VCMPPS(U8(equal), labels, class, m)
	VBLENDVPS(m, a, b, b)
}

// crossEntropy generates the kernel of the losses, of their gradient, or of both at
// once, which computes exponentials once.
func (s isa) crossEntropy(name, does string, losses, gradient bool) {
	parameters := "x, labels *float32, classes int)"
	if gradient {
		parameters = "dx, x, labels, dloss *float32, classes int)"
	}
	if losses {
		parameters = "loss, " + parameters
	}
	TEXT(name+s.name, NOSPLIT, "func("+parameters)
	Pragma("noescape")
	Doc(name + s.name + " computes " + does + " for one group of logits.")
	pointer := func(name string, is bool) (p reg.Register) {
		if is {
			p = Load(Param(name), GP64())
		}
		return p
	}
	loss, dx, dloss := pointer("loss", losses), pointer("dx", gradient), pointer("dloss", gradient)
	x, labels, classes := pointer("x", true), pointer("labels", true), pointer("classes", true)
	one := s.constant(1)
	s.perHalf(func(disp int, name func(string) string) {
		m := s.largest(name("largest"), x, classes, disp)
		label, class, sum := s.register(), s.register(), s.register()
		VMOVUPS(Mem{Base: labels, Disp: disp}, label)
		s.zero(class)
		s.zero(sum)
		nan := constBits(math.Float32bits(float32(math.NaN()))) // what stays for a label that is no class
		own, given, d, to := s.register(), s.register(), s.register(), GP64()
		if losses {
			VBROADCASTSS(nan, own)
		}
		if gradient {
			VBROADCASTSS(nan, d)
			VMOVUPS(Mem{Base: dloss, Disp: disp}, given)
			LEAQ(Mem{Base: dx, Disp: disp}, to)
		}
		s.eachClass(name("sum"), x, classes, disp, func(at Mem) {
			v := s.register()
			VMOVUPS(at, v)
			if losses {
				s.whereEqual(label, class, v, own)
			}
			if gradient {
				s.whereEqual(label, class, given, d)
			}
			VSUBPS(m, v, v)
			p := s.exp(v, one)
			VADDPS(p, sum, sum)
			VADDPS(one, class, class)
			if gradient {
				VMOVUPS(s.unlessNotAbove(p, p, s.constant(layout.Negligible)), Mem{Base: to})
				ADDQ(Imm(blockBytes), to)
			}
		})
		if losses {
			VSUBPS(m, own, own)
		}
		scale := s.register()
		if gradient {
			VDIVPS(sum, d, scale) // dloss / sum
		}
		if losses {
			l := s.log(sum, one)
			VSUBPS(own, l, l)
			VMOVUPS(l, Mem{Base: loss, Disp: disp})
		}
		if gradient {
			s.zero(class)
			zero := s.register()
			s.zero(zero)
			s.eachClass(name("scale"), dx, classes, disp, func(at Mem) {
				v, own := s.register(), s.register()
				VMOVUPS(at, v)
				VMOVAPS(zero, own)
				s.whereEqual(label, class, d, own)
				VFMSUB213PS(own, scale, v)
				VMOVUPS(v, at)
				VADDPS(one, class, class)
			})
		}
	})
	VZEROUPPER()
	RET()
}

// logSeries is artanh(s)/s in s^2, of the highest power first: s = (m-1)/(m+1)
// with m between sqrt(1/2) and sqrt(2), so s^2 < 0.03.
var logSeries = []float32{1.0 / 9, 1.0 / 7, 1.0 / 5, 1.0 / 3, 1}

// log is the natural logarithm of normal positive numbers x = 2^k m: k ln 2 +
// 2 artanh((m-1)/(m+1)). NaN stays NaN.
func (s isa) log(x, one reg.VecVirtual) reg.VecVirtual {
	k, m, base := s.register(), s.register(), s.register()
	// Subtracting sqrt(1/2) from the bits leaves k in the exponent.
	VPBROADCASTD(constBits(math.Float32bits(math.Sqrt2/2)), base)
	VPSUBD(base, x, k)
	VPSRAD(U8(23), k, k)
	VPSLLD(U8(23), k, m)
	VPSUBD(m, x, m)
	VCVTDQ2PS(k, k)

	a, b := s.register(), s.register()
	VSUBPS(one, m, a)
	VADDPS(one, m, b)
	VDIVPS(b, a, a)
	z := s.register()
	VMULPS(a, a, z)
	p := s.register()
	s.series(logSeries, z, p)
	VADDPS(a, a, a)
	VMULPS(p, a, a)
	VFMADD231PS(s.constant(layout.Ln2Lo), k, a)
	VFMADD231PS(s.constant(layout.Ln2Hi), k, a)
	// The bits of a NaN are no exponent: x-x brings it back.
	VSUBPS(x, x, x)
	VADDPS(x, a, a)
	return a
}

func (s isa) wrongAnswers() {
	TEXT("wrongAnswers"+s.name, NOSPLIT, "func(x, labels *float32, classes int) uint64")
	Pragma("noescape")
	Doc("wrongAnswers" + s.name + " has bit l set where the largest logit of lane l is not at its label.")
	x, labels, classes := Load(Param("x"), GP64()), Load(Param("labels"), GP64()), Load(Param("classes"), GP64())
	one := s.constant(1)
	wrong := GP64()
	XORQ(wrong, wrong)
	s.perHalf(func(disp int, name func(string) string) {
		const notEqual, notLessOrEqual, ordered = 4, 6, 7
		best, index, class := s.register(), s.register(), s.register()
		VMOVUPS(Mem{Base: x, Disp: disp}, best)
		s.zero(index)
		s.zero(class)
		s.eachClass(name("best"), x, classes, disp, func(at Mem) {
			v := s.register()
			VMOVUPS(at, v)
			// Greater, or NaN, and the best so far is no NaN.
			if s.bytes == 64 {
				k := K()
				VCMPPS(U8(ordered), best, best, k)
				VCMPPS(U8(notLessOrEqual), best, v, k, k)
				VBLENDMPS(v, best, k, best)
				VBLENDMPS(class, index, k, index)
			} else {
				k, o := s.register(), s.register()
				VCMPPS(U8(ordered), best, best, o)
				VCMPPS(U8(notLessOrEqual), best, v, k)
				VANDPS(o, k, k)
				VBLENDVPS(k, v, best, best)
				VBLENDVPS(k, class, index, index)
			}
			VADDPS(one, class, class)
		})
		label, bits := s.register(), GP64()
		VMOVUPS(Mem{Base: labels, Disp: disp}, label)
		if s.bytes == 64 {
			k := K()
			VCMPPS(U8(notEqual), label, index, k)
			KMOVW(k, bits.As32())
		} else {
			VCMPPS(U8(notEqual), label, index, label)
			VMOVMSKPS(label, bits.As32())
			if disp > 0 {
				SHLQ(U8(8), bits)
			}
		}
		ORQ(bits, wrong)
	})
	VZEROUPPER()
	Store(wrong, ReturnIndex(0))
	RET()
}
