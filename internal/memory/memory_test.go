package memory

import "testing"

func TestH09Check(t *testing.T) {
	const gib = 1 << 30
	for _, test := range []struct {
		bytes, free int
		known       bool
		want        string
	}{
		{gib, 2 * gib, true, ""},
		{gib, gib / 2, true, "memory: expected 1024 MiB for a test, got 512 MiB that are free"},
		{gib, 0, false, ""},
		{1, 0, true, ""},
	} {
		err := check("a test", test.bytes, func() (int, bool) { return test.free, test.known })
		if err == nil && test.want != "" || err != nil && err.Error() != test.want {
			t.Errorf("%+v: got %v", test, err)
		}
	}
}
