package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gradus/data/catalog"
)

const first = "train-images.gz"

func TestB1(t *testing.T) {
	for _, status := range []int{404, 403, 500} {
		s, contents := tiny(t)
		bad, badHost := mirror(t, func(w http.ResponseWriter, r *http.Request) { http.Error(w, "no", status) })
		good, host := mirror(t, serving(contents))
		a := fetch(t, s, t.TempDir(), bad, good)
		a.succeeded(t, contents)
		var want []string
		for _, f := range s.Files {
			want = append(want, fmt.Sprintf("%s: taken from %s; %s: %d %s", f.Name, host, badHost, status, http.StatusText(status)))
		}
		a.noticed(t, want...)
		if a.results[0].From != good+first {
			t.Errorf("expected the second mirror, got %s", a.results[0].From)
		}
	}
}

func TestB2(t *testing.T) {
	s, _ := tiny(t)
	missing, host1 := mirror(t, http.NotFound)
	forbidden, host2 := mirror(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) })
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := listener.Addr().String()
	listener.Close()
	root := t.TempDir()
	a := fetch(t, s, root, missing, forbidden, "http://"+closed+"/")
	a.failed(t, fmt.Sprintf("%s: expected a mirror that gives it, got %s: 404 Not Found; %s: 403 Forbidden; %s: connection refused", first, host1, host2, closed))
	if _, err := os.Stat(filepath.Join(root, "Tiny")); err == nil {
		t.Error("expected no folder to stay")
	}
}

func TestB3(t *testing.T) {
	s, contents := tiny(t)
	page := "<!DOCTYPE html><p>gone"
	html, host := mirror(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, page) })
	line := fmt.Sprintf("expected md5 %s, got %s, first bytes \"<!DOCTYPE html><\"", string(s.Files[0].Packed), string(digest([]byte(page))))
	fetch(t, s, t.TempDir(), html).failed(t, first+": expected a mirror that gives it, got "+host+": "+line)
	good, goodHost := mirror(t, serving(contents))
	a := fetch(t, s, t.TempDir(), html, good)
	a.succeeded(t, contents)
	if want := first + ": taken from " + goodHost + "; " + host + ": " + line; a.notices[0] != want {
		t.Errorf("expected\n%s\ngot\n%s", want, a.notices[0])
	}
}

// cutting serves contents, and ends the connection after so many bytes of a body.
func cutting(contents map[string][]byte, after int, ranges *[]string) http.HandlerFunc {
	var lock sync.Mutex
	return func(w http.ResponseWriter, r *http.Request) {
		lock.Lock()
		*ranges = append(*ranges, r.Header.Get("Range"))
		lock.Unlock()
		serving(contents)(&cutWriter{ResponseWriter: w, left: after}, r)
	}
}

type cutWriter struct {
	http.ResponseWriter
	left int
}

func (c *cutWriter) Write(b []byte) (int, error) {
	if len(b) <= c.left {
		c.left -= len(b)
		return c.ResponseWriter.Write(b)
	}
	c.ResponseWriter.Write(b[:c.left])
	c.ResponseWriter.(http.Flusher).Flush()
	panic(http.ErrAbortHandler)
}

