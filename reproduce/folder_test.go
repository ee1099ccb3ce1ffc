package reproduce

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// entries are all files below a folder.
func entries(t *testing.T, dir string) []string {
	t.Helper()
	var list []string
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			name, _ := filepath.Rel(dir, path)
			list = append(list, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func write(t *testing.T, dir string, force bool, files Files) {
	t.Helper()
	f, err := OpenFolder(dir, force)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Write(files); err != nil {
		t.Fatal(err)
	}
}

func TestFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	first := Files{"report.md": []byte("one"), "plots/a.svg": []byte("a"), "plots/b.svg": []byte("b")}
	write(t, dir, false, first)
	if got, want := entries(t, dir), []string{"manifest.json", "plots/a.svg", "plots/b.svg", "report.md"}; !slices.Equal(got, want) {
		t.Errorf("expected %v, got %v", want, got)
	}
	write(t, dir, true, Files{"report.md": []byte("two"), "plots/a.svg": []byte("a")})
	if got, want := entries(t, dir), []string{"manifest.json", "plots/a.svg", "report.md"}; !slices.Equal(got, want) {
		t.Errorf("expected only the second report's files %v, got %v", want, got)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "report.md")); err != nil || string(text) != "two" {
		t.Errorf("expected the second report, got %q, %v", text, err)
	}
}

// A folder with anything but a report as it was written is left alone.
func TestFolderRefuses(t *testing.T) {
	for _, test := range []struct {
		name   string
		force  bool
		change func(dir string) error
		want   string
	}{
		{"a report, without force", false, func(string) error { return nil }, "; --force replaces an earlier report"},
		{"a file of somebody else", true, func(dir string) error { return os.WriteFile(filepath.Join(dir, "thesis.txt"), nil, 0o666) },
			"out: expected nothing but an earlier report, got thesis.txt in "},
		{"a file beside the plots", true, func(dir string) error { return os.WriteFile(filepath.Join(dir, "plots", "mine.svg"), nil, 0o666) },
			"out: expected nothing but an earlier report, got plots/mine.svg in "},
		{"a file that was changed", true, func(dir string) error { return os.WriteFile(filepath.Join(dir, "report.md"), []byte("notes"), 0o666) },
			"out: expected an earlier report as it was written, got report.md in "},
		{"a link", true, func(dir string) error {
			name := filepath.Join(dir, "report.md")
			if err := os.Remove(name); err != nil {
				return err
			}
			return os.Symlink("plots/a.svg", name)
		}, "got report.md in "},
		{"no manifest", true, func(dir string) error { return os.Remove(filepath.Join(dir, "manifest.json")) },
			"out: expected a new or empty folder, got "},
		{"somebody's manifest", true, func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "manifest.json"), []byte(`{"name": "app"}`), 0o666)
		}, "out: expected a new or empty folder, got "},
	} {
		dir := t.TempDir()
		write(t, dir, false, Files{"report.md": []byte("a"), "plots/a.svg": []byte("a")})
		if err := test.change(dir); err != nil {
			t.Fatal(err)
		}
		before := entries(t, dir)
		if _, err := OpenFolder(dir, test.force); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: expected %q, got %v", test.name, test.want, err)
		}
		if after := entries(t, dir); !slices.Equal(before, after) {
			t.Errorf("%s: expected %v to stay, got %v", test.name, before, after)
		}
	}
	if _, err := OpenFolder("", false); err == nil || err.Error() != "out: expected a folder, got nothing" {
		t.Errorf("expected an error for no name, got %v", err)
	}
}

// What a killed program leaves behind is no obstacle.
func TestFolderAfterCrash(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, false, Files{"report.md": []byte("one"), "plots/a.svg": []byte("a")})
	f, err := OpenFolder(dir, true)
	if err != nil {
		t.Fatal(err)
	}
	// It was killed after one of two files, while it wrote the other.
	both := manifest{writtenBy, map[string][]string{
		"report.md": {sum([]byte("one")), sum([]byte("two"))}, "plots/a.svg": {sum([]byte("a")), sum([]byte("b"))},
	}}
	if err := f.writeManifest(both); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"report.md": "two", "plots/.a.svg.1x2y.tmp": "half"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := OpenFolder(dir, true); err != nil {
		t.Errorf("expected to go on after a crash, got %v", err)
	}
}
