package idx

import (
	"bufio"
	"errors"
	"io"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
)

// unpacker reads the members of a gzip stream one after the other, as RFC 1952 asks, and reports faults with their place
// in the packed stream. Read returns io.EOF only after the last member's checksum was right and nothing followed it.
type unpacker struct {
	path   string
	packed *counted
	member *gzip.Reader
	err    error // kept: after a fault there is no more data
}

// counted is a buffered reader that knows how many bytes were taken from it. Being an io.ByteReader it is read by gzip to
// the end of a member and not beyond.
type counted struct {
	*bufio.Reader
	source *counter
}

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}

func newCounted(r io.Reader) *counted {
	source := &counter{r: r}
	return &counted{bufio.NewReaderSize(source, 1<<16), source}
}

func (c *counted) taken() int64 { return c.source.n - int64(c.Buffered()) }

func (u *unpacker) Read(b []byte) (int, error) {
	if u.err != nil {
		return 0, u.err
	}
	if u.member == nil {
		member, err := gzip.NewReader(u.packed.Reader)
		if err != nil {
			u.err = u.fault(err)
			return 0, u.err
		}
		u.member = member
		u.member.Multistream(false)
	}
	n, err := u.member.Read(b)
	if err == io.EOF {
		err = u.next()
	} else if err != nil {
		err = u.fault(err)
	}
	u.err = err
	return n, err
}

// next goes on to the next member. It returns io.EOF at the clean end of the file.
func (u *unpacker) next() error {
	end := u.packed.taken()
	if _, err := u.packed.Peek(1); err == io.EOF {
		return io.EOF
	}
	err := u.member.Reset(u.packed.Reader)
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.ErrUnexpectedEOF) || err == io.EOF {
		return &Error{Path: u.path, Offset: end, Expected: "end of file", Got: "bytes after gzip end"}
	}
	if err != nil {
		return u.fault(err)
	}
	u.member.Multistream(false)
	return nil
}

// fault gives an error of the gzip reader its place and its house form.
func (u *unpacker) fault(err error) error {
	e := &Error{Path: u.path, Offset: u.packed.taken(), Expected: "gzip data"}
	var corrupt flate.CorruptInputError
	switch {
	case err == io.EOF, errors.Is(err, io.ErrUnexpectedEOF):
		e.Got, e.Hint = "end of file", "cut short?"
	case errors.Is(err, gzip.ErrChecksum):
		e.Offset -= trailerSize
		e.Expected, e.Got = "gzip checksum and size of the unpacked bytes", "others"
	case errors.Is(err, gzip.ErrHeader):
		e.Expected, e.Got = "gzip header", "a damaged one"
	case errors.As(err, &corrupt):
		e.Got = "a damaged stream"
	default:
		return unreadable(u.path, err)
	}
	return e
}

// trailerSize is the checksum and the size that end a gzip member.
const trailerSize = 8
