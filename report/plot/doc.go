// Package plot draws the pictures of reports: lines, distributions and tables
// of counts, as SVG for pages and as PNG for everything else.
//
// Pictures are read on phones, on paper and by people who do not see all
// colours: lines differ in colour, dashes and marks, legends stand outside of
// the data, axes name their units. The same data give the same bytes. An SVG
// follows the light or dark scheme of its reader; a PNG has a white background.
package plot
