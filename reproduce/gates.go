package reproduce

import (
	"context"
	"fmt"

	"gradus/data"
	"gradus/device"
	"gradus/device/cpu"
	"gradus/graph"
	"gradus/nn"
	"gradus/train"
)

// Gates are how far the gates of a network are open on the test images.
type Gates struct {
	Experiment string       `json:"experiment"`
	Seed       uint64       `json:"seed"`
	Images     int          `json:"images"`
	Blocks     []GateCounts `json:"blocks"` // in the order in which data meet them
}

// GateCounts is the distribution of the gates sigmoid(s) of one block.
type GateCounts struct {
	Block  string  `json:"block"`
	Path   string  `json:"path"`
	Mean   float64 `json:"mean"`
	Closed float64 `json:"closed"` // share below 0.1
	Open   float64 `json:"open"`   // share above 0.9
	Bins   []int   `json:"bins"`   // of equal width, from 0 to 1
}

const (
	gateBins  = 50
	probeStep = 100 // images at a time
)

// probeGates runs the network's forward pass with its gates as further outputs,
// on as many images as there are in whole batches, whose number it returns.
func probeGates(ctx context.Context, model nn.Module, set *data.Set) ([]GateCounts, int, error) {
	batch := min(probeStep, set.Len())
	plain, err := train.ApplyProgram(model, train.InputOf(set), batch)
	if err != nil {
		return nil, 0, err
	}
	nodes := gates(plain)
	names := make([]string, len(nodes))
	counts := make([]GateCounts, len(nodes))
	probe, err := graph.Edit(plain, func(b *graph.Builder) {
		for i, n := range nodes {
			names[i] = "gate/" + n.Path
			b.Output(names[i], b.Value(n.Out), false)
		}
	})
	if err != nil {
		return nil, 0, err
	}
	parameters, err := nn.Parameters(model)
	if err != nil {
		return nil, 0, err
	}
	exec, err := cpu.New(cpu.Options{}).Compile(device.NewState(parameters), map[string]*graph.Program{"probe": probe})
	if err != nil {
		return nil, 0, err
	}
	defer exec.Close()
	for i, n := range nodes {
		counts[i] = GateCounts{Block: blockName(plain, n.Path, i+1), Path: n.Path, Bins: make([]int, gateBins)}
	}
	seen := 0
	for lo := 0; lo+batch <= set.Len(); lo += batch {
		if ctx.Err() != nil {
			return nil, 0, context.Cause(ctx)
		}
		images := set.Images[lo*set.ImageSize() : (lo+batch)*set.ImageSize()]
		out, err := exec.Call("probe", map[string]device.Data{plain.Inputs[0].Name: {Uint8: images}}, nil)
		if err != nil {
			return nil, 0, fmt.Errorf("gates: %w", err)
		}
		for i := range counts {
			counts[i].add(out[names[i]])
		}
		seen += batch
	}
	for i, n := range nodes {
		counts[i].divide(seen * plain.Values[n.Out].Size() / batch)
	}
	return counts, seen, nil
}

// add counts gates; until divide, the shares are numbers and the mean is a sum.
func (c *GateCounts) add(values []float32) {
	for _, v := range values {
		c.Mean += float64(v)
		if v < 0.1 {
			c.Closed++
		}
		if v > 0.9 {
			c.Open++
		}
		c.Bins[min(gateBins-1, int(v*gateBins))]++
	}
}

func (c *GateCounts) divide(n int) {
	c.Mean /= float64(n)
	c.Closed /= float64(n)
	c.Open /= float64(n)
}
