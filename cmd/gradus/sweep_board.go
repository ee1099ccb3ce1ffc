package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gradus/internal/table"
	"gradus/report"
	"gradus/sweep"
	"gradus/train"
)

// board is what is known of a sweep while it runs.
type board struct {
	grid     *sweep.Grid
	trials   []sweep.Trial
	running  []progressOf // by index
	started  int          // points up to here have begun
	ended    int
	failed   int
	best     string // the line about it
	outdated bool   // best is
}

// progressOf is how far a training is.
type progressOf struct {
	begin time.Duration
	on    bool
	share float64
	epoch *train.Epoch
}

func newBoard(g *sweep.Grid) *board {
	b := &board{grid: g, trials: make([]sweep.Trial, len(g.Points)), running: make([]progressOf, len(g.Points))}
	for i := range b.trials {
		b.trials[i].Point = g.Points[i]
	}
	return b
}

func (b *board) see(e sweep.Event, now time.Duration) {
	p := &b.running[e.Point.Index]
	if !p.on {
		p.on, p.begin = true, now
		b.started = max(b.started, e.Point.Index+1)
	}
	p.share = e.Share
	if e.Epoch != nil {
		p.epoch = e.Epoch
	}
	if e.Finished != nil {
		p.on, p.share = false, 1
		b.trials[e.Point.Index] = *e.Finished
		b.ended++
		if e.Finished.State() == sweep.Failed {
			b.failed++
		}
		b.outdated = true
	}
}

// frame is what the terminal shows: a headline, trainings, and the best setting.
func (b *board) frame(now time.Duration, height int) []string {
	if b.outdated {
		b.best = b.grid.Summarize(b.trials).BestLine()
		b.outdated = false
	}
	lines := []string{b.headline(now)}
	if room := height - 4; room > 0 {
		lines = append(lines, b.table(b.window(room), now)...)
	}
	if b.best != "" && height > 1 {
		lines = append(lines, strings.Replace(b.best, "best:", "best so far:", 1))
	}
	return lines
}

func (b *board) headline(now time.Duration) string {
	line := fmt.Sprintf("%d of %d trainings ended", b.ended, len(b.trials))
	if b.failed > 0 {
		line += fmt.Sprintf(", %d failed", b.failed)
	}
	share := 0.0
	for _, p := range b.running {
		share += p.share
	}
	return line + eta(now, share/float64(len(b.running)))
}

// eta is the time left, judged by the time taken for a share of the work.
func eta(taken time.Duration, share float64) string {
	if share <= 0 || share >= 1 {
		return ""
	}
	return ", ETA " + (time.Duration(float64(taken)*(1-share)/share) + time.Second/2).Truncate(time.Second).String()
}

// window chooses the points to show, in the grid's order: all, where there is
// room, or else the last ones that have begun, and all that run.
func (b *board) window(room int) []int {
	if len(b.trials) <= room {
		room = len(b.trials)
		rows := make([]int, room)
		for i := range rows {
			rows[i] = i
		}
		return rows
	}
	var rows []int
	for i := b.started - 1; i >= 0 && len(rows) < room; i-- {
		if b.running[i].on {
			rows = append(rows, i)
		}
	}
	for i := b.started - 1; i >= 0 && len(rows) < room; i-- {
		if !b.running[i].on {
			rows = append(rows, i)
		}
	}
	slices.Sort(rows)
	return rows
}

func (b *board) table(rows []int, now time.Duration) []string {
	cells := [][]string{{}}
	settings := b.grid.Varying(b.trials[0].Settings)
	for _, s := range settings {
		cells[0] = append(cells[0], s.Name)
	}
	cells[0] = append(cells[0], "train error", strings.ToLower(b.grid.Base.Measured())+" error")
	states := []string{""}
	for _, i := range rows {
		var row []string
		for _, s := range b.grid.Varying(b.trials[i].Settings) {
			row = append(row, s.Value)
		}
		p := b.running[i]
		if p.epoch != nil {
			row = append(row, report.Percent(p.epoch.Train.Error), report.Percent(p.epoch.Test.Error))
		} else {
			row = append(row, "", "")
		}
		cells = append(cells, row)
		states = append(states, b.state(i, now))
	}
	lines := strings.Split(strings.TrimSuffix(table.Text(cells, len(settings)), "\n"), "\n")
	width := 0
	for _, line := range lines {
		width = max(width, utf8.RuneCountInString(line))
	}
	for i, state := range states {
		if state != "" {
			lines[i] = fmt.Sprintf("%-*s  %s", width, lines[i], state)
		}
	}
	return lines
}

// state is what a training is about.
func (b *board) state(i int, now time.Duration) string {
	p, t := b.running[i], &b.trials[i]
	switch {
	case t.State() == sweep.Failed:
		return "failed"
	case t.State() == sweep.Finished && t.Stuck:
		return "stuck at chance"
	case t.State() == sweep.Finished:
		return seconds(t.Seconds)
	case p.on:
		return bar(p.share) + eta(now-p.begin, p.share)
	}
	return ""
}

// bar is a bar of 12 characters with its percentage.
func bar(share float64) string {
	const width = 12
	full := int(share * width)
	text := make([]byte, width)
	for i := range text {
		switch {
		case i < full:
			text[i] = '='
		case i == full:
			text[i] = '>'
		default:
			text[i] = '-'
		}
	}
	return fmt.Sprintf("[%s] %2.0f%%", text, 100*share)
}

// seconds is a time as people say it: 300ms, 4.1s, 1m20s.
func seconds(s float64) string {
	d := time.Duration(s * float64(time.Second))
	switch {
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < 10*time.Second:
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}
