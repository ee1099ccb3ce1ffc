package memory

import (
	"os"
	"path/filepath"
	"testing"
)

func TestFree(t *testing.T) {
	if n, ok := free(); !ok || n < 1<<20 {
		t.Errorf("expected some free memory, got %d, %v", n, ok)
	}
	dir := t.TempDir()
	write := func(name, text string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	info := write("meminfo", "MemTotal: 9 kB\nMemAvailable:   2048 kB\nSwapFree: 1024 kB\n")
	if n, ok := machine(info); !ok || n != 3<<20 {
		t.Errorf("expected 3 MiB, got %d, %v", n, ok)
	}
	list := write("cgroup", "0::/a/b\n")
	write("root/a/b/memory.max", "1000\n")
	write("root/a/b/memory.current", "400\n")
	if n, ok := group(list, filepath.Join(dir, "root")); !ok || n != 600 {
		t.Errorf("expected 600 bytes, got %d, %v", n, ok)
	}
	write("root/a/b/memory.max", "max\n")
	if n, ok := group(list, filepath.Join(dir, "root")); ok {
		t.Errorf("expected no limit, got %d", n)
	}
}
