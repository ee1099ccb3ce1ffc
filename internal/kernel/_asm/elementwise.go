package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// elementwise generates func name(y, a, b, ... *float32, numbers ..., n int):
// body turns a register of each operand into a register of the result, for n
// numbers, a multiple of 16. Numbers are broadcast beforehand.
func (s isa) elementwise(name, doc string, operands, numbers int, prepare func(), body func(x, c []reg.VecVirtual) reg.VecVirtual) {
	names := []string{"y", "a", "b"}[:operands+1]
	signature := "func("
	for _, n := range names {
		signature += n + ", "
	}
	signature = signature[:len(signature)-2] + " *float32, "
	constants := []string{"p", "q"}[:numbers]
	for _, n := range constants {
		signature += n + " float32, "
	}
	TEXT(name+s.name, NOSPLIT, signature+"n int)")
	Pragma("noescape")
	Doc(name + s.name + " computes " + doc + " for n numbers, a multiple of 16.")
	var pointers []reg.Register
	for _, n := range names {
		pointers = append(pointers, Load(Param(n), GP64()))
	}
	var c []reg.VecVirtual
	for _, n := range constants {
		c = append(c, s.parameter(n))
	}
	n := Load(Param("n"), GP64())
	if prepare != nil {
		prepare()
	}
	Label("loop")
	for disp := 0; disp < blockBytes; disp += s.bytes {
		var x []reg.VecVirtual
		for _, p := range pointers[1:] {
			v := s.register()
			VMOVUPS(Mem{Base: p, Disp: disp}, v)
			x = append(x, v)
		}
		VMOVUPS(body(x, c), Mem{Base: pointers[0], Disp: disp})
	}
	for _, p := range pointers {
		ADDQ(Imm(blockBytes), p)
	}
	SUBQ(Imm(blockBytes/lane), n)
	JNZ(LabelRef("loop"))
	VZEROUPPER()
	RET()
}

// parameter fills a register with a number from the arguments.
func (s isa) parameter(name string) reg.VecVirtual {
	a, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	v := s.register()
	VBROADCASTSS(a.Addr, v)
	return v
}

// constant fills a register with a number from the code.
func (s isa) constant(x float32) reg.VecVirtual {
	v := s.register()
	VBROADCASTSS(constData(x), v)
	return v
}

// constantBits is four bytes in all lanes.
func (s isa) constantBits(bits uint32) reg.VecVirtual {
	v := s.register()
	VPBROADCASTD(constBits(bits), v)
	return v
}

// unlessNotAbove is v where not (x <= limit), else 0: NaN counts as above. It may
// overwrite v.
func (s isa) unlessNotAbove(x, v, limit reg.VecVirtual) reg.VecVirtual {
	return s.whereAbove(x, v, limit, v)
}

// whereAbove is unlessNotAbove in the register `to` or another one.
func (s isa) whereAbove(x, v, limit, to reg.VecVirtual) reg.VecVirtual {
	const lessOrEqual, notLessOrEqual = 2, 6
	if s.bytes == 64 {
		k := K()
		VCMPPS(U8(notLessOrEqual), limit, x, k)
		VMOVUPS_Z(v, k, to)
		return to
	}
	m := s.register()
	VCMPPS(U8(lessOrEqual), limit, x, m)
	VANDNPS(v, m, m)
	return m
}

