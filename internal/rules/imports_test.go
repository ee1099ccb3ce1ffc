package rules_test

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// layer is a line of layers.txt.
type layer struct {
	name    string
	imports []string
}

func layers(t *testing.T) []layer {
	t.Helper()
	var list []layer
	for line := range strings.Lines(read(t, "internal/rules/layers.txt")) {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		name, imports, ok := strings.Cut(line, ":")
		if !ok {
			t.Fatalf("layers.txt: expected a package and a colon, got %q", line)
		}
		l := layer{name, strings.Fields(imports)}
		if slices.Equal(l.imports, []string{"-"}) {
			l.imports = nil
		}
		list = append(list, l)
	}
	return list
}

// The table names packages that stand above, so it can have no circle.
func TestLayersPointUp(t *testing.T) {
	seen := map[string]bool{}
	for _, l := range layers(t) {
		if seen[l.name] {
			t.Errorf("layers.txt: expected one line for %s, got two", l.name)
		}
		seen[l.name] = true
		for _, i := range l.imports {
			if isOurs(i) && !seen[i] {
				t.Errorf("layers.txt: %s: expected imports that stand above it, got %s", l.name, i)
			}
		}
	}
}

// Every import of the module's code is one the table allows.
func TestImports(t *testing.T) {
	allowed := map[string][]string{}
	for _, l := range layers(t) {
		allowed[l.name] = l.imports
	}
	found := map[string]bool{}
	files(t, ".go", func(file string) {
		if isGenerator(file) {
			return
		}
		name := path.Dir(file)
		found[name] = true
		imports, ok := allowed[name]
		if !ok {
			t.Errorf("%s: expected a line for its package in internal/rules/layers.txt, got none", file)
			return
		}
		if isTest(file) {
			return
		}
		for _, spec := range parse(t, file).Imports {
			i, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if i = within(i); i != "" && !slices.ContainsFunc(imports, func(a string) bool { return covers(a, i) }) {
				t.Errorf("%s: expected imports of the standard library or of %v, got %s", file, imports, i)
			}
		}
	})
	for name := range allowed {
		if !found[name] {
			t.Errorf("layers.txt: expected packages that exist, got %s", name)
		}
	}
}

// within shortens an import of the module to its folder; "" is the standard
// library.
func within(i string) string {
	if i == "gradus" {
		return "."
	}
	if ours, ok := strings.CutPrefix(i, "gradus/"); ok {
		return ours
	}
	if first, _, _ := strings.Cut(i, "/"); strings.Contains(first, ".") {
		return i
	}
	return ""
}

// isOurs tells a folder of the module from a module of somebody else.
func isOurs(i string) bool {
	first, _, _ := strings.Cut(i, "/")
	return !strings.Contains(first, ".") || i == "."
}

// covers reports whether a line that names a allows to import i: modules of
// others are named without the folder within them.
func covers(a, i string) bool { return a == i || !isOurs(a) && strings.HasPrefix(i, a+"/") }
