package fetch

import (
	"compress/gzip"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestB7(t *testing.T) {
	s, contents := tiny(t)
	good, goodHost := mirror(t, serving(contents))
	t.Run("never answers", func(t *testing.T) {
		silent, silentHost := mirror(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		a := fetch(t, s, t.TempDir(), silent, good)
		a.succeeded(t, contents)
		if want := first + ": taken from " + goodHost + "; " + silentHost + ": expected an answer, got none in 0.15 s"; a.notices[0] != want {
			t.Errorf("expected\n%s\ngot\n%s", want, a.notices[0])
		}
	})
	t.Run("accepts and says nothing", func(t *testing.T) {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		fetch(t, s, t.TempDir(), "http://"+listener.Addr().String()+"/").failed(t,
			first+": expected a mirror that gives it, got "+listener.Addr().String()+": expected an answer, got none in 0.15 s")
	})
	t.Run("10 bytes at a time", func(t *testing.T) {
		slow, host := mirror(t, func(w http.ResponseWriter, r *http.Request) {
			for i := 0; r.Context().Err() == nil && i < len(contents[first]); i += 10 {
				w.Write(contents[first][i : i+10])
				w.(http.Flusher).Flush()
				time.Sleep(soon / 3)
			}
		})
		root := t.TempDir()
		a := fetch(t, s, root, slow)
		if a.err == nil || !strings.HasPrefix(a.err.Error(), first+": expected a mirror that gives it, got "+host+": expected at least 150 bytes in 0.15 s, got ") {
			t.Errorf("expected the seconds and the bytes, got %v", a.err)
		}
		if got := files(t, root); !slices.Equal(got, []string{first + ".part"}) {
			t.Errorf("expected what came to be kept, got %q", got)
		}
		fetch(t, s, root, slow, good).succeeded(t, contents)
	})
	t.Run("slow and steady is no fault", func(t *testing.T) {
		steady, _ := mirror(t, func(w http.ResponseWriter, r *http.Request) {
			content := contents[filepath.Base(r.URL.Path)]
			for len(content) > 0 {
				n := min(len(content), len(contents[first])/6)
				w.Write(content[:n])
				w.(http.Flusher).Flush()
				content = content[n:]
				time.Sleep(soon / 3)
			}
		})
		start := time.Now()
		fetch(t, s, t.TempDir(), steady).succeeded(t, contents)
		if time.Since(start) < soon {
			t.Error("expected it to take longer than the time for a stall")
		}
	})
}

func TestB8(t *testing.T) {
	s, contents := tiny(t)
	good, _ := mirror(t, serving(contents))
	for _, test := range []struct{ what, to, line string }{
		{"loop", "", "expected at most 5 redirects, got more"},
		{"file", "file:///etc/passwd", "expected a redirect to http or https, got one to file"},
		{"ftp", "ftp://example.org/x", "expected a redirect to http or https, got one to ftp"},
	} {
		t.Run(test.what, func(t *testing.T) {
			requests := 0
			address, host := mirror(t, func(w http.ResponseWriter, r *http.Request) {
				requests++
				to := test.to
				if to == "" {
					to = r.URL.Path
				}
				http.Redirect(w, r, to, http.StatusFound)
			})
			fetch(t, s, t.TempDir(), address).failed(t, first+": expected a mirror that gives it, got "+host+": "+test.line)
			if requests > maxRedirects+1 {
				t.Errorf("expected at most %d requests, got %d", maxRedirects+1, requests)
			}
		})
	}
	t.Run("followed", func(t *testing.T) {
		address, _ := mirror(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, good+filepath.Base(r.URL.Path), http.StatusMovedPermanently)
		})
		fetch(t, s, t.TempDir(), address).succeeded(t, contents)
	})
}

func TestB9(t *testing.T) {
	s, contents := tiny(t)
	var asked atomic.Value
	// A server that labels the file itself, as some do with all .gz files.
	labelling, _ := mirror(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Store(r.Header.Get("Accept-Encoding"))
		w.Header().Set("Content-Encoding", "gzip")
		serving(contents)(w, r)
	})
	fetch(t, s, t.TempDir(), labelling).succeeded(t, contents)
	if asked.Load() != "identity" {
		t.Errorf("expected to ask for the file as it is, got %q", asked.Load())
	}
	// A proxy that packs whatever was asked for.
	packing, host := mirror(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(packed(t, gzip.BestSpeed, contents[filepath.Base(r.URL.Path)]))
	})
	a := fetch(t, s, t.TempDir(), packing)
	if a.err == nil || !strings.HasPrefix(a.err.Error(), first+": expected a mirror that gives it, got "+host+": expected md5 "+string(s.Files[0].Packed)) {
		t.Errorf("expected a wrong digest, got %v", a.err)
	}
	if got := files(t, a.root); got != nil {
		t.Errorf("expected no file, got %q", got)
	}
}
