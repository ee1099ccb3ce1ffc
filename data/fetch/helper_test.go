package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/md5"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"gradus/data/catalog"
)

// soon is a time after which a server counts as stalled here.
const soon = 150 * time.Millisecond

// pack packs an IDX file of n numbers that do not pack well, so that a download comes in pieces.
func pack(t *testing.T, n int) []byte {
	t.Helper()
	plain := []byte{0, 0, 8, 1, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}
	x := uint32(n)
	for range n {
		x = x*1664525 + 1013904223
		plain = append(plain, byte(x>>24))
	}
	return packed(t, gzip.DefaultCompression, plain)
}

func packed(t *testing.T, level int, plain []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, level)
	if err == nil {
		_, err = w.Write(plain)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func digest(b []byte) catalog.Digest { return catalog.Digest(fmt.Sprintf("%x", md5.Sum(b))) }

// tiny is a set of four files and their bytes by name.
func tiny(t *testing.T) (catalog.Set, map[string][]byte) {
	t.Helper()
	s := catalog.Set{Name: "tiny", Title: "Tiny", Class: "Tiny"}
	contents := map[string][]byte{}
	for i, name := range []string{"train-images.gz", "train-labels.gz", "test-images.gz", "test-labels.gz"} {
		contents[name] = pack(t, 200_000>>(4*i))
		s.Files[i] = catalog.File{Name: name, Packed: digest(contents[name]), MaxSize: int64(len(contents[name])) + 100}
	}
	return s, contents
}

// mirror serves handler until the test ends, and returns its address and host.
func mirror(t *testing.T, handler http.HandlerFunc) (address, host string) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return server.URL + "/sets/", strings.TrimPrefix(server.URL, "http://")
}

// serving answers with contents by name, Range and all.
func serving(contents map[string][]byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		name := filepath.Base(r.URL.Path)
		content, ok := contents[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
	}
}

// attempt is a fetch and what came of it.
type attempt struct {
	root    string
	set     catalog.Set
	results []Result
	err     error
	notices []string
}

func fetch(t *testing.T, s catalog.Set, root string, mirrors ...string) *attempt {
	t.Helper()
	a := &attempt{root: root, set: s}
	before := runtime.NumGoroutine()
	a.results, a.err = Fetch(context.Background(), s, Options{
		Root: root, Mirrors: mirrors, Stall: soon,
		Notice: func(line string) { a.notices = append(a.notices, line) },
	})
	for wait := time.Millisecond; runtime.NumGoroutine() > before+8; wait *= 2 { // servers keep some
		if wait > time.Second {
			t.Errorf("expected no goroutine to stay, got %d more", runtime.NumGoroutine()-before)
			break
		}
		time.Sleep(wait)
	}
	if a.err != nil && strings.ContainsAny(a.err.Error(), "\n\r") {
		t.Errorf("expected one line, got %q", a.err)
	}
	return a
}

// succeeded fails unless all files are there, whole, and nothing else.
func (a *attempt) succeeded(t *testing.T, contents map[string][]byte) {
	t.Helper()
	if a.err != nil {
		t.Fatal(a.err)
	}
	if got := files(t, a.root); len(got) != len(contents) {
		t.Errorf("expected %d files, got %v", len(contents), got)
	}
	for name, content := range contents {
		got, err := os.ReadFile(filepath.Join(a.set.Folder(a.root), name))
		if err != nil || !bytes.Equal(got, content) {
			t.Errorf("%s: expected the published bytes, got %d others, %v", name, len(got), err)
		}
	}
}

// failed fails unless the line is this one and the files are these.
func (a *attempt) failed(t *testing.T, line string, left ...string) {
	t.Helper()
	if a.err == nil || a.err.Error() != line {
		t.Errorf("expected\n\t%s\ngot\n\t%v", line, a.err)
	}
	if got := files(t, a.root); !slices.Equal(got, left) {
		t.Errorf("expected the files %q, got %q", left, got)
	}
}

func (a *attempt) noticed(t *testing.T, lines ...string) {
	t.Helper()
	if !slices.Equal(a.notices, lines) {
		t.Errorf("expected the notices\n\t%s\ngot\n\t%s", strings.Join(lines, "\n\t"), strings.Join(a.notices, "\n\t"))
	}
}

// files are the names of all files below a root but for the lock.
func files(t *testing.T, root string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasSuffix(path, ".lock") {
			names = append(names, d.Name())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
