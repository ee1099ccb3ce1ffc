package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// raceOptions keep the race detector from waiting a second at the end of every
// command.
const raceOptions = "atexit_sleep_ms=0"

// The scripts run this very program: the test binary stands in for it.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"gradus": main})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("GORACE", raceOptions)
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"dataset":  dataset,
			"truncate": truncate,
			"mask":     mask,
			"weights":  weights,
			"ends":     ends,
			"exits":    exits,
			"timeless": timeless,
			"signal":   signalled,
			"terminal": terminal,
		},
		RequireExplicitExec: true,
	})
}
