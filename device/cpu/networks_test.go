package cpu_test

import (
	"fmt"
	"testing"

	"gradus/device"
	"gradus/device/cpu"
	"gradus/graph"
	"gradus/internal/kernel"
	"gradus/nn"
	"gradus/op"
	"gradus/optim"
	"gradus/random"
	"gradus/train"
	"gradus/zoo"
)

// TestNetworksHaveKernels looks for operations of the zoo's networks that would
// run by their reference.
func TestNetworksHaveKernels(t *testing.T) {
	for _, isa := range kernel.Available() {
		dev := cpu.New(cpu.Options{ISA: isa})
		for _, net := range zoo.Networks() {
			for _, activation := range nn.Activations() {
				o := zoo.Options{Net: net, Depth: 2, Kernel: 3, Activation: activation}
				o.AlphaPerChannel = net == "convex" && activation == nn.Tanh
				t.Run(fmt.Sprintf("%s %s %s", isa, net, activation), func(t *testing.T) {
					for _, n := range describeTraining(t, dev, o) {
						if n.Kernel == "reference" {
							t.Errorf("layer %s: expected a kernel for %s, got its reference", n.Node.Path, n.Node.Op.Name())
						}
					}
				})
			}
		}
	}
}

// describeTraining says how the operations of a training step run.
func describeTraining(t *testing.T, dev device.Device, o zoo.Options) []device.NodePlan {
	t.Helper()
	m, err := zoo.New(random.New(1, "networks"), o)
	if err != nil {
		t.Fatal(err)
	}
	in := train.Input{Shape: [3]int{1, 28, 28}, Mean: 0.1, Std: 0.3}
	p, err := train.TrainingProgram(m, in, 16, op.CrossEntropyLosses, optim.SGD{Momentum: 0.5})
	if err != nil {
		t.Fatal(err)
	}
	list, err := nn.Parameters(m)
	if err != nil {
		t.Fatal(err)
	}
	exec, err := dev.Compile(device.NewState(list), map[string]*graph.Program{"train": p})
	if err != nil {
		t.Fatal(err)
	}
	defer exec.Close()
	nodes, err := exec.Describe("train")
	if err != nil {
		t.Fatal(err)
	}
	return nodes
}
