package reproduce

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// element is a part of a page: what is in it, and how often tags occur.
type element struct {
	text string
	tags map[string]int
	ids  []string
	urls []string
}

// elements reads a page as a browser would, more or less, and returns its
// sections by id; "" is the whole page.
func elements(t *testing.T, page []byte) map[string]*element {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(page))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	all := map[string]*element{"": {tags: map[string]int{}}}
	section := ""
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			for _, a := range e.Attr {
				switch a.Name.Local {
				case "id":
					if e.Name.Local == "section" {
						section = a.Value
						all[section] = &element{tags: map[string]int{}}
					}
					all[""].ids = append(all[""].ids, a.Value)
				case "src", "href":
					all[""].urls = append(all[""].urls, a.Value)
				}
			}
			all[""].tags[e.Name.Local]++
			if section != "" {
				all[section].tags[e.Name.Local]++
			}
		case xml.EndElement:
			if e.Name.Local == "section" {
				section = ""
			}
		case xml.CharData:
			all[""].text += string(e) + "\n"
			if section != "" {
				all[section].text += string(e) + "\n"
			}
		}
	}
}

// The page has a section for every experiment with the numbers of the JSON,
// and asks nobody for anything.
func TestPageShowsTheResults(t *testing.T) {
	r := quick(t, few(t), 2, 2, "a", "d", "h", "j")
	files, err := r.Files()
	if err != nil {
		t.Fatal(err)
	}
	var results struct {
		Conclusions []string
		Experiments []struct {
			ID, Title, Question string
			Cases               []struct {
				Parameters  []struct{ Name string }
				Comparisons []Comparison
			}
		}
		Best struct {
			Confusion [][]int
			Mistakes  []struct{ Index int }
		}
	}
	if err := json.Unmarshal(files["results.json"], &results); err != nil {
		t.Fatal(err)
	}
	page := elements(t, files["report.html"])
	markdown := string(files["report.md"])
	if len(results.Experiments) != 4 || len(results.Conclusions) == 0 {
		t.Fatalf("expected 4 experiments and conclusions, got %d and %d", len(results.Experiments), len(results.Conclusions))
	}
	for _, s := range results.Conclusions {
		if !strings.Contains(page[""].text, s) || !strings.Contains(markdown, s) {
			t.Errorf("expected the conclusion %q, got none", s)
		}
	}
	for _, e := range results.Experiments {
		section := page[e.ID]
		if section == nil {
			t.Errorf("expected a section %s, got none", e.ID)
			continue
		}
		words, pictures := []string{e.Title, e.Question}, 1
		if len(e.Cases) > 1 {
			pictures = 2
		}
		for _, c := range e.Cases {
			for _, p := range c.Parameters {
				words = append(words, p.Name)
			}
			for _, row := range c.Comparisons {
				if strings.Contains(row.Measure, "last") {
					words = append(words, row.Measure, row.NotebookText(), row.PyTorchText(), row.HereText(), row.Verdict.Accepted(), string(row.Verdict.Word))
				}
			}
		}
		for _, w := range words {
			if !strings.Contains(section.text, w) || !strings.Contains(markdown, w) {
				t.Errorf("%s: expected %q, got none", e.ID, w)
			}
		}
		if section.tags["svg"] != pictures || section.tags["table"] != 1 {
			t.Errorf("%s: expected %d pictures and a table, got %v", e.ID, pictures, section.tags)
		}
	}
	if got, want := page["best"].tags["img"], len(results.Best.Mistakes); got != want || want == 0 {
		t.Errorf("expected %d images, got %d", want, got)
	}
	for _, row := range results.Best.Confusion {
		for _, n := range row {
			if n > 0 && !strings.Contains(page["best"].text, fmt.Sprintf("\n%d\n", n)) {
				t.Errorf("expected the count %d in the confusion matrix, got none", n)
			}
		}
	}
	checkPage(t, files)
}

// checkPage checks what holds for every report: links that lead somewhere, and
// nothing from outside.
func checkPage(t *testing.T, files Files) {
	t.Helper()
	page := elements(t, files["report.html"])[""]
	for _, url := range page.urls {
		anchor, isAnchor := strings.CutPrefix(url, "#")
		_, isFile := files[url]
		if !strings.HasPrefix(url, "data:") && !isFile && !(isAnchor && slices.Contains(page.ids, anchor)) {
			t.Errorf("report.html: expected an address inside of the report, got %q", url)
		}
	}
	if page.tags["script"] > 0 || strings.Contains(string(files["report.html"]), "@import") {
		t.Error("report.html: expected no scripts and no style sheets from elsewhere")
	}
	for _, m := range regexp.MustCompile(`\]\(([^)]*)\)`).FindAllStringSubmatch(string(files["report.md"]), -1) {
		if _, ok := files[m[1]]; !ok {
			t.Errorf("report.md: expected a file of the report, got %q of %v", m[1], slices.Sorted(maps.Keys(files)))
		}
	}
	for name := range files {
		if strings.HasPrefix(name, "plots/") && !strings.Contains(string(files["report.md"]), "("+name+")") {
			t.Errorf("report.md: expected a link to %s, got none", name)
		}
	}
}

func TestStudyPage(t *testing.T) {
	r := quickStudy(t, few(t), 2)
	files, err := r.Files()
	if err != nil {
		t.Fatal(err)
	}
	page := elements(t, files["report.html"])[""]
	for _, s := range r.Conclusions {
		if !strings.Contains(page.text, s) || !strings.Contains(string(files["report.md"]), s) {
			t.Errorf("expected the conclusion %q, got none", s)
		}
	}
	for _, c := range r.Cells {
		if !strings.Contains(page.text, c.cellText()) {
			t.Errorf("expected %q, got none", c.cellText())
		}
	}
	checkPage(t, files)
	again, err := r.Files()
	if err != nil {
		t.Fatal(err)
	}
	for name := range files {
		if !bytes.Equal(files[name], again[name]) {
			t.Errorf("%s: expected the same bytes twice, got others", name)
		}
	}
}
