//go:build !unix

package main

import "os"

// processSignals are the signals that scripts send: none, they skip where there
// are none.
var processSignals map[string]os.Signal
