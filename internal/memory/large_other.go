//go:build !linux

package memory

// largePages is left to the system here.
func largePages([]byte) {}
