//go:build darwin || linux

package checkpoint

import (
	"fmt"
	"syscall"
)

// free says how much room is left where a folder is, if that is known.
func free(dir string) string {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return ""
	}
	return fmt.Sprintf(", %d are free", s.Bavail*uint64(s.Bsize))
}
