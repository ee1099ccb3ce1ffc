package fetch

import (
	"errors"
	"fmt"
	"io"
	"os"

	"gradus/data/catalog"
	"gradus/data/idx"
	"gradus/internal/regular"
)

// part is a file that is not whole yet.
type part struct {
	path  string
	f     *os.File // nil when it is closed
	size  int64
	named bool // it has its final name
}

func openPart(path string) (*part, error) {
	if info, err := os.Lstat(path); err == nil {
		if err := regular.Check(info.Mode()); err != nil {
			return nil, &localError{fmt.Errorf("%s: %w", path, err)}
		}
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, unwritable(path, err)
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		f.Close()
		return nil, unwritable(path, err)
	}
	return &part{path: path, f: f, size: size}, nil
}

// Write appends.
func (p *part) Write(b []byte) (int, error) {
	n, err := p.f.Write(b)
	p.size += int64(n)
	if err != nil {
		return n, unwritable(p.path, err)
	}
	return n, nil
}

// reset empties the part.
func (p *part) reset() error {
	p.size = 0
	err := p.f.Truncate(0)
	if err == nil {
		_, err = p.f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return unwritable(p.path, err)
	}
	return nil
}

// check compares the part with what was published: its bytes, or what they are packed from.
func (p *part) check(file catalog.File) error {
	h := file.Packed.New()
	start := make([]byte, 16)
	if _, err := io.Copy(h, io.NewSectionReader(p.f, 0, p.size)); err != nil {
		return unreadable(p.path, err)
	}
	n, err := p.f.ReadAt(start, 0)
	if err != nil && err != io.EOF {
		return unreadable(p.path, err)
	}
	got := catalog.Digest(fmt.Sprintf("%x", h.Sum(nil)))
	if file.Packed != "" && got == file.Packed {
		return nil
	}
	if file.Unpacked != "" {
		_, err := catalog.Check(p.path, catalog.File{Unpacked: file.Unpacked})
		if refused := (*idx.Error)(nil); err == nil || errors.As(err, &refused) && refused.Err != nil {
			return err
		}
	}
	expected := file.Packed
	if expected == "" {
		expected = file.Unpacked
	}
	return fmt.Errorf("expected %s, got %s, first bytes %q", expected.Named(), got, start[:n])
}

// finish gives the part its name, when its bytes are on the disk.
func (p *part) finish(path string) error {
	err := p.f.Sync()
	if closed := p.f.Close(); err == nil {
		err = closed
	}
	p.f = nil
	if err == nil {
		err = os.Rename(p.path, path)
	}
	if err != nil {
		return unwritable(path, err)
	}
	p.named = true
	return nil
}

// close ends the work on a part; one without bytes goes.
func (p *part) close() {
	if p.f != nil {
		p.f.Close() // what it holds is looked at anew before it is used
	}
	if p.size == 0 && !p.named {
		os.Remove(p.path)
	}
}

func unreadable(path string, err error) error {
	return &localError{fmt.Errorf("%s: %w", path, regular.Unreadable(path, err))}
}
