package summary

import "gradus/graph"

// Count is a number of multiply-adds.
type Count struct {
	Dense     int `json:"dense"`     // all taps of all windows
	Effective int `json:"effective"` // without those that fall on padding
}

// Counter is an operation that does multiply-adds worth counting: sums of
// products, as opposed to work per element.
type Counter interface {
	graph.Operation
	// MultiplyAdds counts them for operands and a result of these types, with
	// and without those whose factor is padding.
	MultiplyAdds(in []graph.Type, out graph.Type) (dense, effective int)
}

func multiplyAdds(p *graph.Program, n graph.Node) Count {
	op, ok := n.Op.(Counter)
	if !ok {
		return Count{}
	}
	in := make([]graph.Type, len(n.In))
	for i, id := range n.In {
		in[i] = p.Values[id]
	}
	dense, effective := op.MultiplyAdds(in, p.Values[n.Out])
	return Count{dense, effective}
}

func (c Count) plus(d Count) Count {
	return Count{c.Dense + d.Dense, c.Effective + d.Effective}
}

// per is the count for one of n samples.
func (c Count) per(n int) Count { return Count{c.Dense / max(n, 1), c.Effective / max(n, 1)} }
