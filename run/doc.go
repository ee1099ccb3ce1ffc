// Package run says what one training run is: its settings, as flags and
// configuration files give them, and the data they name.
package run
