//go:build !unix

package atomicfile

// syncDir does nothing where folders cannot be synced: there the file system
// itself orders a rename behind what it renames.
func syncDir(string) error { return nil }
