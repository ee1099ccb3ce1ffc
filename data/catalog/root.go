package catalog

import (
	"errors"
	"os"
	"path/filepath"
)

// Root returns the folder of all data: given, where it is not empty, else $GRADUS_DATA, else $XDG_CACHE_HOME/gradus, else
// ~/.cache/gradus. A relative $XDG_CACHE_HOME does not count, as its specification asks
// (https://specifications.freedesktop.org/basedir-spec).
func Root(given string) (string, error) {
	if given != "" {
		return given, nil
	}
	if root := os.Getenv("GRADUS_DATA"); root != "" {
		return root, nil
	}
	if cache := os.Getenv("XDG_CACHE_HOME"); filepath.IsAbs(cache) {
		return filepath.Join(cache, "gradus"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", errors.New("data-root: expected a folder for data sets, got no home folder; set --data-root or GRADUS_DATA")
	}
	return filepath.Join(home, ".cache", "gradus"), nil
}
