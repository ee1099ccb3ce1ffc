package rules_test

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
)

// docs/dependencies.md has one line for each module that is named in a go.mod
// and not only there because of another one, with its version.
func TestDependenciesAreDocumented(t *testing.T) {
	documented := map[string]string{} // row by module
	for line := range strings.Lines(read(t, "docs/dependencies.md")) {
		cells := strings.Split(line, "|")
		if len(cells) < 3 {
			continue
		}
		module := strings.TrimSpace(cells[1])
		if !strings.Contains(module, ".") {
			continue
		}
		if len(cells) != 7 {
			t.Errorf("docs/dependencies.md: %s: expected 5 columns, got %d", module, len(cells)-2)
		}
		if documented[module] != "" {
			t.Errorf("docs/dependencies.md: %s: expected one line, got two", module)
		}
		documented[module] = line
	}
	required := map[string]string{} // version by module
	files(t, "go.mod", func(file string) { maps.Copy(required, direct(t, file)) })
	delete(required, "gradus") // the generators' module needs this one
	for _, module := range slices.Sorted(maps.Keys(required)) {
		row, ok := documented[module]
		if !ok {
			t.Errorf("docs/dependencies.md: expected a line for %s, got none", module)
		} else if version := required[module]; !strings.Contains(row, " "+version+",") {
			t.Errorf("docs/dependencies.md: %s: expected %s, got%s", module, version, strings.Split(row, "|")[4])
		}
	}
	for _, module := range slices.Sorted(maps.Keys(documented)) {
		if required[module] == "" {
			t.Errorf("docs/dependencies.md: expected modules that go.mod requires, got %s", module)
		}
	}
}

// direct returns the modules that a go.mod requires for the module's own code
// and as tools, with their versions.
func direct(t *testing.T, file string) map[string]string {
	t.Helper()
	all, list := map[string]string{}, map[string]string{}
	var tools []string
	block := ""
	for line := range strings.Lines(read(t, file)) {
		code, comment, _ := strings.Cut(line, "//")
		fields := strings.Fields(code)
		switch {
		case len(fields) == 0:
			continue
		case fields[0] == ")":
			block = ""
			continue
		case len(fields) == 2 && fields[1] == "(":
			block = fields[0]
			continue
		case block != "":
			fields = append([]string{block}, fields...)
		}
		switch {
		case fields[0] == "tool" && len(fields) == 2:
			tools = append(tools, fields[1])
		case fields[0] == "require" && len(fields) == 3:
			all[fields[1]] = fields[2]
			if !strings.Contains(comment, "indirect") {
				list[fields[1]] = fields[2]
			}
		}
	}
	for _, tool := range tools {
		module, err := moduleOf(tool, all)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		list[module] = all[module]
	}
	return list
}

// moduleOf returns the required module a package belongs to.
func moduleOf(pkg string, required map[string]string) (string, error) {
	for module := pkg; module != "."; module = path.Dir(module) {
		if required[module] != "" {
			return module, nil
		}
	}
	return "", fmt.Errorf("expected a required module with %s, got none", pkg)
}
