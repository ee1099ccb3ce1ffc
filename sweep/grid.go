package sweep

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"gradus/run"
)

// MaxTrainings is how many trainings a grid may have: more is a typing error.
const MaxTrainings = 10_000

// Grid is the trainings of a sweep: all combinations of the values of its axes.
type Grid struct {
	Base    run.Config
	Axes    []Axis // in the order of Names
	Points  []Point
	Notices []string // what was given twice

	varying []string // names of the axes in which points differ
}

// Point is one training.
type Point struct {
	Index    int
	Settings Settings // of all axes
	Config   run.Config
}

// Settings are values of axes, in the order of the grid's.
type Settings []Setting

// Setting is a value of an axis; "" where the network has no such setting.
type Setting struct{ Name, Value string }

// NewGrid combines the axes, over the base's other settings. Trainings that
// would be the same are counted once, which a notice says. The error, about the
// first setting that cannot work, begins with its name.
func NewGrid(base run.Config, axes []Axis) (*Grid, error) {
	g := &Grid{Base: base, Axes: slices.Clone(axes)}
	order := Names()
	slices.SortStableFunc(g.Axes, func(a, b Axis) int { return slices.Index(order, a.Name) - slices.Index(order, b.Name) })
	size := 1
	for i, a := range g.Axes {
		if i > 0 && g.Axes[i-1].Name == a.Name {
			return nil, fmt.Errorf("%s: expected one axis, got two", a.Name)
		}
		if len(a.Values) == 0 {
			return nil, fmt.Errorf("%s: expected a value, got none", a.Name)
		}
		if len(a.Merged) > 0 {
			g.Notices = append(g.Notices, fmt.Sprintf("%s: given more than once, counted once: %s", a.Name, brief(a.Merged)))
		}
		if size *= len(a.Values); size > MaxTrainings {
			return nil, fmt.Errorf("grid: expected at most %d trainings, got %s", MaxTrainings, g.product())
		}
	}
	if err := g.fill(size); err != nil {
		return nil, err
	}
	for i, a := range g.Axes {
		if slices.ContainsFunc(g.Points, func(p Point) bool { return p.Settings[i] != g.Points[0].Settings[i] }) {
			g.varying = append(g.varying, a.Name)
		}
	}
	return g, nil
}

// brief lists some of many values.
func brief(values []string) string {
	if len(values) > 5 {
		return strings.Join(values[:5], ", ") + ", ..."
	}
	return strings.Join(values, ", ")
}

// product is the size of the grid as a person multiplies it: 20 x 30 x 40.
func (g *Grid) product() string {
	var factors []string
	for _, a := range g.Axes {
		if n := len(a.Values); n > 1 {
			factors = append(factors, fmt.Sprint(n))
		}
	}
	return strings.Join(factors, " x ")
}

// fill makes the points, the last axis varying fastest.
func (g *Grid) fill(size int) error {
	seen := make(map[string]bool, size)
	for i := range size {
		p, err := g.point(i, size)
		if err != nil {
			return err
		}
		key, err := json.Marshal(p.Config.Effective())
		if err != nil {
			return err
		}
		if seen[string(key)] {
			continue
		}
		seen[string(key)] = true
		p.Index = len(g.Points)
		g.Points = append(g.Points, p)
	}
	if merged := size - len(g.Points); merged > 0 {
		g.Notices = append(g.Notices, fmt.Sprintf("grid: %d of %d trainings would be the same as others, counted once", merged, size))
	}
	return nil
}

// point is combination i.
func (g *Grid) point(i, size int) (Point, error) {
	p := Point{Config: g.Base}
	mixed := g.mixed()
	for _, a := range g.Axes {
		size /= len(a.Values)
		value := a.Values[i/size%len(a.Values)]
		s, ok := find(a.Name)
		if !ok {
			return p, fmt.Errorf("axis: expected one of %s, got %.40q", strings.Join(Names(), ", "), a.Name)
		}
		if a.Name == alpha && mixed && !p.Config.HasAlpha() {
			value = ""
		} else if err := s.set(&p.Config, value); err != nil {
			return p, err
		}
		p.Settings = append(p.Settings, Setting{a.Name, value})
	}
	if mixed && !p.Config.HasAlpha() {
		p.Config.Alpha, p.Config.AlphaPerChannel = nil, false
	}
	return p, check(p.Config)
}

// mixed reports whether some networks of the grid have an alpha. The others are
// trained without it then; where none has one, an alpha is a mistake.
func (g *Grid) mixed() bool {
	for _, a := range g.Axes {
		if a.Name == "net" {
			return slices.ContainsFunc(a.Values, func(net string) bool { return run.Config{Net: net}.HasAlpha() })
		}
	}
	return g.Base.HasAlpha()
}

// check refuses what a sweep cannot compare, beside what no training can do.
func check(c run.Config) error {
	if err := c.Check(); err != nil {
		return err
	}
	stages, err := c.Stages()
	if err != nil {
		return err
	}
	epochs := 0
	for i, s := range stages {
		if s.LearningRate == 0 && s.Epochs > 0 {
			return fmt.Errorf("schedule: stage %d: lr: expected 0 < lr <= 3.4e38, got 0", i+1)
		}
		epochs += s.Epochs
	}
	if epochs == 0 {
		return fmt.Errorf("epochs: expected at least 1, got 0; untrained networks have nothing to compare")
	}
	return nil
}

// Fits finds the first training that does not fit the data.
func (g *Grid) Fits(sets *run.Sets) error {
	for _, p := range g.Points {
		if err := p.Config.Network(sets.Train).Check(); err != nil {
			return err
		}
	}
	_, err := run.NewTraining(g.Points[0].Config, sets, run.TrainOptions{})
	return err
}

// varies reports whether the points differ in a setting.
func (g *Grid) varies(name string) bool { return slices.Contains(g.varying, name) }

// Varying are those of the settings in which the points of the grid differ.
func (g *Grid) Varying(s Settings) Settings {
	return slices.DeleteFunc(slices.Clone(s), func(one Setting) bool { return !g.varies(one.Name) })
}

// String is what a sentence says: lr = 0.07, seed = 2.
func (s Settings) String() string {
	var parts []string
	for _, one := range s {
		if one.Value != "" {
			parts = append(parts, one.Name+" = "+one.Value)
		}
	}
	return strings.Join(parts, ", ")
}

// without is the settings but one.
func (s Settings) without(name string) Settings {
	return slices.DeleteFunc(slices.Clone(s), func(one Setting) bool { return one.Name == name })
}
