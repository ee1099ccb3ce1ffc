package zoo

import (
	"fmt"
	"strings"

	"gradus/graph"
	"gradus/nn"
	"gradus/random"
)

// entry is a network that New can make.
type entry struct {
	name string
	make func(r *random.Stream, o Options, activation nn.Module) nn.Module
}

func entries() []entry {
	return []entry{
		{"plain", plain},
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
// with parameters drawn from r in the order of nn.Parameters. The error names
// the option that cannot work.
func New(r *random.Stream, o Options) (nn.Module, error) {
	o = o.complete()
	for _, e := range entries() {
		if e.name != o.Net {
			continue
		}
		if err := o.Activation.Check(); err != nil {
			return nil, err
		}
		if err := o.check(); err != nil {
			return nil, err
		}
		return e.make(r, o, o.Activation), nil
	}
	return nil, &graph.Error{
		Op: "net", Want: "one of " + strings.Join(Networks(), ", "), Got: fmt.Sprintf("%.40q", o.Net),
	}
}
