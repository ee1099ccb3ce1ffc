// Package zoo holds the networks, one file each. New makes one from a
// description; the functions named after the networks are what a program of
// one's own would call.
package zoo
