package rules_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// root is the folder of the module.
const root = "../.."

// files calls f with the path of every file of the repository that has the
// given suffix: relative to the root, with slashes. It leaves out what git and
// the go command leave out too, apart from the generators in _asm.
func files(t *testing.T, suffix string, f func(path string)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		switch {
		case d.IsDir() && path != root && (strings.HasPrefix(name, ".") || name == "testdata"):
			return fs.SkipDir
		case !d.IsDir() && strings.HasSuffix(name, suffix):
			relative, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			f(filepath.ToSlash(relative))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// read returns a file of the repository.
func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// parse returns a Go file of the repository.
func parse(t *testing.T, path string) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, read(t, path), parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func isTest(path string) bool { return strings.HasSuffix(path, "_test.go") }

// isGenerator reports whether a file belongs to a generator, which is a module
// of its own.
func isGenerator(path string) bool { return strings.Contains("/"+path, "/_") }
