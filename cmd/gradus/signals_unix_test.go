//go:build unix

package main

import (
	"os"
	"syscall"
)

// processSignals are the signals that scripts send, by name.
var processSignals = map[string]os.Signal{
	"INT": syscall.SIGINT, "TERM": syscall.SIGTERM, "HUP": syscall.SIGHUP, "KILL": syscall.SIGKILL,
	"STOP": syscall.SIGSTOP, "CONT": syscall.SIGCONT,
}
