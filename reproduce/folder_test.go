package reproduce

import (
	"encoding/json"
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

// list adds a name to the manifest in a folder.
func list(dir, name string) error {
	file := filepath.Join(dir, manifestName)
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var m manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return err
	}
	m.Files[name] = []string{sum(nil)}
	if text, err = json.Marshal(m); err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o666)
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
			"out: expected a new or empty folder, or an earlier report, got "},
		{"a manifest that leads outside", true, func(dir string) error { return list(dir, "../victim.txt") },
			`: expected names of files inside of the folder, got "../victim.txt"`},
		{"a manifest that leads outside by a detour", true, func(dir string) error { return list(dir, "plots/../../victim.txt") },
			`: expected names of files inside of the folder, got "plots/../../victim.txt"`},
		{"a manifest with a whole path", true, func(dir string) error { return list(dir, "/victim.txt") },
			`: expected names of files inside of the folder, got "/victim.txt"`},
		{"a manifest with a name that is not clean", true, func(dir string) error { return list(dir, "plots//a.svg") },
			`: expected names of files inside of the folder, got "plots//a.svg"`},
		{"somebody's manifest", true, func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "manifest.json"), []byte(`{"name": "app"}`), 0o666)
		}, "out: expected a new or empty folder, or an earlier report, got "},
	} {
		parent := t.TempDir()
		dir := filepath.Join(parent, "report")
		write(t, dir, false, Files{"report.md": []byte("a"), "plots/a.svg": []byte("a")})
		if err := os.WriteFile(filepath.Join(parent, "victim.txt"), nil, 0o666); err != nil {
			t.Fatal(err)
		}
		if err := test.change(dir); err != nil {
			t.Fatal(err)
		}
		before := entries(t, parent)
		if _, err := OpenFolder(dir, test.force); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: expected %q, got %v", test.name, test.want, err)
		}
		if after := entries(t, parent); !slices.Equal(before, after) {
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
	write(t, dir, true, Files{"report.md": []byte("three")})
	if got, want := entries(t, dir), []string{"manifest.json", "report.md"}; !slices.Equal(got, want) {
		t.Errorf("expected to go on after a crash with %v, got %v", want, got)
	}
}

// A folder is made before there is anything to write, and taken away if there
// never is.
func TestFolderPrepare(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "a", "b")
	f, err := OpenFolder(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Prepare(); err != nil {
		t.Fatal(err)
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) != 0 {
		t.Errorf("expected an empty folder, got %v, %v", list, err)
	}
	f.Abandon()
	if list, err := os.ReadDir(parent); err != nil || len(list) != 0 {
		t.Errorf("expected no folder left, got %v, %v", list, err)
	}
	file := filepath.Join(parent, "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := (&Folder{path: filepath.Join(file, "sub")}).Prepare(); err == nil {
		t.Error("expected no folder below a file, got one")
	}
}
