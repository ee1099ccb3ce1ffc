package fetch

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"gradus/data/catalog"
	"gradus/internal/atomicfile"
)

// archive makes the files be there of all sets that come in the set's archive: to fetch it again for each would be waste.
func (f *fetcher) archive(ctx context.Context) ([]Result, error) {
	files := filesIn(f.set)
	if results, ok := f.unpacked(files); ok {
		f.allDone(results)
		return results, nil
	}
	zipped := filepath.Join(f.folder, f.set.Archive.Name)
	from, err := f.download(ctx, *f.set.Archive, zipped)
	if err != nil {
		return nil, err
	}
	if err := unzip(zipped, f.folder, files); err != nil {
		return nil, errors.Join(err, os.Remove(zipped))
	}
	if err := os.Remove(zipped); err != nil {
		return nil, unwritable(zipped, err)
	}
	results, ok := f.unpacked(files)
	if !ok {
		return nil, fmt.Errorf("%s: expected the files as they were unpacked, got others", f.folder)
	}
	for i := range results {
		results[i].From = from.From
	}
	f.allDone(results)
	return results, nil
}

func (f *fetcher) allDone(results []Result) {
	for _, r := range results {
		f.done(r)
	}
}

// filesIn are the files of all sets with the same archive; a set that is not in the catalog stands for itself.
func filesIn(set catalog.Set) []catalog.File {
	var files []catalog.File
	own := false
	for _, s := range catalog.Sets() {
		if s.Archive != nil && s.Class == set.Class && s.Archive.Packed == set.Archive.Packed {
			files = append(files, s.Files[:]...)
			own = own || s.Name == set.Name
		}
	}
	if !own {
		return set.Files[:]
	}
	return files
}

// unpacked returns the files, and true where all are there and right.
func (f *fetcher) unpacked(files []catalog.File) ([]Result, bool) {
	known, err := catalog.Sums(f.folder)
	if err != nil {
		f.notice("%v; unpacking anew", err)
		return nil, false
	}
	var results []Result
	for _, file := range files {
		if file.Packed = known[file.Name]; file.Packed == "" {
			return nil, false
		}
		c, err := catalog.Check(filepath.Join(f.folder, file.Name), file)
		if err != nil {
			if !errors.Is(err, fs.ErrNotExist) {
				f.notice("%v; fetching the archive anew", err)
			}
			return nil, false
		}
		results = append(results, Result{Path: c.Path, Bytes: c.Bytes})
	}
	return results, true
}

// unzip takes files, known by their names without folders, out of an archive into a folder, and writes their digests beside them. The
// archive is looked at as a whole first: one entry that would land elsewhere, or two in one place, and nothing is written. On
// any error nothing stays.
func unzip(archive, folder string, files []catalog.File) (err error) {
	r, err := zip.OpenReader(archive)
	if err != nil {
		return fmt.Errorf("%s: expected a zip archive, got %s", archive, strings.TrimPrefix(err.Error(), "zip: "))
	}
	defer r.Close()
	entries, err := checkEntries(archive, r.File)
	if err != nil {
		return err
	}
	const name = ".unpacking"
	temporary := filepath.Join(folder, name)
	if err := os.RemoveAll(temporary); err != nil { // left by a killed process
		return unwritable(temporary, err)
	}
	if err := os.Mkdir(temporary, 0o777); err != nil {
		return unwritable(temporary, err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temporary)) }()
	root, err := os.OpenRoot(temporary)
	if err != nil {
		return unwritable(temporary, err)
	}
	defer root.Close()
	var sums strings.Builder
	for _, file := range files {
		entry, ok := entries[file.Name]
		if !ok {
			return fmt.Errorf("%s: expected an entry %s, got none", archive, file.Name)
		}
		digest, err := extract(root, entry, file)
		if err != nil {
			return fmt.Errorf("%s: %s: %w", archive, entry.Name, err)
		}
		fmt.Fprintf(&sums, "%s  %s\n", digest, file.Name)
	}
	for _, file := range files {
		if err := os.Rename(filepath.Join(temporary, file.Name), filepath.Join(folder, file.Name)); err != nil {
			return unwritable(folder, err)
		}
	}
	return atomicfile.Write(filepath.Join(folder, catalog.SumsName), func(w io.Writer) error {
		_, err := io.WriteString(w, sums.String())
		return err
	})
}

// checkEntries refuses an archive that an unpacker could be led astray by, and returns its files by their names without folders.
func checkEntries(archive string, list []*zip.File) (map[string]*zip.File, error) {
	files := map[string]*zip.File{}
	seen := map[string]string{} // by the name as a file system that ignores case sees it
	for _, entry := range list {
		got := ""
		name := strings.TrimSuffix(entry.Name, "/")
		mode := entry.Mode()
		folded := strings.ToLower(path.Clean(name))
		switch before, twice := seen[folded]; {
		case strings.Contains(name, `\`) || !filepath.IsLocal(filepath.FromSlash(name)):
			got = "a path that leads elsewhere"
		case mode&fs.ModeSymlink != 0:
			got = "a symbolic link"
		case !mode.IsRegular() && !mode.IsDir():
			got = "another kind of file"
		case twice && before == name:
			got = "the same name twice"
		case twice:
			got = fmt.Sprintf("the name of %q but for case", before)
		}
		if got != "" {
			return nil, fmt.Errorf("%s: entry %q: expected a file inside the archive's folder, got %s", archive, entry.Name, got)
		}
		seen[folded] = name
		if mode.IsRegular() {
			files[path.Base(name)] = entry
		}
	}
	return files, nil
}

// extract writes an entry into a folder that nothing leaves, and returns its digest.
func extract(root *os.Root, entry *zip.File, file catalog.File) (catalog.Digest, error) {
	r, err := entry.Open()
	if err != nil {
		return "", wordZip(err)
	}
	defer r.Close()
	w, err := root.OpenFile(file.Name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return "", unwritable(file.Name, err)
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, h), io.LimitReader(r, file.MaxSize+1))
	if err == nil && n <= file.MaxSize {
		err = w.Sync()
	}
	if closed := w.Close(); err == nil {
		err = closed
	}
	if written := (*fs.PathError)(nil); errors.As(err, &written) {
		return "", unwritable(file.Name, err)
	}
	if err != nil {
		return "", wordZip(err)
	}
	if n > file.MaxSize {
		return "", fmt.Errorf("expected at most %d bytes, got more", file.MaxSize)
	}
	return catalog.Digest(fmt.Sprintf("%x", h.Sum(nil))), nil
}

// wordZip puts an error of the zip reader into house words.
func wordZip(err error) error {
	return fmt.Errorf("expected undamaged bytes, got %s", strings.TrimPrefix(err.Error(), "zip: "))
}
