package reproduce

import (
	"fmt"
	"slices"
	"strings"

	"gradus/optim"
	"gradus/run"
	"gradus/sweep"
)

// Plan is what to train: experiments, each of their cases with every seed.
type Plan struct {
	Experiments []Experiment
	Seeds       []uint64
	Notices     []string // what was given twice
}

// MostSeeds keeps a mistyped number from taking all day.
const MostSeeds = 1000

// NewPlan plans the experiments with the given names, all of them for none,
// with seeds from 1 on.
func NewPlan(only []string, seeds int) (*Plan, error) {
	if seeds < 1 || seeds > MostSeeds {
		return nil, fmt.Errorf("seeds: expected 1 to %d, got %d", MostSeeds, seeds)
	}
	p := &Plan{}
	for i := range seeds {
		p.Seeds = append(p.Seeds, uint64(i+1))
	}
	var ids []string
	for _, e := range Experiments() {
		ids = append(ids, e.ID)
		if len(only) == 0 || slices.Contains(only, e.ID) {
			p.Experiments = append(p.Experiments, e)
		}
	}
	var twice []string
	for i, id := range only {
		if !slices.Contains(ids, id) {
			return nil, fmt.Errorf("only: expected some of %s, got %.40q", strings.Join(ids, ","), id)
		}
		if slices.Contains(only[:i], id) && !slices.Contains(twice, id) {
			twice = append(twice, id)
		}
	}
	if len(twice) > 0 {
		p.Notices = []string{"only: given more than once, counted once: " + strings.Join(twice, ", ")}
	}
	return p, nil
}

// shorten limits every stage to a number of epochs, for tests.
func (p *Plan) shorten(epochs int) error {
	for i := range p.Experiments {
		for j := range p.Experiments[i].Cases {
			c := &p.Experiments[i].Cases[j].Config
			stages, err := c.Stages()
			if err != nil {
				return err
			}
			for k := range stages {
				stages[k].Epochs = min(stages[k].Epochs, epochs)
			}
			c.Schedule = new(optim.FormatSchedule(stages))
		}
	}
	return nil
}

// grid lists all trainings: by experiment, case and seed.
func (p *Plan) grid() (*sweep.Grid, []place) {
	g := &sweep.Grid{Base: run.Config{Threads: 1}}
	var places []place
	for i, e := range p.Experiments {
		for j, c := range e.Cases {
			for k, seed := range p.Seeds {
				config := c.Config
				config.Seed = seed
				g.Points = append(g.Points, sweep.Point{Index: len(g.Points), Config: config})
				places = append(places, place{i, j, k})
			}
		}
	}
	return g, places
}

// place is where a training belongs: the index of its experiment, case and
// seed.
type place struct{ experiment, test, seed int }