func TestB4(t *testing.T) {
	s, contents := tiny(t)
	size := len(contents[first])
	t.Run("resumed", func(t *testing.T) {
		var ranges []string
		address, _ := mirror(t, cutting(contents, size/2+10, &ranges))
		a := fetch(t, s, t.TempDir(), address)
		a.succeeded(t, contents)
		if want := fmt.Sprintf("bytes=%d-", size/2+10); len(ranges) != 5 || ranges[0] != "" || ranges[1] != want {
			t.Errorf("expected a request from the start and one from %s, got %q", want, ranges)
		}
	})
	t.Run("resumed on the next mirror", func(t *testing.T) {
		var ranges, others []string
		address, _ := mirror(t, cutting(contents, size/10, &ranges))
		next, _ := mirror(t, cutting(contents, size, &others))
		a := fetch(t, s, t.TempDir(), address, next)
		a.succeeded(t, contents)
		if want := fmt.Sprintf("bytes=%d-", 3*(size/10)); others[0] != want {
			t.Errorf("expected the next mirror to be asked for %s, got %q", want, others)
		}
	})
	t.Run("kept", func(t *testing.T) {
		var ranges []string
		root := t.TempDir()
		address, host := mirror(t, cutting(contents, size/10, &ranges))
		a := fetch(t, s, root, address)
		a.failed(t, fmt.Sprintf("%s: expected a mirror that gives it, got %s: expected more bytes, got the end of the connection; %d bytes are kept in %s.part, the next fetch goes on from there",
			first, host, 3*(size/10), first), first+".part")
		good, _ := mirror(t, serving(contents))
		fetch(t, s, root, good).succeeded(t, contents)
	})
	t.Run("reset", func(t *testing.T) {
		first := true
		address, _ := mirror(t, func(w http.ResponseWriter, r *http.Request) {
			if !first {
				serving(contents)(w, r)
				return
			}
			first = false
			w.Header().Set("Content-Length", fmt.Sprint(size))
			w.Write(contents["train-images.gz"][:100])
			w.(http.Flusher).Flush()
			connection, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			connection.(*net.TCPConn).SetLinger(0)
			connection.Close()
		})
		fetch(t, s, t.TempDir(), address).succeeded(t, contents)
	})
}

func TestB5(t *testing.T) {
	s, contents := tiny(t)
	root := t.TempDir()
	var sent atomic.Int64
	endless, host := mirror(t, func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			n, _ := w.Write(make([]byte, 1<<16))
			sent.Add(int64(n))
		}
	})
	line := fmt.Sprintf("%s: expected a mirror that gives it, got %s: expected at most %d bytes, got more", first, host, s.Files[0].MaxSize)
	start := time.Now()
	fetch(t, s, root, endless).failed(t, line)
	if spent := time.Since(start); spent > time.Second {
		t.Errorf("expected an end within 1 s, got one after %v", spent)
	}
	if sent.Load() > 32<<20 {
		t.Errorf("expected the reader to stop, got %d bytes", sent.Load())
	}
	long, longHost := mirror(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Write(append(bytes.Clone(contents[first]), make([]byte, 101)...))
	})
	fetch(t, s, root, long).failed(t, strings.Replace(line, host, longHost, 1))
}

func TestB6(t *testing.T) {
	s, contents := tiny(t)
	content := contents[first]
	answers := map[string]http.HandlerFunc{
		"Range is ignored": func(w http.ResponseWriter, r *http.Request) {
			r.Header.Del("Range")
			serving(contents)(w, r)
		},
		"another range": func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Range") != "" {
				r.Header.Set("Range", "bytes=7-")
			}
			serving(contents)(w, r)
		},
		"no such range": func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Range") != "" {
				w.WriteHeader(http.StatusRequestedRangeNotSatisfiable)
				return
			}
			serving(contents)(w, r)
		},
	}
	for what, answer := range answers {
		for _, left := range [][]byte{content[:1000], []byte("the beginning of another file"), content, append(bytes.Clone(content), 1, 2, 3)} {
			root := t.TempDir()
			if err := os.MkdirAll(s.Folder(root), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(s.Folder(root), first+".part"), left, 0o600); err != nil {
				t.Fatal(err)
			}
			address, _ := mirror(t, answer)
			t.Run(fmt.Sprintf("%s, %d bytes there", what, len(left)), func(t *testing.T) { fetch(t, s, root, address).succeeded(t, contents) })
		}
	}
	// The server does all as asked; what was there is of another file.
	root := t.TempDir()
	if err := os.MkdirAll(s.Folder(root), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.Folder(root), first+".part"), []byte("the beginning of another file"), 0o600); err != nil {
		t.Fatal(err)
	}
	var ranges []string
	address, _ := mirror(t, cutting(contents, 1<<30, &ranges))
	fetch(t, s, root, address).succeeded(t, contents)
	if !slices.Equal(ranges[:2], []string{"bytes=29-", ""}) {
		t.Errorf("expected to go on and then to begin anew, got %q", ranges)
	}
}

// Two at once: one downloads, the other waits and finds the files. (Two processes: package main.)
func TestB11(t *testing.T) {
	s, contents := tiny(t)
	var requests atomic.Int64
	address, _ := mirror(t, func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		time.Sleep(20 * time.Millisecond)
		serving(contents)(w, r)
	})
	root := t.TempDir()
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			_, err := Fetch(context.Background(), s, Options{Root: root, Mirrors: []string{address}})
			if err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	(&attempt{root: root, set: s}).succeeded(t, contents)
	if n := requests.Load(); n != 4 {
		t.Errorf("expected each file to be asked for once, got %d requests", n)
	}
}

