// Command neon generates the ARM64 kernels of package kernel: run
// go generate there. They compute the expression trees of the amd64 kernels (the parent
// folder), with a quarter of a block of 16 lanes per register.
package main

import (
	"flag"
	"log"
	"os"

	"gradus/internal/kernel/_asm/layout"
	"gradus/internal/kernel/chain"
)

func main() {
	assembly := flag.String("out", "", "file for the assembly")
	stubs := flag.String("stubs", "", "file for the Go declarations")
	pkg := flag.String("pkg", "", "package of the declarations")
	flag.Parse()

	a := newAssembler(*pkg)
	for channels := rows; channels > 0; channels-- {
		a.multiply(channels)
		a.weightGradient(channels)
	}
	for channels := layout.ChannelRows; channels > 0; channels-- {
		a.channelGradient(channels)
	}
	a.gemms()
	a.elementwiseKernels()
	a.sgd()
	for _, c := range chain.All() {
		a.chain(c)
	}
	a.nonFinite()
	a.sumRows()
	a.sumProducts()
	a.crossEntropy("crossEntropy", "loss = log(sum of exp(x)) - x[label]", true, false)
	a.crossEntropy("crossEntropyGradient", "dx = dloss * (softmax(x) - onehot(label))", false, true)
	a.crossEntropy("crossEntropyBoth", "losses and their gradient as the kernels of each do", true, true)
	a.wrongAnswers()
	a.gatherBytes()
	a.prefetch()
	a.transposition()
	a.peak()
	a.writeConstants()
	for name, text := range map[string][]byte{*assembly: a.text.Bytes(), *stubs: a.stubs.Bytes()} {
		if err := os.WriteFile(name, text, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}
