package metrics

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

type record struct {
	Loss  float64  `json:"loss"`
	Error *float64 `json:"error,omitempty"`
}

func open(t *testing.T, path string, o Options) *Log {
	t.Helper()
	l, err := Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func appendAll(t *testing.T, l *Log, from, to int) {
	t.Helper()
	for seq := from; seq <= to; seq++ {
		if err := l.Append(seq, record{Loss: 1 / float64(seq)}); err != nil {
			t.Fatal(err)
		}
	}
}

func text(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestAppend(t *testing.T) {
	path := filepath.Join(t.TempDir(), "metrics.jsonl")
	appendAll(t, open(t, path, Options{}), 1, 2)
	appendAll(t, open(t, path, Options{}), 1, 4) // the first two are there
	want := "{\"seq\":1,\"loss\":1}\n{\"seq\":2,\"loss\":0.5}\n{\"seq\":3,\"loss\":0.3333333333333333}\n{\"seq\":4,\"loss\":0.25}\n"
	if got := text(t, path); got != want {
		t.Errorf("expected %s, got %s", want, got)
	}
}

func TestE06NonFinite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "metrics.jsonl")
	l := open(t, path, Options{})
	for seq, r := range []record{{math.NaN(), nil}, {math.Inf(-1), new(math.Inf(1))}, {1, new(math.NaN())}} {
		if err := l.Append(seq+1, r); err != nil {
			t.Fatal(err)
		}
	}
	want := `{"seq":1,"loss":null,"nonfinite":"loss"}
{"seq":2,"loss":null,"error":null,"nonfinite":"loss error"}
{"seq":3,"loss":1,"error":null,"nonfinite":"error"}
`
	if got := text(t, path); got != want {
		t.Errorf("expected %s, got %s", want, got)
	}
	if c, err := Read(path); err != nil || len(c.Lines) != 3 || c.Bad != nil {
		t.Errorf("expected three records, got %+v, %v", c, err)
	}
}

// A crash at every byte of an append: the log goes on behind the records that
// were whole, and what was torn is kept.
func TestE11CrashAtEveryByte(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "metrics.jsonl")
	appendAll(t, open(t, path, Options{}), 1, 3)
	all := text(t, path)
	begin := strings.LastIndex(strings.TrimSuffix(all, "\n"), "\n") + 1
	for n := begin; n <= len(all); n++ {
		for _, zeros := range []int{0, 512} { // E3: a block whose data was lost
			if n == len(all) && zeros > 0 {
				continue
			}
			path := filepath.Join(dir, fmt.Sprint(n, "-", zeros))
			torn := all[:n] + strings.Repeat("\x00", zeros)
			if err := os.WriteFile(path, []byte(torn), 0o666); err != nil {
				t.Fatal(err)
			}
			var notices []string
			l := open(t, path, Options{Notice: func(s string) { notices = append(notices, s) }})
			appendAll(t, l, 1, 4)
			if got := text(t, path); !strings.HasPrefix(got, all) || strings.Count(got, "\n") != 4 {
				t.Errorf("%d bytes: expected four whole records, got %q", n, got)
			}
			broken, err := os.ReadFile(path + ".broken")
			if whole := len(torn) == begin || len(torn) == len(all); whole {
				if !errors.Is(err, os.ErrNotExist) || notices != nil {
					t.Errorf("%d bytes: expected nothing to repair, got %v, %v", n, err, notices)
				}
				continue
			}
			want := fmt.Sprintf("%s: 1 torn line at byte %d, %d bytes is cut off; the file as it was is %s.broken", path, begin, len(torn)-begin, path)
			if string(broken) != torn || len(notices) != 1 || notices[0] != want {
				t.Errorf("%d bytes: expected the torn file to be kept and the notice %s, got %q, %v", n, want, broken, notices)
			}
		}
	}
}

func TestE01BrokenFilesAreKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "metrics.jsonl")
	for i, torn := range []string{"{", "{\"seq\""} {
		if err := os.WriteFile(path, []byte(torn), 0o666); err != nil {
			t.Fatal(err)
		}
		open(t, path, Options{})
		if got := text(t, path+[]string{".broken", ".broken-2"}[i]); got != torn {
			t.Errorf("expected %q, got %q", torn, got)
		}
	}
}

