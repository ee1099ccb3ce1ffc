package metrics

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What each file of the corpus is read as; the manifest says why.
var corpus = map[string]struct {
	lines, bad, repeated int
	torn                 int64 // where; -1 for nowhere
	badAt                int64
	gaps                 []Gap
}{
	"ok_5.jsonl":                {lines: 5, torn: -1},
	"torn_tail.jsonl":           {lines: 5, torn: 179},
	"torn_then_glued.jsonl":     {lines: 5, torn: -1, bad: 1, badAt: 179},
	"complete_no_newline.jsonl": {lines: 5, torn: 179}, // a line counts when its newline is there
	"zero_filled_tail.jsonl":    {lines: 5, torn: 179},
	"zero_sector_middle.jsonl":  {lines: 5, torn: -1, bad: 1, badAt: 179},
	"bad_utf8.jsonl":            {lines: 5, torn: -1, bad: 1, badAt: 179},
	"dup_seq.jsonl":             {lines: 5, torn: -1, repeated: 1},
	"gap_seq.jsonl":             {lines: 6, torn: -1, gaps: []Gap{{5, 6}}},
	"nan.jsonl":                 {lines: 5, torn: -1, bad: 1, badAt: 179},
	"huge_line.jsonl":           {lines: 6, torn: -1},
	"empty.jsonl":               {torn: -1},
	"only_torn.jsonl":           {torn: 0},
	"crlf.jsonl":                {lines: 5, torn: -1},
}

func TestCorpus(t *testing.T) {
	text, err := os.ReadFile("testdata/corpus/manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	var manifest []struct{ File, Expect string }
	if err := json.Unmarshal(text, &manifest); err != nil {
		t.Fatal(err)
	}
	if len(manifest) != len(corpus) {
		t.Errorf("expected %d files, got %d", len(corpus), len(manifest))
	}
	rows := map[string]string{
		"torn_tail.jsonl": "E1", "complete_no_newline.jsonl": "E1", "only_torn.jsonl": "E1", "torn_then_glued.jsonl": "E2",
		"zero_filled_tail.jsonl": "E3", "zero_sector_middle.jsonl": "E4", "bad_utf8.jsonl": "E4", "dup_seq.jsonl": "E5",
		"gap_seq.jsonl": "E5", "nan.jsonl": "E6", "huge_line.jsonl": "E7",
	}
	for _, m := range manifest {
		t.Run(strings.TrimPrefix(rows[m.File]+"_", "_")+m.File, func(t *testing.T) {
			want, ok := corpus[m.File]
			if !ok {
				t.Fatalf("expected a file with an expectation, got %s: %s", m.File, m.Expect)
			}
			got, err := Read(filepath.Join("testdata/corpus", m.File))
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Lines) != want.lines || len(got.Bad) != want.bad || got.Repeated != want.repeated || !slices.Equal(got.Gaps, want.gaps) {
				t.Errorf("%s: expected %+v, got %+v", m.Expect, want, got)
			}
			if torn := got.Torn; torn == nil && want.torn >= 0 || torn != nil && torn.Offset != want.torn {
				t.Errorf("%s: expected a torn line at %d, got %v", m.Expect, want.torn, torn)
			}
			if want.bad > 0 && got.Bad[0].Offset != want.badAt {
				t.Errorf("%s: expected a bad line at %d, got %v", m.Expect, want.badAt, got.Bad)
			}
		})
	}
}

func TestNotices(t *testing.T) {
	text := "{\"seq\":3}\n{\"seq\":5}\n{\"seq\":5}\n{\"seq\":-1}\nnull\n{\"x\":1}\n{\"se"
	got := Parse([]byte(text)).Notices()
	want := []string{
		"offset 30: expected a record, got a line with a fault at its byte 7: seq: expected a whole number of at least 0, got -1",
		"offset 41: expected a record, got a line with a fault at its byte 0: expected {, got null",
		"offset 46: expected a record, got a line with a fault at its byte 0: expected a key seq, got none",
		"records 1 to 2 are missing",
		"record 4 is missing",
		"1 repeated records are left out",
		"1 torn line at byte 54, 4 bytes",
	}
	if !slices.Equal(got, want) {
		t.Errorf("expected\n%s\ngot\n%s", strings.Join(want, "\n"), strings.Join(got, "\n"))
	}
}

// Whatever a log holds, every byte of it is accounted for once.
func FuzzParse(f *testing.F) {
	entries, err := os.ReadDir("testdata/corpus")
	if err != nil {
		f.Fatal(err)
	}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join("testdata/corpus", e.Name()))
		if err != nil {
			f.Fatal(err)
		}
		if len(text) < 1000 {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		c := Parse(text)
		whole := strings.Count(string(text), "\n")
		if got := len(c.Lines) + len(c.Bad) + c.Repeated; got != whole {
			t.Errorf("expected %d lines, got %d", whole, got)
		}
		if (c.Torn != nil) != (len(text) > 0 && text[len(text)-1] != '\n') {
			t.Errorf("expected a torn line where the last byte is no newline, got %v", c.Torn)
		}
		last := -1
		for _, line := range c.Lines {
			if line.Seq <= last || !json.Valid(line.Text) {
				t.Errorf("expected records in order, got %d behind %d: %s", line.Seq, last, line.Text)
			}
			last = line.Seq
		}
	})
}
