// Package rules holds no code but tests: of what every file of the module keeps
// to, whoever wrote it. Who may import whom is in layers.txt.
package rules
