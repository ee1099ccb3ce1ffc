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
	seen []string // the earlier report's files, and what a crash left of them
	made []string // folders that Prepare made, the outermost first
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
	full, isFull := errors.AsType[*outdir.FullError](refusal)
	text, err := os.ReadFile(filepath.Join(folder, manifestName))
	if err == nil {
		err = json.Unmarshal(text, &f.old)
	}
	switch isReport := err == nil && f.old.WrittenBy == writtenBy; {
	case !isReport && isFull && force:
		return nil, fmt.Errorf("out: expected a new or empty folder, or an earlier report, got %s with %q in it", full.Dir, full.Entry)
	case !isReport:
		return nil, fmt.Errorf("out: %w", refusal)
	case !force:
		return nil, fmt.Errorf("out: %w; --force replaces an earlier report", refusal)
	}
	if err := f.old.check(); err != nil {
		return nil, fmt.Errorf("out: %s: %w", filepath.Join(folder, manifestName), err)
	}
	return f, f.checkOld()
}

// check refuses names that no report writes: such as lead out of the folder, or
// name a file in a second way.
func (m manifest) check() error {
	for _, name := range slices.Sorted(maps.Keys(m.Files)) {
		if name == "." || path.Clean(name) != name || !filepath.IsLocal(filepath.FromSlash(name)) {
			return fmt.Errorf("expected names of files inside of the folder, got %.80q", name)
		}
	}
	return nil
}

// Prepare makes the folder, where it is missing, and tries whether files can be
// written to it: a report that nobody can save is not worth training for.
func (f *Folder) Prepare() error {
	for dir := filepath.Clean(f.path); ; dir = filepath.Dir(dir) {
		if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		f.made = slices.Insert(f.made, 0, dir)
	}
	if err := outdir.Create(f.path); err != nil {
		return fmt.Errorf("out: %w", err)
	}
	trial, err := os.CreateTemp(f.path, "."+manifestName+".*.tmp")
	if err != nil {
		return fmt.Errorf("out: expected a folder that can be written to, got %w", err)
	}
	return errors.Join(trial.Close(), os.Remove(trial.Name()))
}

// Abandon takes away the folders that Prepare made, as far as nothing is in them.
func (f *Folder) Abandon() {
	for _, dir := range slices.Backward(f.made) {
		if os.Remove(dir) != nil {
			return
		}
	}
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
		if unfinished(name, f.old.Files) && d.Type().IsRegular() {
			f.seen = append(f.seen, name)
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
		f.seen = append(f.seen, name)
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
	if err := f.removeOld(files); err != nil {
		return err
	}
	f.old, f.seen = now, names
	return f.writeManifest(now)
}

// removeOld removes what was seen of the earlier report and is not replaced.
// Through the root nothing outside of the folder can be meant.
func (f *Folder) removeOld(files Files) error {
	root, err := os.OpenRoot(f.path)
	if err != nil {
		return err
	}
	defer root.Close()
	for _, name := range f.seen {
		if _, ok := files[name]; ok {
			continue
		}
		if err := root.Remove(filepath.FromSlash(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
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
