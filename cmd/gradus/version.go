package main

import (
	"fmt"
	"runtime/debug"
)

// version is the program's version, the revision it was built from, and Go's
// version, as the linker recorded them.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "gradus unknown"
	}
	revision, modified := "unknown", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			modified = " (modified)"
		}
	}
	return fmt.Sprintf("gradus %s, revision %s%s, %s", info.Main.Version, revision, modified, info.GoVersion)
}
