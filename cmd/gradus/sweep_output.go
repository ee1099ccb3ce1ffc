package main

import (
	"encoding/csv"
	"encoding/json"
	"io"

	"gradus/sweep"
)

// textTable writes the table when all is over.
type textTable struct{ out io.Writer }

func (textTable) training(*sweep.Trial) error { return nil }

func (t textTable) summary(s *sweep.Summary, _ []sweep.Trial) error {
	return unwritten(s.WriteText(t.out))
}

// inOrder hands on trials in the order of the grid, each as soon as those
// before it have ended.
type inOrder struct {
	ended  []*sweep.Trial // nil for those that have not
	next   int
	format sweepOutput
}

func (o *inOrder) training(t *sweep.Trial) error {
	o.ended[t.Index] = t
	for ; o.next < len(o.ended) && o.ended[o.next] != nil; o.next++ {
		if err := o.format.training(o.ended[o.next]); err != nil {
			return err
		}
	}
	return nil
}

// summary also hands on what an interruption has left waiting for others.
func (o *inOrder) summary(s *sweep.Summary, trials []sweep.Trial) error {
	for ; o.next < len(o.ended); o.next++ {
		if t := o.ended[o.next]; t != nil {
			if err := o.format.training(t); err != nil {
				return err
			}
		}
	}
	return o.format.summary(s, trials)
}

// jsonTrials writes an object per training, a line each, then the summary.
type jsonTrials struct{ out io.Writer }

func (j jsonTrials) training(t *sweep.Trial) error { return j.line(t) }

func (j jsonTrials) summary(s *sweep.Summary, _ []sweep.Trial) error {
	return j.line(struct {
		Summary *sweep.Summary `json:"summary"`
	}{s})
}

func (j jsonTrials) line(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return writeLine(j.out, string(text))
}

// csvTrials writes a row per training under a header.
type csvTrials struct {
	out   io.Writer
	begun bool
}

func (c *csvTrials) training(t *sweep.Trial) error {
	w := csv.NewWriter(c.out)
	rows := [][]string{t.CSVRow()}
	if !c.begun {
		rows = [][]string{sweep.CSVHeader(), rows[0]}
		c.begun = true
	}
	return unwritten(w.WriteAll(rows))
}

func (*csvTrials) summary(*sweep.Summary, []sweep.Trial) error { return nil }
