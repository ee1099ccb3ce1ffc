package rules_test

import (
	"bytes"
	"go/ast"
	"go/format"
	"strings"
	"testing"
)

// mostLines is what can be read in one sitting.
const mostLines = 450

func TestSource(t *testing.T) {
	count := 0
	files(t, ".go", func(path string) {
		count++
		text := read(t, path)
		formatted, err := format.Source([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return
		}
		if !bytes.Equal(formatted, []byte(text)) {
			t.Errorf("%s: expected the form gofmt gives it, got another", path)
		}
		file := parse(t, path)
		for _, i := range file.Imports {
			if i.Path.Value == `"C"` {
				t.Errorf("%s: expected no cgo, got an import of C", path)
			}
		}
		if ast.IsGenerated(file) {
			return
		}
		if n := strings.Count(text, "\n"); n > mostLines {
			t.Errorf("%s: expected at most %d lines, got %d", path, mostLines, n)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" && !isTest(path) {
				t.Errorf("%s: expected nothing to happen before main, got a function init", path)
			}
		}
	})
	if count < 100 {
		t.Errorf("expected to see the files of the repository, got %d", count)
	}
}
