// Package summary counts what a program does: for every layer the shape of its
// result, its parameters and its multiply-adds.
package summary