// A damaged file is replaced, once it is asked for, and the right ones are kept.
func TestB12(t *testing.T) {
	s, contents := tiny(t)
	root := t.TempDir()
	var asked []string
	address, _ := mirror(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, filepath.Base(r.URL.Path))
		serving(contents)(w, r)
	})
	fetch(t, s, root, address).succeeded(t, contents)
	path := filepath.Join(s.Folder(root), first)
	damaged := bytes.Clone(contents[first])
	damaged[len(damaged)-1] ^= 1
	if err := os.WriteFile(path, damaged, 0o600); err != nil {
		t.Fatal(err)
	}
	asked = nil
	a := fetch(t, s, root, address)
	a.succeeded(t, contents)
	if !slices.Equal(asked, []string{first}) {
		t.Errorf("expected one file to be asked for, got %q", asked)
	}
	if len(a.notices) != 1 || !strings.HasPrefix(a.notices[0], path+": ") || !strings.HasSuffix(a.notices[0], "; fetching it anew") {
		t.Errorf("expected a notice, got %q", a.notices)
	}
	// Offline, and nobody to give it: the damaged file stays as it is.
	if err := os.WriteFile(path, damaged, 0o600); err != nil {
		t.Fatal(err)
	}
	gone, host := mirror(t, http.NotFound)
	a = fetch(t, s, root, gone)
	if want := first + ": expected a mirror that gives it, got " + host + ": 404 Not Found"; a.err == nil || a.err.Error() != want {
		t.Errorf("expected %s, got %v", want, a.err)
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, damaged) {
		t.Errorf("expected the file to stay, got %v", err)
	}
}

// A mirror that packed the content another way is as good.
func TestOtherPacking(t *testing.T) {
	s, contents := tiny(t)
	for i, f := range s.Files {
		r, err := gzip.NewReader(bytes.NewReader(contents[f.Name]))
		if err != nil {
			t.Fatal(err)
		}
		plain, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		s.Files[i].Unpacked = catalog.Digest(fmt.Sprintf("%x", sha256.Sum256(plain)))
		contents[f.Name] = packed(t, gzip.NoCompression, plain)
		s.Files[i].MaxSize = int64(len(plain)) + 1000
	}
	address, _ := mirror(t, serving(contents))
	fetch(t, s, t.TempDir(), address).succeeded(t, contents)
}

func TestInterrupted(t *testing.T) {
	s, contents := tiny(t)
	root := t.TempDir()
	stop := errors.New("stopped by somebody")
	ctx, cancel := context.WithCancelCause(context.Background())
	address, _ := mirror(t, func(w http.ResponseWriter, r *http.Request) {
		w.Write(contents[first][:5000])
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	_, err := Fetch(ctx, s, Options{Root: root, Mirrors: []string{address, address}, Progress: func(p Progress) {
		if p.Done == 5000 {
			cancel(stop)
		}
	}})
	if !errors.Is(err, stop) {
		t.Errorf("expected the cause, got %v", err)
	}
	if got := files(t, root); !slices.Equal(got, []string{first + ".part"}) {
		t.Errorf("expected what came to be kept, got %q", got)
	}
}

func TestUnwritable(t *testing.T) {
	s, _ := tiny(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Fetch(context.Background(), s, Options{Root: file})
	if want := filepath.Join(file, "Tiny", "raw") + ": expected a place that can be written, got not a directory"; err == nil || err.Error() != want {
		t.Errorf("expected %s, got %v", want, err)
	}
	// A part that is no file is refused before anything is asked for.
	root := t.TempDir()
	part := filepath.Join(s.Folder(root), first+".part")
	if err := os.MkdirAll(part, 0o755); err != nil {
		t.Fatal(err)
	}
	_, err = Fetch(context.Background(), s, Options{Root: root, Mirrors: []string{"http://127.0.0.1:1/"}})
	if want := part + ": expected a regular file, got a directory"; err == nil || err.Error() != want {
		t.Errorf("expected %s, got %v", want, err)
	}
}
