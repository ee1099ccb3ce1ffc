package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gradus/data/catalog"
	"gradus/internal/filelock"
)

// Options say how to download. The zero value, but for Root, is useful.
type Options struct {
	Root    string   // the folder of all data
	Mirrors []string // in place of the set's own
	// Stall is the time after which a server that sends nothing, or less than a kilobyte a second, is given up: it bounds the wait for
	// news, not the whole download. 0 means 30 s.
	Stall time.Duration
	// Transport makes the requests; nil means HTTP with the environment's proxy.
	Transport http.RoundTripper
	// Progress is told, on one goroutine, how much of a file is there; nil for nobody.
	Progress func(Progress)
	// Done is told of each file that is there; nil for nobody.
	Done func(Result)
	// Notice is told what is worth a line: a mirror that failed, a file that is replaced; nil for nobody.
	Notice func(line string)
}

// Progress is a download under way.
type Progress struct {
	Name  string // of the file
	Done  int64  // bytes that are there
	Total int64  // bytes of the file; 0 where the server does not say
}

// Result is a file of the set.
type Result struct {
	Path  string
	Bytes int64
	From  string // the address; empty where the file was there already
}

// Fetch makes the files of a set be there: right ones are kept, missing and damaged ones are downloaded. Two processes that fetch the
// same set take turns. Errors are one line; the files that were right before an error stay.
func Fetch(ctx context.Context, set catalog.Set, o Options) ([]Result, error) {
	if o.Stall == 0 {
		o.Stall = 30 * time.Second
	}
	if len(o.Mirrors) > 0 {
		set.Mirrors = o.Mirrors
	}
	f := &fetcher{set: set, Options: o, folder: set.Folder(o.Root), client: newClient(o.Transport)}
	defer f.client.CloseIdleConnections()
	if err := os.MkdirAll(f.folder, 0o777); err != nil {
		return nil, unwritable(f.folder, err)
	}
	lock, err := f.lock(ctx)
	if err != nil {
		return nil, err
	}
	results, err := f.all(ctx)
	if err != nil {
		// Folders that stayed empty go; the system refuses to remove others, which is what is wanted.
		_ = os.Remove(f.folder)
		_ = os.Remove(filepath.Dir(f.folder))
	}
	return results, errors.Join(err, lock.Release())
}

type fetcher struct {
	Options
	set    catalog.Set
	folder string
	client *http.Client
}

func (f *fetcher) all(ctx context.Context) ([]Result, error) {
	if f.set.Archive != nil {
		return f.archive(ctx)
	}
	var results []Result
	for _, file := range f.set.Files {
		r, err := f.one(ctx, file)
		if err != nil {
			return results, err
		}
		f.done(r)
		results = append(results, r)
	}
	return results, nil
}

// one makes a file be there that is published by itself.
func (f *fetcher) one(ctx context.Context, file catalog.File) (Result, error) {
	path := filepath.Join(f.folder, file.Name)
	for _, there := range []string{path, strings.TrimSuffix(path, ".gz")} {
		c, err := catalog.Check(there, file)
		if err == nil && c.Digest != "" {
			return Result{Path: there, Bytes: c.Bytes}, nil
		}
		if err != nil && there == path && !errors.Is(err, os.ErrNotExist) {
			f.notice("%v; fetching it anew", err)
		}
	}
	return f.download(ctx, file, path)
}

// lock waits for whoever else fetches the set.
func (f *fetcher) lock(ctx context.Context) (*filelock.Lock, error) {
	path := filepath.Join(f.Root, ".fetch-"+f.set.Class+".lock")
	const pause = 100 * time.Millisecond
	for first := true; ; first = false {
		lock, err := filelock.Take(path)
		if held := (*filelock.HeldError)(nil); !errors.As(err, &held) {
			return lock, err
		}
		if first {
			f.notice("%s: another process fetches this set; waiting for it", f.set.Name)
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(pause):
		}
	}
}

func (f *fetcher) notice(format string, args ...any) {
	if f.Notice != nil {
		f.Notice(fmt.Sprintf(format, args...))
	}
}

func (f *fetcher) done(r Result) {
	if f.Done != nil {
		f.Done(r)
	}
}

func (f *fetcher) progress(name string, done, total int64) {
	if f.Progress != nil {
		f.Progress(Progress{name, done, total})
	}
}
