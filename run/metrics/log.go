package metrics

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"gradus/internal/atomicfile"
)

// Log appends to a log. It is not safe for concurrent use; who opens it must be
// the only one who writes.
type Log struct {
	path    string
	open    func(path string) (file, error)
	f       file
	size    int64 // of the whole lines in the file
	last    int   // Seq of the last line
	waiting []byte
	lines   int // in waiting
	dropped int // lines that found no place in waiting
	notice  func(string)
}

// file is what a log asks of an open file.
type file interface {
	io.WriteCloser
	Sync() error
	Truncate(size int64) error
	Stat() (fs.FileInfo, error)
}

// Options are the options of Open.
type Options struct {
	SkipBad bool // go on where lines in the middle are damaged
	// Until, if set, is the last Seq to keep: lines behind it are cut off, and the
	// file as it was is kept as .broken.
	Until *int
	// Notice, if set, is told what happens to the log: a line each.
	Notice func(string)
}

// mostWaiting is how many bytes wait for a disk that is full.
const mostWaiting = 1 << 20

// Open opens the log at path for appending, and makes it where it is missing. A
// torn last line is cut off; the file as it was is kept as .broken. Damage in the
// middle is refused unless it is to be skipped.
func Open(path string, o Options) (*Log, error) {
	l := &Log{path: path, open: openFile, last: -1, notice: o.Notice}
	if l.notice == nil {
		l.notice = func(string) {}
	}
	text, err := readAll(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	contents := Parse(text)
	if err := contents.Err(); err != nil && !o.SkipBad {
		return nil, fmt.Errorf("%s: %w; --skip-bad goes on without such lines", path, err)
	}
	l.size, l.last = int64(len(text)), contents.Last()
	what := ""
	if t := contents.Torn; t != nil {
		l.size, what = t.Offset, t.String()
	}
	for _, line := range contents.Lines {
		if o.Until != nil && line.Seq > *o.Until {
			l.size, l.last, what = line.Offset, *o.Until, fmt.Sprintf("what follows record %d", *o.Until)
			break
		}
	}
	if what != "" {
		kept, err := keep(path, text)
		if err != nil {
			return nil, err
		}
		l.notice(fmt.Sprintf("%s: %s is cut off; the file as it was is %s", path, what, kept))
	}
	if l.f, err = l.open(path); err != nil {
		return nil, l.fault(err)
	}
	if what != "" {
		err = l.f.Truncate(l.size)
		if err == nil {
			err = l.f.Sync()
		}
		if err != nil {
			l.f.Close()
			return nil, l.fault(err)
		}
	}
	return l, nil
}

func openFile(path string) (file, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o666)
}

// keep writes a copy under the first name that is free.
func keep(path string, text []byte) (kept string, err error) {
	for n := 1; ; n++ {
		kept = path + ".broken"
		if n > 1 {
			kept += "-" + strconv.Itoa(n)
		}
		if _, err := os.Lstat(kept); errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return kept, atomicfile.Write(kept, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// Last is the Seq of the last line, -1 where there is none.
func (l *Log) Last() int { return l.last }

// Append writes a struct as the line seq, which outlasts a crash when nil is
// returned. A line that the log has already is not written again. On an error the
// line waits and is written before the next one: nothing is lost as long as the
// lines that wait are less than a mebibyte.
func (l *Log) Append(seq int, record any) error {
	if seq <= l.last {
		return nil
	}
	line, err := encode(seq, record)
	if err != nil {
		return err
	}
	l.last = seq
	if len(l.waiting)+len(line) > mostWaiting {
		l.dropped++
	} else {
		l.waiting = append(l.waiting, line...)
		l.lines++
	}
	return l.flush()
}

// flush writes what waits.
func (l *Log) flush() error {
	if err := l.reopen(); err != nil {
		return l.fault(err)
	}
	n, err := l.f.Write(l.waiting)
	if err == nil && n < len(l.waiting) {
		err = io.ErrShortWrite
	}
	if err == nil {
		err = l.f.Sync()
	}
	if err != nil {
		// Half a line must not stay: what is written next would stand behind it.
		err = l.fault(err)
		if left := l.f.Truncate(l.size); left != nil {
			err = fmt.Errorf("%w; half a line is left", err)
		}
		return err
	}
	l.size += int64(len(l.waiting))
	l.waiting, l.lines = l.waiting[:0], 0
	return nil
}

// reopen finds out whether the log is still the file under its name.
func (l *Log) reopen() error {
	if l.f != nil {
		here, err := l.f.Stat()
		if err != nil {
			return err
		}
		if there, err := os.Stat(l.path); err == nil && os.SameFile(here, there) {
			return nil
		}
		l.notice(fmt.Sprintf("%s: expected the log that was begun, got another file or none; it is made anew, records before %d are not in it", l.path, l.last-l.lines+1))
		l.f.Close()
		l.f = nil
	}
	f, err := l.open(l.path)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return err
	}
	l.f, l.size = f, info.Size()
	return nil
}

// Lost says how many lines could not be written, as an error; nil for none.
func (l *Log) Lost() error {
	if n := l.lines + l.dropped; n > 0 {
		return fmt.Errorf("%s: expected all records to be written, got %d that were not", l.path, n)
	}
	return nil
}

// Close closes the file. What waits is tried once more.
func (l *Log) Close() error {
	var err error
	if l.lines > 0 {
		err = l.flush()
	}
	if l.f == nil {
		return err
	}
	if closed := l.f.Close(); err == nil && closed != nil {
		err = l.fault(closed)
	}
	return err
}

// fault words an error of the operating system.
func (l *Log) fault(err error) error {
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		err = errno
	}
	return fmt.Errorf("%s: expected a file that can be written, got %w", filepath.Clean(l.path), err)
}
