package fetch

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gradus/data/catalog"
)

// entry is a file of an archive.
type entry struct {
	name    string
	mode    fs.FileMode
	content []byte
}

func zipped(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		header := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		header.SetMode(e.mode | 0o644)
		f, err := w.CreateHeader(header)
		if err == nil {
			_, err = f.Write(e.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// inArchive is a set whose files come in a zip file, with more entries.
func inArchive(t *testing.T, more ...entry) (catalog.Set, map[string][]byte, []byte) {
	t.Helper()
	s, contents := tiny(t)
	entries := []entry{{name: "gzip/", mode: fs.ModeDir}}
	for i, f := range s.Files {
		s.Files[i].Packed = ""
		entries = append(entries, entry{name: "gzip/" + f.Name, content: contents[f.Name]})
	}
	archive := zipped(t, append(entries, more...)...)
	s.Archive = &catalog.File{Name: "gzip.zip", Packed: digest(archive), MaxSize: 1 << 20}
	return s, contents, archive
}

func TestArchive(t *testing.T) {
	s, contents, archive := inArchive(t, entry{name: "gzip/readme.txt", content: []byte("hello")})
	requests := 0
	address, _ := mirror(t, func(w http.ResponseWriter, r *http.Request) {
		requests++
		serving(map[string][]byte{"gzip.zip": archive})(w, r)
	})
	root := t.TempDir()
	var sums strings.Builder
	for _, f := range s.Files {
		fmt.Fprintf(&sums, "%s  %s\n", digestSHA256(contents[f.Name]), f.Name)
	}
	contents[catalog.SumsName] = []byte(sums.String())
	a := fetch(t, s, root, address)
	a.succeeded(t, contents)
	if len(a.results) != 4 || a.results[3].From != address+"gzip.zip" {
		t.Errorf("expected four files of the archive, got %v", a.results)
	}
	a = fetch(t, s, root, address)
	a.succeeded(t, contents)
	if requests != 1 || a.results[0].From != "" {
		t.Errorf("expected nothing to be asked for when all is there, got %d requests", requests)
	}

	// Damage is found by the sums written then; one missing file means the archive anew.
	path := filepath.Join(s.Folder(root), first)
	damaged := bytes.Clone(contents[first])
	damaged[5]++ // gzip's time: the content is the same
	if err := os.WriteFile(path, damaged, 0o600); err != nil {
		t.Fatal(err)
	}
	a = fetch(t, s, root, address)
	a.succeeded(t, contents)
	if requests != 2 || len(a.notices) != 1 || !strings.HasPrefix(a.notices[0], path+": expected sha256 ") {
		t.Errorf("expected a notice and another request, got %q and %d", a.notices, requests)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	fetch(t, s, root, address).succeeded(t, contents)
}

func digestSHA256(b []byte) string {
	h := catalog.Digest("").New()
	h.Write(b)
	return fmt.Sprintf("%x", h.Sum(nil))
}

// Whatever an archive's names say, nothing is written outside, and nothing stays.
func TestB13(t *testing.T) {
	text := []byte("text")
	elsewhere := "a path that leads elsewhere"
	for _, test := range []struct {
		what  string
		entry entry
		got   string
	}{
		{"parent", entry{name: "../../x", content: text}, elsewhere},
		{"parent within", entry{name: "gzip/../../x", content: text}, elsewhere},
		{"absolute", entry{name: "/tmp/x", content: text}, elsewhere},
		{"backslash", entry{name: `..\x`, content: text}, elsewhere},
		{"drive", entry{name: `C:\x`, content: text}, elsewhere},
		{"empty", entry{name: "", content: text}, elsewhere},
		{"symbolic link", entry{name: "gzip/link", mode: fs.ModeSymlink, content: []byte("/etc/passwd")}, "a symbolic link"},
		{"device", entry{name: "gzip/device", mode: fs.ModeDevice}, "another kind of file"},
		{"pipe", entry{name: "gzip/pipe", mode: fs.ModeNamedPipe}, "another kind of file"},
		{"duplicate", entry{name: "gzip/" + first, content: text}, "the same name twice"},
		{"case", entry{name: "gzip/TRAIN-IMAGES.gz", content: text}, `the name of "gzip/train-images.gz" but for case`},
	} {
		t.Run(test.what, func(t *testing.T) {
			s, _, archive := inArchive(t, test.entry)
			address, _ := mirror(t, serving(map[string][]byte{"gzip.zip": archive}))
			parent := t.TempDir()
			root := filepath.Join(parent, "one", "two")
			path := filepath.Join(s.Folder(root), "gzip.zip")
			a := fetch(t, s, root, address)
			line := fmt.Sprintf("%s: entry %q: expected a file inside the archive's folder, got %s", path, test.entry.name, test.got)
			if a.err == nil || a.err.Error() != line {
				t.Errorf("expected\n\t%s\ngot\n\t%v", line, a.err)
			}
			if got := files(t, parent); got != nil {
				t.Errorf("expected no file to stay, got %q", got)
			}
		})
	}
}

// An archive whose content is not what it should be is undone as a whole.
func TestB13Undone(t *testing.T) {
	s, contents, _ := inArchive(t)
	good := func(name string) entry { return entry{name: "gzip/" + name, content: contents[name]} }
	flipped := zipped(t, good(s.Files[0].Name), good(s.Files[1].Name), good(s.Files[2].Name), good(s.Files[3].Name))
	r, err := zip.NewReader(bytes.NewReader(flipped), int64(len(flipped)))
	if err != nil {
		t.Fatal(err)
	}
	begin, err := r.File[3].DataOffset()
	if err != nil {
		t.Fatal(err)
	}
	flipped[begin+50] ^= 0x10
	for _, test := range []struct {
		what    string
		archive []byte
		line    string
	}{
		{"missing", zipped(t, good(s.Files[0].Name), good(s.Files[1].Name), good(s.Files[2].Name)), "expected an entry test-labels.gz, got none"},
		{"too large", zipped(t, good(s.Files[0].Name), good(s.Files[1].Name), good(s.Files[2].Name),
			entry{name: "test-labels.gz", content: make([]byte, 10<<20)}), fmt.Sprintf("test-labels.gz: expected at most %d bytes, got more", s.Files[3].MaxSize)},
		{"no archive", []byte("<html>"), "expected a zip archive, got not a valid zip file"},
		{"damaged", flipped, "gzip/test-labels.gz: expected undamaged bytes, got checksum error"},
	} {
		t.Run(test.what, func(t *testing.T) {
			root := t.TempDir()
			if err := os.MkdirAll(s.Folder(root), 0o755); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(s.Folder(root), "gzip.zip")
			if err := os.WriteFile(path, test.archive, 0o600); err != nil {
				t.Fatal(err)
			}
			err := unzip(path, s.Folder(root), s.Files[:])
			if want := path + ": " + test.line; err == nil || err.Error() != want {
				t.Errorf("expected\n\t%s\ngot\n\t%v", want, err)
			}
			if got := files(t, root); !slices.Equal(got, []string{"gzip.zip"}) {
				t.Errorf("expected the archive alone, got %q", got)
			}
		})
	}
}

// The sets of one archive are fetched together.
func TestFilesOfAllSets(t *testing.T) {
	letters, _ := catalog.Find("emnist-letters")
	if got := filesIn(letters); len(got) != 24 {
		t.Errorf("expected the 24 files of six sets, got %d", len(got))
	}
}

// FuzzUnzip gives the unpacker any bytes: it writes nowhere but into its folder, and ends with one line or with all files.
func FuzzUnzip(f *testing.F) {
	name := "train-images.gz"
	f.Add(zipped(f, entry{name: "gzip/" + name, content: []byte("content")}))
	f.Add(zipped(f, entry{name: "../" + name, content: []byte("content")}, entry{name: name, content: []byte("content")}))
	f.Add(zipped(f, entry{name: name, mode: fs.ModeSymlink, content: []byte("/etc/passwd")}))
	f.Add([]byte("PK\x05\x06"))
	wanted := []catalog.File{{Name: name, MaxSize: 1000}}
	f.Fuzz(func(t *testing.T, b []byte) {
		parent := t.TempDir()
		folder := filepath.Join(parent, "in")
		if err := os.Mkdir(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(folder, "a.zip")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		err := unzip(path, folder, wanted)
		var got []string
		walkErr := filepath.WalkDir(parent, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				got = append(got, strings.TrimPrefix(path, folder))
			}
			return err
		})
		if walkErr != nil {
			t.Fatal(walkErr)
		}
		want := []string{"/a.zip"}
		if err == nil {
			want = []string{"/SHA256SUMS", "/a.zip", "/" + name}
		} else if line := err.Error(); !strings.HasPrefix(line, path+": ") || strings.ContainsAny(line, "\n\r") {
			t.Fatalf("expected one line about the archive, got %q", line)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("expected the files %q, got %q (%v)", want, got, err)
		}
	})
}