// elementwiseKernels generates the operations that look at one place at a time.
func (s isa) elementwiseKernels() {
	var zero, one reg.VecVirtual
	needZero := func() { zero = s.register(); s.zero(zero) }
	needOne := func() { one = s.constant(1) }

	s.elementwise("relu", "y = a where not a <= 0, else 0,", 1, 0, needZero, func(x, _ []reg.VecVirtual) reg.VecVirtual {
		return s.unlessNotAbove(x[0], x[0], zero)
	})
	s.elementwise("reluGradient", "y = b where not a <= 0, else 0,", 2, 0, needZero, func(x, _ []reg.VecVirtual) reg.VecVirtual {
		return s.unlessNotAbove(x[0], x[1], zero)
	})
	s.elementwise("affine", "y = a*p + q, rounded once,", 1, 2, nil, func(x, c []reg.VecVirtual) reg.VecVirtual {
		VFMADD213PS(c[1], c[0], x[0])
		return x[0]
	})
	s.elementwise("add", "y = a + b", 2, 0, nil, func(x, _ []reg.VecVirtual) reg.VecVirtual {
		VADDPS(x[1], x[0], x[0])
		return x[0]
	})
	s.elementwise("addScalar", "y = a + p", 1, 1, nil, func(x, c []reg.VecVirtual) reg.VecVirtual {
		VADDPS(c[0], x[0], x[0])
		return x[0]
	})
	s.elementwise("mul", "y = a * b", 2, 0, nil, func(x, _ []reg.VecVirtual) reg.VecVirtual {
		VMULPS(x[1], x[0], x[0])
		return x[0]
	})
	s.elementwise("mulScalar", "y = a * p", 1, 1, nil, func(x, c []reg.VecVirtual) reg.VecVirtual {
		VMULPS(c[0], x[0], x[0])
		return x[0]
	})
	s.elementwise("sigmoidGradient", "y = b*a*(1-a)", 2, 0, needOne, func(x, _ []reg.VecVirtual) reg.VecVirtual {
		d := s.register()
		VSUBPS(x[0], one, d)
		VMULPS(x[0], x[1], x[1])
		VMULPS(d, x[1], x[1])
		return x[1]
	})
	s.elementwise("tanhGradient", "y = b*(1-a*a)", 2, 0, needOne, func(x, _ []reg.VecVirtual) reg.VecVirtual {
		d := s.register()
		VMULPS(x[0], x[0], x[0])
		VSUBPS(x[0], one, d)
		VMULPS(d, x[1], x[1])
		return x[1]
	})
	s.elementwise("sgdVelocity", "y = p*a + b", 2, 1, nil, func(x, c []reg.VecVirtual) reg.VecVirtual {
		VMULPS(c[0], x[0], x[0])
		VADDPS(x[1], x[0], x[0])
		return x[0]
	})
	s.elementwise("sgdStep", "y = a - p*b", 2, 1, nil, func(x, c []reg.VecVirtual) reg.VecVirtual {
		VMULPS(c[0], x[1], x[1])
		VSUBPS(x[1], x[0], x[0])
		return x[0]
	})
	s.elementwise("sigmoid", "y = 1/(1+exp(-a))", 1, 0, needOne, func(x, _ []reg.VecVirtual) reg.VecVirtual {
		return s.sigmoid(s.decay(x[0], one), one)
	})
	s.elementwise("tanh", "y = tanh(a)", 1, 0, needOne, func(x, _ []reg.VecVirtual) reg.VecVirtual {
		return s.tanh(s.decay(x[0], one))
	})
}

// nonFinite generates func nonFinite(x *float32, n int) int: not 0 if any of n
// numbers, a multiple of 16, is infinite or not a number.
func (s isa) nonFinite() {
	TEXT("nonFinite"+s.name, NOSPLIT, "func(x *float32, n int) int")
	Pragma("noescape")
	Doc("nonFinite" + s.name + " is not 0 if any of n numbers, a multiple of 16, is infinite or not a number.")
	x, n := Load(Param("x"), GP64()), Load(Param("n"), GP64())
	seen := s.register()
	s.zero(seen)
	Label("loop")
	for disp := 0; disp < blockBytes; disp += s.bytes {
		v := s.register()
		VMOVUPS(Mem{Base: x, Disp: disp}, v)
		VSUBPS(v, v, v) // 0 of finite numbers, else NaN
		s.or(v, seen, seen)
	}
	ADDQ(Imm(blockBytes), x)
	SUBQ(Imm(blockBytes/lane), n)
	JNZ(LabelRef("loop"))
	out := GP64()
	if s.bytes == 64 {
		k := K()
		VPTESTMD(seen, seen, k)
		KMOVW(k, out.As32())
	} else {
		zero := s.register()
		s.zero(zero)
		VPCMPEQD(zero, seen, seen)
		VMOVMSKPS(seen, out.As32())
		XORL(U32(0xff), out.As32())
	}
	VZEROUPPER()
	Store(out, ReturnIndex(0))
	RET()
}

func (s isa) or(a, b, to reg.VecVirtual) {
	if s.bytes == 64 {
		VPORD(a, b, to)
	} else {
		VORPS(a, b, to)
	}
}

func (s isa) and(a, b, to reg.VecVirtual) {
	if s.bytes == 64 {
		VPANDD(a, b, to)
	} else {
		VANDPS(a, b, to)
	}
}
