package graph_test

import (
	"encoding/json"
	"strings"
	"testing"

	"gradus/graph"
	"gradus/op"
)

func table() graph.Table { return graph.NewTable(op.Operations()) }

func TestJSONRoundTrip(t *testing.T) {
	p := example(t)
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	q, err := graph.Decode(text, table())
	if err != nil {
		t.Fatal(err)
	}
	if d := p.Diff(q); d != "" {
		t.Error(d)
	}
	again, err := json.Marshal(q)
	if err != nil {
		t.Fatal(err)
	}
	if string(again) != string(text) {
		t.Errorf("expected\n%s\ngot\n%s", text, again)
	}
}

func TestDecodeRefused(t *testing.T) {
	const (
		values = `{"values":[{"dtype":"float32","shape":[2]},{"dtype":"float32","shape":[2]}],`
		input  = `"inputs":[{"name":"x","feed":"whole","value":0}],`
		start  = values + input
	)
	for _, test := range []struct{ name, text, want string }{
		{"not JSON", `{"values"`, "program: offset 9: expected :, got the end of the text"},
		{"a repeated key", `{"values":[],"inputs":[],"values":[]}`, `program: offset 25: duplicate key "values"`},
		{"a repeated attribute", start + `"nodes":[{"op":"affine","attributes":{"scale":1,"scale":2},"in":[0],"out":1}]}`, `program: offset 173: duplicate key "scale"`},
		{"more text", start + `"nodes":[{"op":"relu","in":[0],"out":1}]} {}`, "program: offset 167: expected the end of the text, got '{'"},
		{"another kind", `{"values":3}`, "program: offset 11: expected values of another kind, got number"},
		{"unknown field", `{"value":[]}`, `program: json: unknown field "value"`},
		{"unknown operation", start + `"nodes":[{"op":"softplus","in":[0],"out":1}]}`, `program: node 0: expected an operation of the table, got "softplus"`},
		{"unknown attribute", start + `"nodes":[{"op":"relu","attributes":{"slope":1},"in":[0],"out":1}]}`, `program: node 0: relu: json: unknown field "slope"`},
		{"attribute of another kind", start + `"nodes":[{"op":"affine","attributes":{"scale":"1"},"in":[0],"out":1}]}`,
			"program: node 0: affine: offset 12: expected scale of another kind, got string"},
		{"invalid", start + `"nodes":[{"op":"relu","in":[1],"out":1}]}`, "program: node 0 (relu): expected a value defined before, got %1"},
		{"a guard that does not exist", start + `"nodes":[{"op":"relu","in":[0],"out":1}],"guard":7}`, "program: guard: expected a value defined before, got %7"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := graph.Decode([]byte(test.text), table())
			if err == nil || err.Error() != test.want {
				t.Errorf("expected %s\ngot %v", test.want, err)
			}
		})
	}
	p, err := graph.Decode([]byte(start+`"nodes":[{"op":"relu","in":[0],"out":1}]}`), table())
	if err != nil || p.Guard != graph.None {
		t.Errorf("expected a program without a guard, got %v, %v", p, err)
	}
}

// FuzzDecode: whatever the text, there is an error or a program that can be
// printed, stored and read again.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"values":[{"dtype":"float32","shape":[2,1,4,4],"batched":true},{"dtype":"float32","shape":[2,1,2,2],"batched":true}],
		"inputs":[{"name":"x","feed":"sample","value":0}],
		"nodes":[{"op":"avg_pool2d","attributes":{"kernel":[2,2],"stride":[2,2],"padding":{}},"in":[0],"out":1}],"guard":-1}`))
	f.Add([]byte(`{"values":[{"dtype":"float32","shape":[]}],"states":[{"name":"w","in":0,"out":0}],"guard":0}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := graph.Decode(text, table())
		if err != nil {
			if strings.Contains(err.Error(), "%!") {
				t.Errorf("got error %v", err)
			}
			return
		}
		again, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		q, err := graph.Decode(again, table())
		if err != nil {
			t.Fatal(err)
		}
		if d := p.Diff(q); d != "" {
			t.Error(d)
		}
	})
}
