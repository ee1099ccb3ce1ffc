package run

import (
	"encoding/json"
	"os"
	"runtime"
	"runtime/debug"
	"time"
)

// About is the file config.json of a run's directory: what was trained, by
// which program, where.
type About struct {
	Format     int     `json:"format"`
	Settings   Config  `json:"settings"` // effective
	Checkpoint Saving  `json:"checkpoint"`
	Data       string  `json:"data_sha256"`
	Started    string  `json:"started"` // RFC 3339
	Program    Program `json:"program"`
	Machine    Machine `json:"machine"`
}

// Saving is how checkpoints of a run are kept.
type Saving struct {
	Every string `json:"every"` // as ParseInterval reads it
	Keep  int    `json:"keep"`  // the newest so many, besides the best
}

// Program is the program that trains.
type Program struct {
	Version  string `json:"version"`
	Revision string `json:"revision"` // unknown where it was not built from a repository
	Go       string `json:"go"`
}

// Machine is where a run was started.
type Machine struct {
	Host  string `json:"host"`
	OS    string `json:"os"`
	Arch  string `json:"arch"`
	Cores int    `json:"cores"`
}

// formatOfAbout is the version of config.json.
const formatOfAbout = 1

func newAbout(c Config, sets *Sets, saving Saving) *About {
	return &About{
		Format: formatOfAbout, Settings: c.Effective(), Checkpoint: saving, Data: sets.Digest(),
		Started: time.Now().UTC().Format(time.RFC3339), Program: thisProgram(), Machine: thisMachine(),
	}
}

// text is the file's.
func (a *About) text() ([]byte, error) {
	text, err := json.MarshalIndent(a, "", "  ")
	return append(text, '\n'), err
}

func thisProgram() Program {
	p := Program{Version: "unknown", Revision: "unknown", Go: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return p
	}
	if info.Main.Version != "" {
		p.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			p.Revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			p.Revision += " (modified)"
		}
	}
	return p
}

func thisMachine() Machine {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return Machine{Host: host, OS: runtime.GOOS, Arch: runtime.GOARCH, Cores: runtime.NumCPU()}
}
