package shapes

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"gradus/op"
)

// line is the numbers of a line by their names.
type line map[string]int

// field is a name and its number, after an underscore or another field.
var field = regexp.MustCompile(`^_*([a-z]+)([0-9]+)`)

// parseLine reads the fields before the problem's own name.
func parseLine(text string) (line, error) {
	fields := line{}
	text, _, _ = strings.Cut(text, `n"`)
	for rest := strings.TrimRight(text, "_"); rest != ""; {
		m := field.FindStringSubmatch(rest)
		if m == nil {
			return nil, fmt.Errorf("%s: expected a name and a number, got %q", text, rest)
		}
		n, err := strconv.Atoi(m[2])
		if err != nil {
			return nil, fmt.Errorf("%s: %s: expected a number of 63 bits, got %s", text, m[1], m[2])
		}
		fields[m[1]], rest = n, rest[len(m[0]):]
	}
	return fields, nil
}

// or is a number, or another one where the line has none.
func (l line) or(name string, otherwise int) int {
	if n, ok := l[name]; ok {
		return n
	}
	return otherwise
}

// side is one dimension of images and its window.
type side struct{ image, out, kernel, stride, dilation, before, after int }

// side reads the dimension of the given letter. The output follows from the
// padding, or the padding before from the output; the padding after the image
// follows from both.
func (l line) side(letter string) side {
	s := side{
		image: l["i"+letter], out: l["o"+letter], kernel: l["k"+letter],
		stride: l.or("s"+letter, 1), dilation: l["d"+letter],
	}
	reach := s.dilation*(s.kernel-1) + s.kernel
	before, given := l["p"+letter]
	switch {
	case s.out == 0:
		s.out = (s.image+2*before-reach)/max(s.stride, 1) + 1
	case !given:
		before = max(0, (s.out-1)*s.stride-s.image+reach) / 2
	}
	s.before, s.after = before, (s.out-1)*s.stride+reach-s.image-before
	return s
}

// shape is the shape a line describes, or the reason why it is none of ours.
func (l line) shape(pool bool) (s Shape, reason string) {
	switch {
	case l.or("g", 1) != 1:
		return s, "with groups"
	case l["ih"] == 0 && l["id"] == 0:
		return s, "1-D"
	case l["id"] > 1 || l["id"] == 1 && l["ih"] == 0 || l.or("kd", 1) != 1 || l.or("od", 1) != 1:
		return s, "3-D"
	}
	h, w := l.side("h"), l.side("w")
	if l["iw"] == 0 {
		w = h
	}
	switch {
	case h.dilation > 0 && h.kernel > 1 || w.dilation > 0 && w.kernel > 1:
		return s, "dilated"
	case h.after <= -h.stride || w.after <= -w.stride:
		return s, "with results left out"
	}
	s = Shape{
		Batch: l.or("mb", 2), In: l["ic"], Out: l["oc"], Height: h.image, Width: w.image, pool: pool,
		Window: op.Window{
			Kernel: [2]int{h.kernel, w.kernel}, Stride: [2]int{h.stride, w.stride},
			Padding: op.Padding{Top: h.before, Bottom: max(0, h.after), Left: w.before, Right: max(0, w.after)},
		},
	}
	if pool {
		s.Out = s.In
		if p := s.Window.Padding; max(p.Top, p.Bottom) > h.kernel/2 || max(p.Left, p.Right) > w.kernel/2 {
			return s, "padded by more than half the kernel"
		}
	}
	if oh, ow, err := s.Window.Output(s.Height, s.Width); err != nil || oh != h.out || ow != w.out || min(s.In, s.Out) < 1 {
		return s, "without a window that fits"
	}
	return s, ""
}
