// Package fetch downloads the sets of package catalog. Mirrors are tried in order; a download that was cut goes on where it
// stopped; nothing gets a file's name before its digest was found right.
package fetch
