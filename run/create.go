package run

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"gradus/internal/atomicfile"
	"gradus/internal/outdir"
	"gradus/run/checkpoint"
	"gradus/run/metrics"
)

// NewOptions are how a new run is kept.
type NewOptions struct {
	Every Interval // the zero value means EveryEpoch
	Keep  int      // newest checkpoints, besides the best; 0 means 3
	RecorderOptions
}

// DefaultKeep is how many checkpoints are kept, besides the best.
const DefaultKeep = 3

func (o *NewOptions) complete() {
	if o.Every == (Interval{}) {
		o.Every = EveryEpoch
	}
	if o.Keep == 0 {
		o.Keep = DefaultKeep
	}
}

// CheckNew refuses a directory for a new run: one that has something in it, or
// whose name a terminal, a script or another system would stumble over. Nothing
// is made.
func CheckNew(dir string) error {
	name := filepath.Base(filepath.Clean(dir))
	switch {
	case dir == "":
		return errors.New("out: expected a folder, got nothing")
	case !utf8.ValidString(dir):
		return fmt.Errorf("out: expected a name in UTF-8, got %q", dir)
	case strings.ContainsFunc(dir, unicode.IsControl):
		return fmt.Errorf("out: expected a name without control characters, got %.80q", dir)
	case len(name) > maxName:
		return fmt.Errorf("out: expected a name of at most %d bytes, got %d", maxName, len(name))
	case isDevice(name):
		return fmt.Errorf("out: expected a name that is a file's on every system, got %q, a device on Windows", name)
	}
	if err := outdir.Check(dir); err != nil {
		hint := ""
		if _, e := os.Stat(filepath.Join(dir, ConfigFile)); e == nil {
			hint = "; --resume goes on with a run"
		}
		return fmt.Errorf("out: %w%s", err, hint)
	}
	return nil
}

// maxName leaves room for the names of files being written, on file systems that
// allow 255 bytes.
const maxName = 200

// isDevice reports whether Windows takes a name for a device.
func isDevice(name string) bool {
	name, _, _ = strings.Cut(strings.ToUpper(name), ".")
	for _, device := range []string{"CON", "PRN", "AUX", "NUL", "COM", "LPT"} {
		if rest, ok := strings.CutPrefix(name, device); ok {
			numbered := device == "COM" || device == "LPT"
			return !numbered && rest == "" || numbered && len(rest) == 1 && rest[0] >= '1' && rest[0] <= '9'
		}
	}
	return false
}

// New makes the directory of a new run. The sets are those of c.Data, whole. Close
// the recorder when the training is over.
func New(dir string, c Config, sets *Sets, o NewOptions) (*Recorder, error) {
	o.complete()
	if err := CheckNew(dir); err != nil {
		return nil, err
	}
	d := &Dir{Path: dir, About: *newAbout(c, sets, Saving{Every: o.Every.String(), Keep: o.Keep})}
	for _, folder := range []string{dir, filepath.Join(dir, checkpoint.Folder)} {
		if err := outdir.Create(folder); err != nil {
			return nil, err
		}
	}
	r, err := newRecorder(d, o.RecorderOptions)
	if err != nil {
		return nil, err
	}
	// Another process may have been as quick.
	if _, err := os.Stat(filepath.Join(dir, ConfigFile)); err == nil {
		return nil, r.abandon(fmt.Errorf("%s: expected a new folder, got the run of another process", dir))
	}
	if err := d.writeAbout(); err != nil {
		return nil, r.abandon(err)
	}
	r.store = checkpoint.NewStore(dir, r.options.fs, o.Keep, nil)
	if err := r.openLog(metrics.Options{}); err != nil {
		return nil, r.abandon(err)
	}
	return r, nil
}

func newRecorder(d *Dir, o RecorderOptions) (*Recorder, error) {
	if o.fs == nil {
		o.fs = atomicfile.Disk{}
	}
	every, err := ParseInterval(d.About.Checkpoint.Every)
	if err != nil {
		return nil, err
	}
	r := &Recorder{Dir: d, options: o, every: every}
	r.setBase()
	r.lock, err = d.lock()
	return r, err
}

// setBase sets what every checkpoint of the run says.
func (r *Recorder) setBase() {
	a := &r.Dir.About
	r.base = checkpoint.Checkpoint{Seed: a.Settings.Seed, Settings: a.Settings.settings(), Data: a.Data}
}

func (r *Recorder) openLog(o metrics.Options) (err error) {
	o.Notice = r.warn
	r.log, err = metrics.Open(filepath.Join(r.Dir.Path, MetricsFile), o)
	return err
}

// abandon closes a recorder that did not get far.
func (r *Recorder) abandon(err error) error {
	if closed := r.Close(); closed != nil {
		return fmt.Errorf("%w; then %v", err, closed)
	}
	return err
}
