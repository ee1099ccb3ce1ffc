package random

import (
	"encoding/binary"
	"math"
	"slices"
	"testing"
)

// Outputs of the authors' xoshiro256starstar.c for the state 1, 2, 3, 4.
func TestXoshiroReference(t *testing.T) {
	want := []uint64{
		11520, 0, 1509978240, 1215971899390074240, 1216172134540287360, 607988272756665600,
		16172922978634559625, 8476171486693032832, 10595114339597558777, 2904607092377533576,
	}
	r := Stream{s: [4]uint64{1, 2, 3, 4}}
	for i, w := range want {
		if got := r.Uint64(); got != w {
			t.Fatalf("output %d: expected %d, got %d", i, w, got)
		}
	}
}

// Outputs of Vigna's splitmix64.c.
func TestSplitMixReference(t *testing.T) {
	for _, test := range []struct {
		seed uint64
		want []uint64
	}{
		{1234567, []uint64{6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821}},
		{1477776061723855037, []uint64{1985237415132408290, 2979275885539914483, 13511426838097143398, 8488337342461049707}},
		{0, []uint64{0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, 0x06c45d188009454f, 0xf88bb8a8724c81ec}},
	} {
		state := test.seed
		for i, w := range test.want {
			if got := splitMix64(&state); got != w {
				t.Errorf("seed %d, output %d: expected %d, got %d", test.seed, i, w, got)
			}
		}
	}
}

// Values of RFC 9923, appendix C.
func TestFNVReference(t *testing.T) {
	for s, want := range map[string]uint64{"": 0xcbf29ce484222325, "a": 0xaf63dc4c8601ec8c, "foobar": 0x85944171f73967e8} {
		if got := fnv1a(s); got != want {
			t.Errorf("%q: expected %#x, got %#x", s, want, got)
		}
	}
}

// The values were computed from the package comment by an independent program. They must never change: saved runs and
// published results depend on them.
func TestStreamsAreFrozen(t *testing.T) {
	for _, test := range []struct {
		seed    uint64
		purpose string
		keys    []uint64
		want    [3]uint64
	}{
		{0, "", nil, [3]uint64{0x9d7e73b48d3b7936, 0x81c2adf31b4eb398, 0xfd8e8416c6817a4c}},
		{1, "shuffle", []uint64{1}, [3]uint64{0x6c1b709753a52f30, 0xff677f6550d3e618, 0xd9f08ecf8a578844}},
		{1, "shuffle", []uint64{2}, [3]uint64{0xe3515446ceb53c3b, 0x6590be53fa5656b5, 0x9dd900ce4b0e203}},
		{1, "validation", nil, [3]uint64{0xfe86c6a5ce0b9fdc, 0xbc2e36fddb6d78a5, 0x8d1fa984c8e00da4}},
		{math.MaxUint64, "é", []uint64{0, math.MaxUint64}, [3]uint64{0x45de65149fa1a605, 0x6a45af8cde2f89f7, 0x3c99589b90341678}},
	} {
		r := New(test.seed, test.purpose, test.keys...)
		got := [3]uint64{r.Uint64(), r.Uint64(), r.Uint64()}
		if got != test.want {
			t.Errorf("New(%d, %q, %v): expected %#x, got %#x", test.seed, test.purpose, test.keys, test.want, got)
		}
	}
}

func TestNamesGiveDifferentStreams(t *testing.T) {
	seen := map[[4]uint64]string{}
	add := func(name string, r *Stream) {
		if other, ok := seen[r.s]; ok {
			t.Errorf("%s and %s: expected different streams", name, other)
		}
		seen[r.s] = name
	}
	add("1 a", New(1, "a"))
	add("1 b", New(1, "b"))
	add("2 a", New(2, "a"))
	add("1 a 0", New(1, "a", 0))
	add("1 a 0 0", New(1, "a", 0, 0))
	add("1 a 0 1", New(1, "a", 0, 1))
	add("1 a 1 0", New(1, "a", 1, 0))
	add("0 a 1", New(0, "a", 1))
}

func TestStateRoundTrip(t *testing.T) {
	a := New(3, "state")
	a.Uint64()
	state, err := a.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	if first := binary.LittleEndian.Uint64(state); len(state) != 32 || first != a.s[0] {
		t.Fatalf("expected 32 bytes that begin with %#x, got %x", a.s[0], state)
	}
	var b Stream
	if err := b.UnmarshalBinary(state); err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if x, y := a.Uint64(), b.Uint64(); x != y {
			t.Fatalf("expected %d, got %d", x, y)
		}
	}
}

func TestUnmarshalRefuses(t *testing.T) {
	for _, test := range []struct {
		state []byte
		want  string
	}{
		{nil, "random state: expected 32 bytes, got 0"},
		{make([]byte, 33), "random state: expected 32 bytes, got 33"},
		{make([]byte, 32), "random state: expected a bit that is set, got 32 zero bytes"},
	} {
		r := New(1, "kept")
		before := r.s
		if err := r.UnmarshalBinary(test.state); err == nil || err.Error() != test.want {
			t.Errorf("%d bytes: expected %q, got %v", len(test.state), test.want, err)
		}
		if r.s != before {
			t.Errorf("%d bytes: expected the state to stay, got another", len(test.state))
		}
	}
}

func TestPermIsFrozen(t *testing.T) {
	out := make([]int32, 10)
	New(1, "shuffle", 1).Perm(out)
	if want := []int32{1, 2, 0, 9, 3, 7, 5, 6, 8, 4}; !slices.Equal(out, want) {
		t.Errorf("expected %v, got %v", want, out)
	}
	out = make([]int32, 60_000)
	New(1, "shuffle", 1).Perm(out)
	if want := []int32{57541, 22387, 52093, 27389, 31824, 53951}; !slices.Equal(out[:6], want) {
		t.Errorf("expected %v, got %v", want, out[:6])
	}
	slices.Sort(out)
	for i, v := range out {
		if int(v) != i {
			t.Fatalf("expected %d, got %d", i, v)
		}
	}
	New(1, "shuffle", 1).Perm(nil)
}
