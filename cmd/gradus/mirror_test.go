package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"gradus/data"
	"gradus/data/mnist"
)

// published are the four files of MNIST by their names. They are packed otherwise than the published ones, with the same content.
var published = sync.OnceValues(func() (map[string][]byte, error) {
	files := map[string][]byte{}
	for part, read := range map[string]func() (*data.Set, error){"train": mnist.Train, "t10k": mnist.Test} {
		s, err := read()
		if err != nil {
			return nil, err
		}
		labels := header(s.Len())
		for _, l := range s.Labels {
			labels = append(labels, byte(l))
		}
		images := append(header(s.Len(), s.Shape[1], s.Shape[2]), s.Images...)
		for name, content := range map[string][]byte{"-images-idx3-ubyte.gz": images, "-labels-idx1-ubyte.gz": labels} {
			var b bytes.Buffer
			w, err := gzip.NewWriterLevel(&b, gzip.NoCompression)
			if err == nil {
				_, err = w.Write(content)
			}
			if err == nil {
				err = w.Close()
			}
			if err != nil {
				return nil, err
			}
			files[part+name] = b.Bytes()
		}
	}
	return files, nil
})

// servePublished answers with the files of MNIST, Range and all.
func servePublished(w http.ResponseWriter, r *http.Request) {
	files, err := published()
	name := path.Base(r.URL.Path)
	content, ok := files[name]
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	case !ok:
		http.NotFound(w, r)
	default:
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
	}
}

// serveSlowly pauses within the first file, long enough for a bar to be drawn.
func serveSlowly(w http.ResponseWriter, r *http.Request) {
	files, err := published()
	if content := files[path.Base(r.URL.Path)]; err == nil && len(content) > 10_000_000 {
		w.Header().Set("Content-Length", strconv.Itoa(len(content)))
		w.Write(content[:5_000_000])
		w.(http.Flusher).Flush()
		time.Sleep(500 * time.Millisecond)
		w.Write(content[5_000_000:])
		return
	}
	servePublished(w, r)
}

// mirror NAME KIND starts a server for the rest of the script and puts its address into a variable, and its host into
// NAME_HOST: good has MNIST, slow has it with a pause, missing has nothing, page answers everything with a page.
func mirror(ts *testscript.TestScript, _ bool, args []string) {
	server := httptest.NewServer(map[string]http.HandlerFunc{
		"good":    servePublished,
		"slow":    serveSlowly,
		"missing": http.NotFound,
		"page":    func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<!DOCTYPE html><title>moved</title>") },
	}[args[1]])
	ts.Defer(server.Close)
	ts.Setenv(args[0], server.URL)
	ts.Setenv(args[0]+"_HOST", strings.TrimPrefix(server.URL, "http://"))
}

// serve is mirror for tests that are no scripts.
func serve(t *testing.T, handler http.HandlerFunc) (address string) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return server.URL
}
