//go:build !linux

package main

import "os"

// peak is for Linux only, which counts in KiB.
func peak() { os.Exit(exitMisuse) }
