package metrics

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"gradus/internal/regular"
	"gradus/internal/strictjson"
)

// Contents are what a log has.
type Contents struct {
	Lines []Line // in order of Seq
	Torn  *Torn  // nil where the last line is whole
	Bad   []Bad  // in order of their offsets
	// Repeated counts lines left out because their Seq was there before.
	Repeated int
	Gaps     []Gap
}

// Line is a line of a log.
type Line struct {
	Seq    int
	Text   []byte // a JSON object
	Offset int64  // of its first byte in the file
}

// Torn is what stands behind the last newline.
type Torn struct{ Offset, Bytes int64 }

// String says where the torn line is.
func (t Torn) String() string {
	return fmt.Sprintf("1 torn line at byte %d, %d bytes", t.Offset, t.Bytes)
}

// Bad is a line that is no record.
type Bad struct {
	Offset int64 // of its first byte in the file
	Reason string
}

// Error says where the line is and what is wrong with it.
func (b Bad) Error() string { return fmt.Sprintf("offset %d: %s", b.Offset, b.Reason) }

// Gap is a range of Seq, both ends included, that is missing.
type Gap struct{ From, To int }

// String lists the numbers that are missing.
func (g Gap) String() string {
	if g.From == g.To {
		return fmt.Sprintf("record %d is missing", g.From)
	}
	return fmt.Sprintf("records %d to %d are missing", g.From, g.To)
}

// Last is the last Seq, -1 where there is none.
func (c *Contents) Last() int {
	if len(c.Lines) == 0 {
		return -1
	}
	return c.Lines[len(c.Lines)-1].Seq
}

// Err is the first bad line as an error, nil where there is none.
func (c *Contents) Err() error {
	if len(c.Bad) == 0 {
		return nil
	}
	return c.Bad[0]
}

// Notices are what a reader should know of a log: a line each.
func (c *Contents) Notices() []string {
	var list []string
	for _, b := range c.Bad {
		list = append(list, b.Error())
	}
	for _, g := range c.Gaps {
		list = append(list, g.String())
	}
	if c.Repeated > 0 {
		list = append(list, fmt.Sprintf("%d repeated records are left out", c.Repeated))
	}
	if c.Torn != nil {
		list = append(list, c.Torn.String())
	}
	return list
}

// Read reads the log at path. Torn, bad and repeated lines are no errors: the
// contents tell of them. Memory grows with the file. Errors name the path.
func Read(path string) (*Contents, error) {
	text, err := readAll(path)
	if err != nil {
		return nil, err
	}
	return Parse(text), nil
}

func readAll(path string) ([]byte, error) {
	f, _, err := regular.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, regular.Unreadable(path, err))
	}
	return text, nil
}

// Parse reads the text of a log. The lines are parts of it.
func Parse(text []byte) *Contents {
	c := &Contents{}
	for at := 0; at < len(text); {
		end := bytes.IndexByte(text[at:], '\n')
		if end < 0 {
			c.Torn = &Torn{int64(at), int64(len(text) - at)}
			break
		}
		c.add(bytes.TrimSuffix(text[at:at+end], []byte("\r")), int64(at))
		at += end + 1
	}
	return c
}

// add sorts a line in.
func (c *Contents) add(line []byte, offset int64) {
	seq, err := seqOf(string(line))
	if err != nil {
		reason, column := err.Error(), 0
		if e, ok := errors.AsType[*strictjson.Error](err); ok {
			reason, column = e.Message, e.Offset
		}
		c.Bad = append(c.Bad, Bad{offset, fmt.Sprintf("expected a record, got a line with a fault at its byte %d: %s", column, reason)})
		return
	}
	last := c.Last()
	switch {
	case seq <= last:
		c.Repeated++
		return
	case last >= 0 && seq > last+1:
		c.Gaps = append(c.Gaps, Gap{last + 1, seq - 1})
	case last < 0 && seq > 1: // logs begin with 1; older ones with 0
		c.Gaps = append(c.Gaps, Gap{1, seq - 1})
	}
	c.Lines = append(c.Lines, Line{seq, line, offset})
}

// seqOf checks a line and finds its number.
func seqOf(line string) (seq int, err error) {
	s := strictjson.NewScanner(line)
	seq = -1
	err = s.Object(func(key string, _ int) error {
		if key != "seq" {
			_, err := s.Skip()
			return err
		}
		at, got := s.Offset(), s.Got()
		text, err := s.Skip()
		if err != nil {
			return err
		}
		if seq, err = strconv.Atoi(text); err != nil || seq < 0 || strings.HasPrefix(text, "-") {
			return s.Fault(at, "seq: expected a whole number of at least 0, got %s", got)
		}
		return nil
	})
	if err == nil {
		err = s.End()
	}
	if err == nil && seq < 0 {
		err = s.Fault(0, "expected a key seq, got none")
	}
	return seq, err
}
