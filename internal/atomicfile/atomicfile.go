// Package atomicfile replaces files as a whole: whoever opens the path sees all
// of the old content or all of the new, also after a crash.
package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"gradus/internal/regular"
)

// Write replaces the file at path, or makes it, with what write writes. The
// order is: a new file in the same folder, its bytes, fsync, close, rename,
// fsync of the folder. On any error before the rename the old file is
// untouched and the new one is removed; an error of the last step says so.
// Who has the old file open keeps reading the old bytes.
//
// A symbolic link stays one: its target is replaced. A path that is there and
// no regular file is refused. The file keeps the old one's permissions.
//
// Errors name the path and are one line. After a kill, a file .NAME.*.tmp can be
// left in the folder; nothing reads it.
func Write(path string, write func(io.Writer) error) error {
	return Replace(Disk{}, path, write)
}

// FS is what a write asks of a file system. Tests make it fail, and crash.
type FS interface {
	Create(path string, mode fs.FileMode) (File, error) // a new file
	Rename(from, to string) error
	Remove(path string) error
	SyncDir(path string) error
}

// File is a file that is being written.
type File interface {
	io.WriteCloser
	Chmod(fs.FileMode) error
	Sync() error
}

// Replace is Write on another file system.
func Replace(sys FS, path string, write func(io.Writer) error) error {
	return replace(sys, path, true, write)
}

// Swap is Replace without what outlasts a crash of the machine: after one the file
// may have the old content, the new one, or a part of it. It is for files that
// whoever reads them can do without, and checks; it costs no wait for the disk.
func Swap(sys FS, path string, write func(io.Writer) error) error {
	return replace(sys, path, false, write)
}

func replace(sys FS, path string, lasting bool, write func(io.Writer) error) error {
	target := path
	if resolved, err := filepath.EvalSymlinks(path); err == nil {
		target = resolved
	}
	var mode *fs.FileMode // of the old file
	if info, err := os.Stat(target); err == nil {
		if err := regular.Check(info.Mode()); err != nil {
			return fmt.Errorf("%s: %w", oneLine.Replace(path), err)
		}
		mode = new(info.Mode().Perm())
	}
	// Random, not counted: other processes may write the same path.
	temporary := filepath.Join(filepath.Dir(target), "."+filepath.Base(target)+"."+strconv.FormatUint(rand.Uint64(), 36)+".tmp")
	f, err := sys.Create(temporary, 0o666)
	if err != nil {
		return unwritable(path, err)
	}
	err = fill(f, mode, lasting, write)
	if err == nil {
		if err = sys.Rename(temporary, target); err != nil {
			err = renameError{err}
		}
	}
	if err != nil {
		if left := sys.Remove(temporary); left != nil {
			return fmt.Errorf("%w; %s is left", unwritable(path, err), oneLine.Replace(temporary))
		}
		return unwritable(path, err)
	}
	if !lasting {
		return nil
	}
	if err := sys.SyncDir(filepath.Dir(target)); err != nil {
		return fmt.Errorf("%w; the new file is in place and may be lost by a crash", unwritable(path, err))
	}
	return nil
}

// fill writes, syncs if that is to last, and closes. A failed fsync is final: the kernel forgets
// which pages it could not write, so a second one would succeed for nothing.
func fill(f File, mode *fs.FileMode, lasting bool, write func(io.Writer) error) error {
	err := write(whole{f})
	if err == nil && mode != nil {
		err = f.Chmod(*mode)
	}
	if err == nil && lasting {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}

// whole turns a write that wrote less than it was given into an error.
type whole struct{ w io.Writer }

func (w whole) Write(b []byte) (int, error) {
	n, err := w.w.Write(b)
	if err == nil && n < len(b) {
		err = io.ErrShortWrite
	}
	return n, err
}

// unwritable words an error of the operating system; errors of write pass.
func unwritable(path string, err error) error {
	cause := err
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		cause = errno
	} else if !errors.Is(err, io.ErrShortWrite) {
		return fmt.Errorf("%s: %w", oneLine.Replace(path), err)
	}
	can := "written"
	if _, ok := errors.AsType[renameError](err); ok {
		can = "replaced by renaming another"
	}
	return fmt.Errorf("%s: expected a file that can be %s, got %w", oneLine.Replace(path), can, cause)
}

// renameError is one of the last operation, which some file systems lack.
type renameError struct{ error }

func (e renameError) Unwrap() error { return e.error }

// oneLine keeps an error on one line whatever a path holds.
var oneLine = strings.NewReplacer("\n", `\n`, "\r", `\r`)

// Disk is the real file system.
type Disk struct{}

// Create makes a file that must not be there yet.
func (Disk) Create(path string, mode fs.FileMode) (File, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
}

// Rename gives a file another name, in place of one that has it.
func (Disk) Rename(from, to string) error { return os.Rename(from, to) }

// Remove removes a file.
func (Disk) Remove(path string) error { return os.Remove(path) }

// SyncDir makes what happened to a folder's names last through a crash.
func (Disk) SyncDir(path string) error { return syncDir(path) }
