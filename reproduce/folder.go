package reproduce

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"gradus/internal/outdir"
)

// Files are what a report consists of, by their paths within its folder, with
// slashes.
type Files map[string][]byte

// Folder is where a report goes: a folder that is empty or does not exist, or,
// by force, one with nothing in it but an earlier report as it was written.
type Folder struct {
	path string
	old  manifest
}

// manifestName is the file that says which files a report wrote.
const manifestName = "manifest.json"

// manifest lists files with their SHA-256. While files are being replaced, one
// may be there with either of two.
type manifest struct {
	WrittenBy string              `json:"written_by"`
	Files     map[string][]string `json:"files"`
}

const writtenBy = "gradus reproduce"

// OpenFolder checks that a report may be written to a folder. It writes
// nothing.
func OpenFolder(folder string, force bool) (*Folder, error) {
	if folder == "" {
		return nil, errors.New("out: expected a folder, got nothing")
	}
	f := &Folder{path: folder}
	refusal := outdir.Check(folder)
	if refusal == nil {
		return f, nil
	}
	text, err := os.ReadFile(filepath.Join(folder, manifestName))
	if err == nil {
		err = json.Unmarshal(text, &f.old)
	}
	switch isReport := err == nil && f.old.WrittenBy == writtenBy; {
	case !isReport:
		return nil, fmt.Errorf("out: %w", refusal)
	case !force:
		return nil, fmt.Errorf("out: %w; --force replaces an earlier report", refusal)
	}
	return f, f.checkOld()
}

// checkOld refuses a folder with anything that is not as a report left it.
func (f *Folder) checkOld() error {
	return filepath.WalkDir(f.path, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(f.path, file)
		if err != nil {
			return err
		}
		if name = filepath.ToSlash(name); name == manifestName && d.Type().IsRegular() {
			return nil
		}
		if unfinished(name, f.old.Files) {
			return nil
		}
		sums, ok := f.old.Files[name]
		if !ok || !d.Type().IsRegular() {
			return fmt.Errorf("out: expected nothing but an earlier report, got %s in %s", name, f.path)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if !slices.Contains(sums, sum(text)) {
			return fmt.Errorf("out: expected an earlier report as it was written, got %s in %s changed since", name, f.path)
		}
		return nil
	})
}

// unfinished reports whether a file is what is left of one of the report's when
// the program is killed while it writes it: .NAME.*.tmp.
func unfinished(name string, files map[string][]string) bool {
	dir, base := path.Split(name)
	rest, ok := strings.CutSuffix(base, ".tmp")
	if !ok || !strings.HasPrefix(rest, ".") || !strings.Contains(rest[1:], ".") {
		return false
	}
	final := dir + rest[1:strings.LastIndex(rest, ".")]
	return files[final] != nil || final == manifestName
}

func sum(text []byte) string {
	s := sha256.Sum256(text)
	return hex.EncodeToString(s[:])
}

// Write replaces the earlier report, if there is one, by these files. Each
// appears whole or not at all, and at every moment the manifest knows all that
// are there: after a crash, force works again.
func (f *Folder) Write(files Files) error {
	names := slices.Sorted(maps.Keys(files))
	now := manifest{writtenBy, map[string][]string{}}
	both := manifest{writtenBy, maps.Clone(f.old.Files)}
	if both.Files == nil {
		both.Files = map[string][]string{}
	}
	for _, name := range names {
		now.Files[name] = []string{sum(files[name])}
		both.Files[name] = append(slices.Clone(both.Files[name]), sum(files[name]))
	}
	if err := f.writeManifest(both); err != nil {
		return err
	}
	for _, name := range names {
		if err := f.replace(name, files[name]); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.old.Files)) {
		if _, ok := files[name]; ok {
			continue
		}
		if err := os.Remove(f.file(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	f.old = now
	return f.writeManifest(now)
}

func (f *Folder) writeManifest(m manifest) error {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return f.replace(manifestName, append(text, '\n'))
}

func (f *Folder) file(name string) string { return filepath.Join(f.path, filepath.FromSlash(name)) }

func (f *Folder) replace(name string, text []byte) error {
	dir, base := filepath.Split(f.file(name))
	if err := outdir.Create(filepath.Clean(dir)); err != nil {
		return err
	}
	return outdir.File{Name: base, Write: func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	}}.WriteTo(dir)
}
