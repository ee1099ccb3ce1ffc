package main

import (
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// raceOptions keep the race detector from waiting a second at the end of every
// command.
const raceOptions = "atexit_sleep_ms=0"

// corpus is the folder of bad IDX files.
const corpus = "../../data/idx/testdata/corpus"

// The scripts run this very program: the test binary stands in for it.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"gradus": main, "peak": peak})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("GORACE", raceOptions)
			full, err := filepath.Abs(corpus)
			env.Setenv("CORPUS", full)
			env.Setenv("HOME", filepath.Join(env.WorkDir, "home"))
			return err
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"dataset":   dataset,
			"images":    images,
			"letters":   letters,
			"mirror":    mirror,
			"truncate":  truncate,
			"flip":      flip,
			"mask":      mask,
			"weights":   weights,
			"ends":      ends,
			"exits":     exits,
			"timeless":  timeless,
			"signal":    signalled,
			"terminal":  terminal,
			"newest":    newest,
			"digit":     digit,
			"nonfinite": nonfinite,
			"sameerror": sameError,
		},
		RequireExplicitExec: true,
	})
}
