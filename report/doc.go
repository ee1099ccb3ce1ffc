// Package report puts results into words: the lines a training prints.
package report
