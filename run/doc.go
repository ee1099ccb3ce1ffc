// Package run says what one training run is: its settings, as flags and
// configuration files give them, the data they name, and the training itself.
package run
