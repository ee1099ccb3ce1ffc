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
	return replace(disk{}, path, write)
}

// system is what a write asks of the operating system. Tests make it fail.
type system interface {
	create(path string, mode fs.FileMode) (file, error)
	rename(from, to string) error
	remove(path string) error
	syncDir(path string) error
}

type file interface {
	io.WriteCloser
	Chmod(fs.FileMode) error
	Sync() error
}

func replace(sys system, path string, write func(io.Writer) error) error {
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
	f, err := sys.create(temporary, 0o666)
	if err != nil {
		return unwritable(path, err)
	}
	err = fill(f, mode, write)
	if err == nil {
		err = sys.rename(temporary, target)
	}
	if err != nil {
		if left := sys.remove(temporary); left != nil {
			return fmt.Errorf("%w; %s is left", unwritable(path, err), oneLine.Replace(temporary))
		}
		return unwritable(path, err)
	}
	if err := sys.syncDir(filepath.Dir(target)); err != nil {
		return fmt.Errorf("%w; the new file is in place and may be lost by a crash", unwritable(path, err))
	}
	return nil
}

// fill writes, syncs and closes. A failed fsync is final: the kernel forgets
// which pages it could not write, so a second one would succeed for nothing.
func fill(f file, mode *fs.FileMode, write func(io.Writer) error) error {
	err := write(whole{f})
	if err == nil && mode != nil {
		err = f.Chmod(*mode)
	}
	if err == nil {
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
	return fmt.Errorf("%s: expected a file that can be written, got %w", oneLine.Replace(path), cause)
}

// oneLine keeps an error on one line whatever a path holds.
var oneLine = strings.NewReplacer("\n", `\n`, "\r", `\r`)

// disk is the real file system.
type disk struct{}

func (disk) create(path string, mode fs.FileMode) (file, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
}

func (disk) rename(from, to string) error { return os.Rename(from, to) }

func (disk) remove(path string) error { return os.Remove(path) }

func (disk) syncDir(path string) error { return syncDir(path) }
