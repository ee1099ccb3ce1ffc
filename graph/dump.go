package graph

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// String writes the whole program as text, a line per input, state, operation
// and output:
//
//	input  %0 uint8[16* 1 28 28] images (sample)
//	state  %2 float32[4 1 3 3] g.weight -> %31
//	%5 = conv2d(%4, %2, %3) {"stride":[2,2],...}  float32[16* 4 14 14]  # g
//	output %9 loss
//
// Backward operations have their layer marked with an apostrophe. Two programs
// are the same when their texts are.
func (p *Program) String() string {
	var b strings.Builder
	for _, in := range p.Inputs {
		fmt.Fprintf(&b, "input  %%%d %v %s (%s)\n", in.Value, p.Values[in.Value], in.Name, in.Feed)
	}
	for _, s := range p.States {
		fmt.Fprintf(&b, "state  %%%d %v %s", s.In, p.Values[s.In], s.Name)
		if s.Out != s.In {
			fmt.Fprintf(&b, " -> %%%d", s.Out)
		}
		b.WriteByte('\n')
	}
	for _, n := range p.Nodes {
		fmt.Fprintf(&b, "%%%d = %s(", n.Out, n.Op.Name())
		for i, id := range n.In {
			if i > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(&b, "%%%d", id)
		}
		b.WriteByte(')')
		if a := attributes(n.Op); a != "{}" {
			b.WriteString(" " + a)
		}
		fmt.Fprintf(&b, "  %v", p.Values[n.Out])
		if n.Path != "" || n.Backward {
			b.WriteString("  # " + n.Path)
			if n.Backward {
				b.WriteByte('\'')
			}
		}
		b.WriteByte('\n')
	}
	for _, o := range p.Outputs {
		fmt.Fprintf(&b, "output %%%d %s", o.Value, o.Name)
		if o.Sum {
			b.WriteString(" (summed)")
		}
		b.WriteByte('\n')
	}
	if p.Guard != None {
		fmt.Fprintf(&b, "guard  %%%d\n", p.Guard)
	}
	return b.String()
}

// attributes is the operation's fields as compact JSON.
func attributes(op Operation) string {
	text, err := json.Marshal(op)
	if err != nil {
		return fmt.Sprintf("{%q}", err.Error())
	}
	return string(bytes.TrimSpace(text))
}

// Equal reports whether both programs are the same to the last name.
func (p *Program) Equal(q *Program) bool { return p.String() == q.String() }

// Diff describes the first difference between two programs, "" when there is
// none.
func (p *Program) Diff(q *Program) string {
	a, b := strings.Split(p.String(), "\n"), strings.Split(q.String(), "\n")
	for i := range max(len(a), len(b)) {
		x, y := "(end)", "(end)"
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			return fmt.Sprintf("line %d: %s\n     vs: %s", i+1, x, y)
		}
	}
	return ""
}
