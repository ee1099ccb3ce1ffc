package zoo

import (
	"fmt"
	"strings"

	"gradus/graph"
	"gradus/nn"
	"gradus/random"
)

// The names of the networks.
const (
	PlainNet    = "plain"
	ResidualNet = "residual"
	GatedNet    = "gated"
	ConvexNet   = "convex"
)

// entry is a network that New can make.
type entry struct {
	name string
	make func(r *random.Stream, o Options, activation nn.Module) nn.Module
}

func entries() []entry {
	return []entry{
		{PlainNet, plain},
		{ResidualNet, residual},
		{GatedNet, gated},
		{ConvexNet, convex},
	}
}

// Networks lists the names of the networks.
func Networks() []string {
	var names []string
	for _, e := range entries() {
		names = append(names, e.name)
	}
	return names
}

// New makes the network o describes: images [N C H W] to logits [N classes],
// with parameters drawn from r in the order of nn.Parameters. The error is
// Check's.
func New(r *random.Stream, o Options) (nn.Module, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	o = o.complete()
	e, _ := find(o.Net)
	return e.make(r, o, o.Activation), nil
}

// Check finds the first option that cannot work. The error, a *graph.Error,
// names it.
func (o Options) Check() error {
	o = o.complete()
	if _, ok := find(o.Net); !ok {
		return &graph.Error{
			Op: "net", Want: "one of " + strings.Join(Networks(), ", "), Got: fmt.Sprintf("%.40q", o.Net),
		}
	}
	if err := o.Activation.Check(); err != nil {
		return err
	}
	if err := o.check(); err != nil {
		return err
	}
	return nil
}

func find(name string) (entry, bool) {
	for _, e := range entries() {
		if e.name == name {
			return e, true
		}
	}
	return entry{}, false
}
