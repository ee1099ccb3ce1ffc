package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"gradus/data/catalog"
)

// attempts is how often a mirror is asked for the rest of a file whose transfer it cut.
const attempts = 3

// download takes a file from the first mirror that has it.
func (f *fetcher) download(ctx context.Context, file catalog.File, path string) (Result, error) {
	part, err := openPart(path + ".part")
	if err != nil {
		return Result{}, err
	}
	defer part.close()
	// A part may be whole: the process that wrote it was killed before it gave it its name.
	if part.size > 0 && part.check(file) == nil {
		return Result{Path: path, Bytes: part.size, From: "what an earlier download left"}, part.finish(path)
	}
	var faults []string
	for _, mirror := range f.set.Mirrors {
		address, err := url.JoinPath(mirror, file.Name)
		if err != nil {
			return Result{}, fmt.Errorf("mirror: expected an address, got %.80q", mirror)
		}
		err = f.from(ctx, address, file, part)
		if err == nil {
			if faults != nil {
				f.notice("%s: taken from %s; %s", file.Name, hostOf(address), strings.Join(faults, "; "))
			}
			return Result{Path: path, Bytes: part.size, From: address}, part.finish(path)
		}
		if local := (*localError)(nil); errors.As(err, &local) || ctx.Err() != nil {
			return Result{}, err
		}
		faults = append(faults, hostOf(address)+": "+err.Error())
	}
	hint := ""
	if part.size > 0 {
		hint = fmt.Sprintf("; %d bytes are kept in %s, the next fetch goes on from there", part.size, filepath.Base(part.path))
	}
	return Result{}, fmt.Errorf("%s: expected a mirror that gives it, got %s%s", file.Name, strings.Join(faults, "; "), hint)
}

// from takes a file from one address. What is wrong with the content empties the part; what is right so far stays in it.
func (f *fetcher) from(ctx context.Context, address string, file catalog.File, part *part) error {
	for attempt := 1; ; attempt++ {
		resumed := part.size
		err := f.transfer(ctx, address, file, part)
		if cut := (*cutError)(nil); errors.As(err, &cut) && part.size > resumed && attempt < attempts {
			continue // it gave something: it may give the rest
		}
		if err != nil {
			return err
		}
		wrong := part.check(file)
		if wrong == nil {
			return nil
		}
		if err := part.reset(); err != nil {
			return err
		}
		if resumed == 0 || attempt >= attempts {
			return wrong
		}
		// The beginning was of another file, perhaps: once more from the start.
	}
}

// hostOf names a server as people do.
func hostOf(address string) string {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		return u.Host
	}
	return address
}

// localError is a fault of this machine, which no other mirror mends.
type localError struct{ error }

func (e *localError) Unwrap() error { return e.error }

func unwritable(path string, err error) error {
	if cause := (*os.PathError)(nil); errors.As(err, &cause) {
		err = cause.Err
	}
	return &localError{fmt.Errorf("%s: expected a place that can be written, got %w", path, err)}
}
