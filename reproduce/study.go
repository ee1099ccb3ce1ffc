package reproduce

import (
	"context"
	"fmt"
	"time"

	"gradus/run"
	"gradus/sweep"
	"gradus/zoo"
)

// Study asks when a network of convex blocks trains, and where its weights go:
// every initial alpha with every learning rate and momentum, for one weight per
// block and for one per channel. The same learning rates and momenta are given
// to residual and gated blocks, for comparison. All networks have depth 3.
type Study struct {
	Alphas  []float64
	Rates   []float64
	Momenta []float64
	Batch   int
	Epochs  int
	Seeds   []uint64
}

// ConvexSeeds is how many seeds the convex study has where nothing else is
// asked for.
const ConvexSeeds = 3

// NewConvexStudy is the study behind docs/convex.md.
func NewConvexStudy(seeds int) (*Study, error) {
	p, err := NewPlan(nil, seeds) // checks the number
	if err != nil {
		return nil, err
	}
	return &Study{
		Alphas: []float64{-4, -2, -1, 0, 2}, Rates: []float64{0.03, 0.1, 0.3}, Momenta: []float64{0, 0.9},
		Batch: 64, Epochs: 4, Seeds: p.Seeds,
	}, nil
}

// kind is a sort of network that is compared.
type kind struct {
	net        string
	perChannel bool
}

func kinds() []kind {
	return []kind{{zoo.ConvexNet, false}, {zoo.ConvexNet, true}, {zoo.ResidualNet, false}, {zoo.GatedNet, false}}
}

// String is what a kind is called beside others.
func (k kind) String() string {
	switch {
	case k.perChannel:
		return "convex, per channel"
	case k.net == zoo.ConvexNet:
		return "convex, per block"
	}
	return k.net
}

// words is what a sentence calls a kind.
func (k kind) words() string {
	switch {
	case k.perChannel:
		return "one weight per channel"
	case k.net == zoo.ConvexNet:
		return "one weight per block"
	}
	return k.net + " blocks"
}

// StudyResults are what a study found; as JSON they are results.json.
type StudyResults struct {
	Common
	Cells []CaseResult `json:"cells"`

	study Study
}

// configs are the settings of the study, without seeds.
func (s *Study) configs() []run.Config {
	var list []run.Config
	for _, k := range kinds() {
		alphas := s.Alphas
		if k.net != zoo.ConvexNet {
			alphas = []float64{0} // of no meaning
		}
		for _, alpha := range alphas {
			for _, momentum := range s.Momenta {
				for _, rate := range s.Rates {
					c := block(k.net, momentum, fmt.Sprintf("%gx%d", rate, s.Epochs))
					c.Batch, c.AlphaPerChannel = s.Batch, k.perChannel
					if k.net == zoo.ConvexNet {
						c = withAlpha(c, alpha)
					}
					list = append(list, c)
				}
			}
		}
	}
	return list
}

// Run trains everything. See Plan.Run.
func (s *Study) Run(ctx context.Context, sets *run.Sets, o Options) (*StudyResults, error) {
	begin := time.Now()
	r := &StudyResults{Common: o.common(s.Seeds, sets), study: *s}
	grid := &sweep.Grid{Base: run.Config{Threads: 1}}
	for _, c := range s.configs() {
		r.Cells = append(r.Cells, CaseResult{Config: c.Effective()})
		for _, seed := range s.Seeds {
			c.Seed = seed
			grid.Points = append(grid.Points, sweep.Point{Index: len(grid.Points), Config: c})
		}
	}
	trials, stopped := o.train(ctx, grid, sets, func(i int) string { return studyOpening(i, grid.Points[i].Config) })
	var err error
	if r.Partial, err = partOf(ctx, trials, stopped); err != nil {
		return nil, err
	}
	for i := range trials {
		if trials[i].State() == sweep.Unfinished {
			continue
		}
		one, err := runOf(&trials[i], sets)
		if err != nil {
			return nil, err
		}
		r.Cells[i/len(s.Seeds)].add(one)
	}
	r.Conclusions = r.conclude()
	r.Seconds = time.Since(begin).Seconds()
	return r, stopped
}

// Failures is none: a setting at which training does not stay finite is a result
// of the study like any other.
func (r *StudyResults) Failures() (failed []string, all int) { return nil, len(r.Cells) * len(r.Seeds) }

func studyOpening(i int, c run.Config) string {
	text := kind{c.Net, c.AlphaPerChannel}.String()
	if c.Alpha != nil {
		text += fmt.Sprintf(", alpha %g", *c.Alpha)
	}
	text += fmt.Sprintf(", seed %d\n", c.Seed)
	if i > 0 {
		text = "\n" + text
	}
	return text
}

// cells are those of a kind that suit.
func (r *StudyResults) cells(k kind, suits func(CaseResult) bool) []CaseResult {
	var list []CaseResult
	for _, c := range r.Cells {
		if c.Config.Net == k.net && c.Config.AlphaPerChannel == k.perChannel && (suits == nil || suits(c)) {
			list = append(list, c)
		}
	}
	return list
}

// best is the cell with the lowest mean test error among those in which
// every run trains; among all that train in some run where there is none such.
func best(cells []CaseResult) (CaseResult, *Values) {
	for _, all := range []bool{true, false} {
		var of CaseResult
		var lowest *Values
		for _, c := range cells {
			_, test := c.finals()
			if test != nil && (!all || c.Stuck+c.Failed == 0) && (lowest == nil || test.Mean < lowest.Mean) {
				of, lowest = c, test
			}
		}
		if lowest != nil {
			return of, lowest
		}
	}
	return CaseResult{}, nil
}

func startsAt(alpha float64) func(CaseResult) bool {
	return func(c CaseResult) bool { return c.Config.Alpha != nil && *c.Config.Alpha == alpha }
}

// tally counts the runs of cells, and those that trained.
func tally(cells []CaseResult) (trained, all int) {
	for _, c := range cells {
		trained, all = trained+len(c.runs(Trained)), all+len(c.Runs)
	}
	return trained, all
}
