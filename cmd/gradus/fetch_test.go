package main

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gradus/data/catalog"
)

const trainImages = "train-images-idx3-ubyte.gz"

// allThere fails unless the four files of MNIST, and nothing else, are below root.
func allThere(t *testing.T, root string) {
	t.Helper()
	files, err := published()
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(filepath.Join(root, "MNIST", "raw"))
	if err != nil || len(entries) != len(files) {
		t.Errorf("expected %d files, got %v, %v", len(files), entries, err)
	}
	for name, content := range files {
		if got, err := os.ReadFile(filepath.Join(root, "MNIST", "raw", name)); err != nil || !bytes.Equal(got, content) {
			t.Errorf("%s: expected the bytes that were served, got %d others, %v", name, len(got), err)
		}
	}
}

// A process that is killed while it downloads leaves a part and no file; the next one goes on from there, and no lock stands in its way.
func TestB10(t *testing.T) {
	files, err := published()
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	const sent = 3 << 20
	trickle := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Write(files[trainImages][:sent])
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	victim := exec.Command("gradus", "data", "fetch", "mnist", "--data-root", root, "--mirror", trickle)
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	part := filepath.Join(root, "MNIST", "raw", trainImages+".part")
	for begun := time.Now(); ; time.Sleep(time.Millisecond) {
		if info, err := os.Stat(part); err == nil && info.Size() == sent {
			break
		}
		if time.Since(begun) > soon {
			t.Fatal("expected a part of the file, got none")
		}
	}
	if err := victim.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = victim.Wait() // it was killed
	if _, err := os.Stat(strings.TrimSuffix(part, ".part")); err == nil {
		t.Error("expected no file under its final name")
	}

	var lock sync.Mutex
	var ranges []string
	good := serve(t, func(w http.ResponseWriter, r *http.Request) {
		lock.Lock()
		ranges = append(ranges, r.Header.Get("Range"))
		lock.Unlock()
		servePublished(w, r)
	})
	if out, err := exec.Command("gradus", "data", "fetch", "mnist", "--data-root", root, "--mirror", good).CombinedOutput(); err != nil {
		t.Fatalf("expected the next process to succeed, got %v: %s", err, out)
	}
	allThere(t, root)
	if len(ranges) != 4 || ranges[0] != "bytes=3145728-" {
		t.Errorf("expected to go on from the part, got %q", ranges)
	}
}

// Two processes at once: both succeed, each file is downloaded once. A third finds a lock whose holder was killed.
func TestB11(t *testing.T) {
	var lock sync.Mutex
	requests := map[string]int{}
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		lock.Lock()
		requests[filepath.Base(r.URL.Path)]++
		lock.Unlock()
		time.Sleep(50 * time.Millisecond)
		servePublished(w, r)
	})
	root := t.TempDir()
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			if out, err := exec.Command("gradus", "data", "fetch", "mnist", "--data-root", root, "--mirror", address).CombinedOutput(); err != nil {
				t.Errorf("expected both to succeed, got %v: %s", err, out)
			}
		})
	}
	both.Wait()
	allThere(t, root)
	for name, n := range requests {
		if n != 1 {
			t.Errorf("%s: expected one download, got %d", name, n)
		}
	}
	set, _ := catalog.Find("mnist")
	if _, _, err := set.Open(root); err != nil {
		t.Error(err)
	}
}
