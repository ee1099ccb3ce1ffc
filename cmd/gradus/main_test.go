package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The scripts run this very program: the test binary stands in for it.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"gradus": main})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("GOCOVERDIR", os.Getenv("GOCOVERDIR"))
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"dataset":  dataset,
			"truncate": truncate,
			"mask":     mask,
			"weights":  weights,
			"ends":     ends,
			"signal":   signalled,
			"terminal": terminal,
		},
		RequireExplicitExec: true,
	})
}