func TestE04DamageInTheMiddle(t *testing.T) {
	path := filepath.Join(t.TempDir(), "metrics.jsonl")
	damaged, err := os.ReadFile("testdata/corpus/zero_sector_middle.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, damaged, 0o666); err != nil {
		t.Fatal(err)
	}
	_, err = Open(path, Options{})
	if err == nil || !strings.HasPrefix(err.Error(), path+": offset 179: expected a record, got ") || !strings.HasSuffix(err.Error(), "; --skip-bad goes on without such lines") {
		t.Errorf("expected the offset of the damage, got %v", err)
	}
	if text(t, path) != string(damaged) {
		t.Error("expected the file untouched, got another")
	}
	l := open(t, path, Options{SkipBad: true})
	appendAll(t, l, l.Last()+1, l.Last()+1)
	if got := text(t, path); !strings.HasPrefix(got, string(damaged)) || len(got) == len(damaged) {
		t.Errorf("expected a record behind what was there, got %q", got[len(damaged):])
	}
}

func TestUntil(t *testing.T) {
	path := filepath.Join(t.TempDir(), "metrics.jsonl")
	appendAll(t, open(t, path, Options{}), 1, 4)
	all := text(t, path)
	appendAll(t, open(t, path, Options{Until: new(2)}), 3, 3)
	if got := text(t, path); strings.Count(got, "\n") != 3 || text(t, path+".broken") != all {
		t.Errorf("expected two old records and a new one, and the old file, got %q", got)
	}
}

func TestE08Rotated(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("an open file cannot be removed on Windows")
	}
	path := filepath.Join(t.TempDir(), "metrics.jsonl")
	var notices []string
	l := open(t, path, Options{Notice: func(s string) { notices = append(notices, s) }})
	appendAll(t, l, 1, 2)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	appendAll(t, l, 3, 4)
	want := path + ": expected the log that was begun, got another file or none; it is made anew, records before 3 are not in it"
	if len(notices) != 1 || notices[0] != want {
		t.Errorf("expected one notice %s, got %v", want, notices)
	}
	c, err := Read(path)
	if err != nil || len(c.Lines) != 2 || len(c.Gaps) != 1 || c.Gaps[0] != (Gap{1, 2}) {
		t.Errorf("expected records 3 and 4 and a gap, got %+v, %v", c, err)
	}
}

// full is a file on a disk with room for so many bytes more.
type full struct {
	file
	room int
}

func (f *full) Write(b []byte) (int, error) {
	n := min(len(b), f.room)
	f.room -= n
	if _, err := f.file.Write(b[:n]); err != nil {
		return 0, err
	}
	if n < len(b) {
		return n, syscall.ENOSPC
	}
	return n, nil
}

func TestE09NoSpace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "metrics.jsonl")
	l := open(t, path, Options{})
	appendAll(t, l, 1, 1)
	first := text(t, path)
	disk := &full{l.f, 5}
	l.f = disk
	want := path + ": expected a file that can be written, got no space left on device"
	for seq := 2; seq <= 4; seq++ {
		if err := l.Append(seq, record{Loss: 1}); err == nil || err.Error() != want {
			t.Errorf("expected %s, got %v", want, err)
		}
		if got := text(t, path); got != first {
			t.Errorf("expected no half a line, got %q", got)
		}
	}
	if err := l.Lost(); err == nil || !strings.HasSuffix(err.Error(), "got 3 that were not") {
		t.Errorf("expected three records that wait, got %v", err)
	}
	disk.room = 1000
	if err := l.Append(5, record{Loss: 1}); err != nil || l.Lost() != nil {
		t.Errorf("expected all records to be written when there is room, got %v, %v", err, l.Lost())
	}
	if c, err := Read(path); err != nil || len(c.Lines) != 5 || c.Gaps != nil {
		t.Errorf("expected five records, got %+v, %v", c, err)
	}

	disk.room = 0
	for seq := 6; seq < 60_000; seq++ { // more than is kept waiting
		if err := l.Append(seq, record{Loss: 1}); err == nil {
			t.Fatal("expected an error, got none")
		}
	}
	if len(l.waiting) > mostWaiting || l.dropped == 0 {
		t.Errorf("expected at most %d bytes to wait, got %d, and %d dropped", mostWaiting, len(l.waiting), l.dropped)
	}
	if err := l.Lost(); err == nil || !strings.HasSuffix(err.Error(), "got 59994 that were not") {
		t.Errorf("expected 59994 records that are lost, got %v", err)
	}
}
