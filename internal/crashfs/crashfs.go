// Package crashfs is a file system in memory that fails and crashes when a test
// wants it to. It forgets what a real one may forget: bytes that were not synced,
// and names in folders that were not synced.
package crashfs

import (
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"

	"gradus/internal/atomicfile"
)

// FS is a file system. Its zero value is not useful: New is.
type FS struct {
	folders map[string]*folder
	ops     []string // every operation so far, by name

	// FailAt, if not 0, is the number of the operation that returns Err, counted
	// from 1; it does nothing.
	FailAt int
	Err    error
	// Short makes the operation, if it is a write, write half and return no error;
	// others do not fail.
	Short bool
	// After, if set, is called after every operation.
	After func(op string)
}

type folder struct {
	names   map[string]*inode // as processes see them
	durable map[string]*inode // as of the last sync
	pending []func(map[string]*inode)
}

type inode struct {
	data   []byte
	synced int // bytes of data that outlast a crash
}

// New makes a file system with no files.
func New() *FS { return &FS{folders: map[string]*folder{}} }

func (f *FS) folder(path string) *folder {
	dir := filepath.Dir(path)
	if f.folders[dir] == nil {
		f.folders[dir] = &folder{names: map[string]*inode{}, durable: map[string]*inode{}}
	}
	return f.folders[dir]
}

// change does something to a folder's names, now and, with the next sync, for
// good.
func (d *folder) change(do func(map[string]*inode)) {
	do(d.names)
	d.pending = append(d.pending, do)
}

// fails counts an operation and reports whether it is the one to fail.
func (f *FS) fails(op string) bool {
	f.ops = append(f.ops, op)
	return len(f.ops) == f.FailAt && (op == "write" || !f.Short)
}

func (f *FS) done(op string) {
	if f.After != nil {
		f.After(op)
	}
}

// Ops lists the operations so far.
func (f *FS) Ops() []string { return f.ops }

// Create makes a file.
func (f *FS) Create(path string, _ fs.FileMode) (atomicfile.File, error) {
	if f.fails("create") {
		return nil, f.Err
	}
	d, name, node := f.folder(path), filepath.Base(path), &inode{}
	if d.names[name] != nil {
		return nil, fs.ErrExist
	}
	d.change(func(names map[string]*inode) { names[name] = node })
	f.done("create")
	return &file{f, node}, nil
}

// Rename renames a file within its folder.
func (f *FS) Rename(from, to string) error {
	if f.fails("rename") {
		return f.Err
	}
	d, a, b := f.folder(from), filepath.Base(from), filepath.Base(to)
	if filepath.Dir(from) != filepath.Dir(to) || d.names[a] == nil {
		return fmt.Errorf("rename %s to %s: %w", from, to, fs.ErrNotExist)
	}
	node := d.names[a]
	d.change(func(names map[string]*inode) {
		delete(names, a)
		names[b] = node
	})
	f.done("rename")
	return nil
}

// Remove removes a file.
func (f *FS) Remove(path string) error {
	if f.fails("remove") {
		return f.Err
	}
	d, name := f.folder(path), filepath.Base(path)
	if d.names[name] == nil {
		return fs.ErrNotExist
	}
	d.change(func(names map[string]*inode) { delete(names, name) })
	f.done("remove")
	return nil
}

// SyncDir makes a folder's names outlast a crash.
func (f *FS) SyncDir(path string) error {
	if f.fails("syncdir") {
		return f.Err
	}
	d := f.folder(filepath.Join(path, "x"))
	d.durable, d.pending = maps.Clone(d.names), nil
	f.done("syncdir")
	return nil
}

type file struct {
	fs   *FS
	node *inode
}

func (f *file) Write(b []byte) (int, error) {
	if f.fs.fails("write") {
		if f.fs.Short {
			f.node.data = append(f.node.data, b[:len(b)/2]...)
			return len(b) / 2, nil
		}
		return 0, f.fs.Err
	}
	f.node.data = append(f.node.data, b...)
	f.fs.done("write")
	return len(b), nil
}

func (f *file) Chmod(fs.FileMode) error { return nil }

func (f *file) Sync() error {
	if f.fs.fails("sync") {
		return f.fs.Err
	}
	f.node.synced = len(f.node.data)
	f.fs.done("sync")
	return nil
}

func (f *file) Close() error {
	if f.fs.fails("close") {
		return f.fs.Err
	}
	f.fs.done("close")
	return nil
}

// Files are the files a process sees, by path.
func (f *FS) Files() map[string][]byte {
	files := map[string][]byte{}
	for dir, d := range f.folders {
		for name, node := range d.names {
			files[filepath.Join(dir, name)] = node.data
		}
	}
	return files
}

// Crash is what a crash now would leave, by path: of the bytes that are not synced
// so many percent from their begin, and of what happened to the names of each
// folder since it was synced the first so many percent, rounded down.
func (f *FS) Crash(bytes, names int) map[string][]byte {
	files := map[string][]byte{}
	for dir, d := range f.folders {
		left := maps.Clone(d.durable)
		for _, do := range d.pending[:len(d.pending)*names/100] {
			do(left)
		}
		for name, node := range left {
			n := node.synced + (len(node.data)-node.synced)*bytes/100
			files[filepath.Join(dir, name)] = slices.Clone(node.data[:n])
		}
	}
	return files
}
