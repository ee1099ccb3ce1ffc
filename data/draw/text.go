// Package draw shows the images of a set: as characters, and as a picture.
package draw

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gradus/data"
)

// shades are characters from dark to bright, on a dark terminal.
const shades = " .:-=+*#%@"

// Text draws samples side by side, as many as fit into lines of width characters, under their classes' names. A character stands for a
// column and two rows, which is about a square; images wider than a line are drawn smaller. Colours are drawn by their
// brightness.
func Text(s *data.Set, indices []int, width int) string {
	const gap = 2
	shrink := (s.Shape[2]-1)/width + 1
	columns, lines := (s.Shape[2]-1)/shrink+1, (s.Shape[1]-1)/(2*shrink)+1
	across := max(1, (width+gap)/(columns+gap))
	var b strings.Builder
	for from := 0; from < len(indices); from += across {
		row := indices[from:min(from+across, len(indices))]
		if from > 0 {
			b.WriteByte('\n')
		}
		for line := -1; line < lines; line++ {
			var text strings.Builder
			for _, index := range row {
				cell := caption(s, index, columns)
				if line >= 0 {
					cell = shade(s, index, line, columns, shrink)
				}
				fmt.Fprintf(&text, "%s%*s", cell, columns+gap-utf8.RuneCountInString(cell), "")
			}
			b.WriteString(strings.TrimRight(text.String(), " ") + "\n")
		}
	}
	return b.String()
}

// caption is what stands over a sample, cut to its width.
func caption(s *data.Set, index, columns int) string {
	text := []rune(ClassName(s, int(s.Labels[index])))
	return string(text[:min(len(text), columns)])
}

// ClassName is a class's name, or its number where the set has no names. A name that would move a terminal's cursor is quoted.
func ClassName(s *data.Set, class int) string {
	if s.ClassNames != nil {
		name := s.ClassNames[class]
		if strings.ContainsFunc(name, unicode.IsControl) {
			return strconv.Quote(name)
		}
		return name
	}
	return fmt.Sprint(class)
}

// shade is a line of a sample.
func shade(s *data.Set, index, line, columns, shrink int) string {
	text := make([]byte, columns)
	for c := range text {
		bright := mean(s, index, 2*shrink*line, 2*shrink, shrink*c, shrink)
		text[c] = shades[int(bright*float64(len(shades)-1)/255+0.5)]
	}
	return string(text)
}

// mean is the mean brightness of a rectangle, as far as it lies in the image.
func mean(s *data.Set, index, top, height, left, width int) float64 {
	sum, n := 0.0, 0
	for y := top; y < min(top+height, s.Shape[1]); y++ {
		for x := left; x < min(left+width, s.Shape[2]); x++ {
			r, g, b := pixel(s, index, y, x)
			// ITU-R BT.601, as in image/color.
			sum += 0.299*float64(r) + 0.587*float64(g) + 0.114*float64(b)
			n++
		}
	}
	return sum / float64(n)
}

// pixel is the colour of a pixel; an image of other than three channels is grey by its first one.
func pixel(s *data.Set, index, y, x int) (r, g, b byte) {
	image, plane, at := s.Image(index), s.Shape[1]*s.Shape[2], y*s.Shape[2]+x
	if s.Shape[0] != 3 {
		return image[at], image[at], image[at]
	}
	return image[at], image[plane+at], image[2*plane+at]
}

// Pick returns the indices of n samples, or of all where there are fewer: the first of every class, then the second of every class, and so
// on, each round in the order of the classes.
func Pick(s *data.Set, n int) []int {
	byClass := make([][]int, s.Classes)
	for i, l := range s.Labels {
		byClass[l] = append(byClass[l], i)
	}
	var picked []int
	for round := 0; len(picked) < min(n, s.Len()); round++ {
		for _, samples := range byClass {
			if round < len(samples) && len(picked) < n {
				picked = append(picked, samples[round])
			}
		}
	}
	return picked
}
