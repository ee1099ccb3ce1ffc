package graph

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"gradus/internal/strictjson"
)

// nodeJSON is a Node with its operation as a name and attributes.
type nodeJSON struct {
	Op         string          `json:"op"`
	Attributes json.RawMessage `json:"attributes,omitempty"`
	In         []ID            `json:"in"`
	Out        ID              `json:"out"`
	Path       string          `json:"path,omitempty"`
	Backward   bool            `json:"backward,omitempty"`
}

// MarshalJSON writes the operation as its name and its attributes.
func (n Node) MarshalJSON() ([]byte, error) {
	attributes, err := json.Marshal(n.Op)
	if err != nil {
		return nil, fmt.Errorf("operation %s: %w", n.Op.Name(), err)
	}
	if string(attributes) == "{}" {
		attributes = nil
	}
	return json.Marshal(nodeJSON{n.Op.Name(), attributes, n.In, n.Out, n.Path, n.Backward})
}

// Decode reads a program from JSON. The table says which operations it may
// contain. The program is checked: decoding never yields one that Validate
// refuses. A key that is there twice is refused.
func Decode(text []byte, table Table) (*Program, error) {
	type shadow Program // everything but the nodes decodes as it is
	aux := struct {
		*shadow
		Nodes []nodeJSON `json:"nodes"`
	}{shadow: &shadow{Guard: None}}
	if err := strictjson.Check(text); err != nil {
		return nil, fmt.Errorf("program: %w", explain(err))
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&aux); err != nil {
		return nil, fmt.Errorf("program: %w", explain(err))
	}
	p := (*Program)(aux.shadow)
	for i, n := range aux.Nodes {
		op, err := table.decode(n)
		if err != nil {
			return nil, fmt.Errorf("program: node %d: %w", i, err)
		}
		p.Nodes = append(p.Nodes, Node{op, n.In, n.Out, n.Path, n.Backward})
	}
	if err := p.Validate(); err != nil {
		return nil, err
	}
	return p, nil
}

// explain words errors that would name types of Go, and gives the offset of
// those that have a line.
func explain(err error) error {
	if e, ok := errors.AsType[*strictjson.Error](err); ok {
		return fmt.Errorf("offset %d: %s", e.Offset, e.Message)
	}
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		field := strings.TrimPrefix(e.Field, "shadow.")
		return fmt.Errorf("offset %d: expected %s of another kind, got %s", e.Offset, cmp.Or(field, "a value"), e.Value)
	}
	return err
}

func (t Table) decode(n nodeJSON) (Operation, error) {
	proto, ok := t[n.Op]
	if !ok {
		return nil, fmt.Errorf("expected an operation of the table, got %q", n.Op)
	}
	op := reflect.New(reflect.TypeOf(proto))
	if n.Attributes != nil {
		d := json.NewDecoder(bytes.NewReader(n.Attributes))
		d.DisallowUnknownFields()
		if err := d.Decode(op.Interface()); err != nil {
			return nil, fmt.Errorf("%s: %w", n.Op, explain(err))
		}
	}
	return op.Elem().Interface().(Operation), nil
}
