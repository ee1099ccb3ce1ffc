// Package page is the page that reports are shown on: one file with its style
// sheet and pictures inside, which asks nobody for anything else. It is made to
// be read on phones, on desktops and on paper, in a light or a dark scheme.
package page
