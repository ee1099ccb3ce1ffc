package reproduce

import (
	"fmt"

	"gradus/nn"
	"gradus/run"
	"gradus/summary"
)

// Common is what the results of a reproduction and of a study begin with.
type Common struct {
	Version     string   `json:"version"`
	Machine     Machine  `json:"machine"`
	Data        string   `json:"data"`
	Seeds       []uint64 `json:"seeds"`
	Workers     int      `json:"workers"`
	Seconds     float64  `json:"seconds"`
	Partial     *Partial `json:"partial,omitempty"` // set where not all trainings have ended
	Conclusions []string `json:"conclusions"`
}

// Partial is how many trainings had ended when they were stopped.
type Partial struct {
	Ended int `json:"ended"`
	Of    int `json:"of"`
}

// String is what a report says of it.
func (p Partial) String() string {
	return fmt.Sprintf("Stopped before the end: %d of %d trainings had ended, and only they count here.", p.Ended, p.Of)
}

// Part is how many trainings had ended, nil for all.
func (c *Common) Part() *Partial { return c.Partial }

// SeedText names the seeds.
func (c *Common) SeedText() string {
	if len(c.Seeds) == 1 {
		return fmt.Sprintf("seed %d", c.Seeds[0])
	}
	return fmt.Sprintf("seeds %d to %d", c.Seeds[0], c.Seeds[len(c.Seeds)-1])
}

// Results are what a reproduction found; as JSON they are results.json.
// Errors of epochs are shares from 0 to 1, those of comparisons percent.
type Results struct {
	Common
	Experiments []Result    `json:"experiments"`
	Best        *Inspection `json:"best,omitempty"`  // the network with the lowest test error
	Gates       *Gates      `json:"gates,omitempty"` // of the gated network
}

// Machine is where the trainings ran.
type Machine struct {
	Processor string `json:"processor"`
	Cores     int    `json:"cores"`
	System    string `json:"system"`
}

// Result is what an experiment found.
type Result struct {
	ID           string       `json:"id"`
	Title        string       `json:"title"`
	Question     string       `json:"question"`
	Rate         bool         `json:"-"`
	NotebookBest float64      `json:"-"`
	Adds         string       `json:"-"`
	Before       string       `json:"-"`
	Deep         bool         `json:"-"`
	Cases        []CaseResult `json:"cases"`
}

// CaseResult is what a setting of an experiment found.
type CaseResult struct {
	Config      run.Config          `json:"config"` // of the first seed
	Parameters  []summary.Parameter `json:"parameters,omitempty"`
	Elements    int                 `json:"parameter_elements,omitempty"`
	Trained     int                 `json:"trained"` // runs that ended better than chance
	Stuck       int                 `json:"stuck"`   // runs that ended at chance
	Failed      int                 `json:"failed"`  // runs that ended by an error
	Comparisons []Comparison        `json:"comparisons,omitempty"`
	Runs        []Run               `json:"runs"`
}

// Outcome is what became of a run.
type Outcome string

// The outcomes.
const (
	Trained Outcome = "trained"
	Stuck   Outcome = "stuck"
	Failed  Outcome = "failed"
)

// Run is one training.
type Run struct {
	Seed    uint64       `json:"seed"`
	Outcome Outcome      `json:"outcome"`
	Error   string       `json:"error,omitempty"`
	Seconds float64      `json:"seconds"`
	Epochs  []run.Record `json:"epochs"`
	Alphas  []Alpha      `json:"alphas,omitempty"` // of convex blocks, in the order in which data meet them

	model nn.Module
}

// last is the last epoch; there is one in every run that did not fail.
func (r Run) last() run.Record { return r.Epochs[len(r.Epochs)-1] }

// runs are those with an outcome.
func (c CaseResult) runs(o Outcome) []Run {
	var list []Run
	for _, r := range c.Runs {
		if r.Outcome == o {
			list = append(list, r)
		}
	}
	return list
}

// Failures names the trainings that failed, and counts all.
func (r *Results) Failures() (failed []string, all int) {
	for _, e := range r.Experiments {
		for _, c := range e.Cases {
			all += len(c.Runs)
			for _, one := range c.runs(Failed) {
				name := e.ID
				if e.Rate {
					name += ", " + c.Name(e)
				}
				failed = append(failed, fmt.Sprintf("%s with seed %d", name, one.Seed))
			}
		}
	}
	return failed, all
}

// find is the result of an experiment, if it was done.
func (r *Results) find(id string) (Result, bool) {
	for _, e := range r.Experiments {
		if e.ID == id {
			return e, true
		}
	}
	return Result{}, false
}
