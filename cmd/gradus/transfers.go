package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/vbauerster/cupwriter"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"gradus/data/fetch"
)

// transfers shows a download: on a terminal a bar with the time that is left, elsewhere a line now and then.
type transfers struct {
	out   io.Writer
	lines bool // no terminal
	last  time.Time
	name  string
	begun int64 // bytes that were there when this began
	start time.Time
	bars  *mpb.Progress
	bar   *mpb.Bar
}

// betweenLines is how often a line is written where there is no terminal.
const betweenLines = 10 * time.Second

func newTransfers(out io.Writer) *transfers {
	t := &transfers{out: out, lines: true, last: time.Now()}
	if w := cupwriter.New(out, false); w.IsTerminal() && os.Getenv("TERM") != "dumb" {
		t.lines = false
	}
	return t
}

func (t *transfers) report(p fetch.Progress) {
	if p.Name != t.name {
		t.clear()
		t.name, t.begun, t.start = p.Name, p.Done, time.Now()
	}
	switch {
	case t.lines && time.Since(t.last) >= betweenLines:
		t.last = time.Now()
		fmt.Fprintln(t.out, "gradus: "+t.line(p))
	case !t.lines && t.bar == nil:
		t.bars = mpb.New(mpb.WithOutput(t.out), mpb.WithWidth(64))
		t.bar = t.bars.AddBar(p.Total, mpb.BarRemoveOnComplete(),
			mpb.PrependDecorators(decor.Name(p.Name+" ")),
			mpb.AppendDecorators(decor.CountersKiloByte("% .1f / % .1f"), decor.Name(", ETA "),
				decor.NewAverageETA(decor.ET_STYLE_GO, t.start, nil)))
		fallthrough
	case !t.lines:
		t.bar.SetCurrent(p.Done)
	}
}

// line says how far a download is, and how long it still takes at its mean speed so far.
func (t *transfers) line(p fetch.Progress) string {
	const mega = 1e6
	text := fmt.Sprintf("%s: %.1f MB", p.Name, float64(p.Done)/mega)
	if p.Total > 0 && p.Done > t.begun {
		left := time.Duration(float64(time.Since(t.start)) * float64(p.Total-p.Done) / float64(p.Done-t.begun))
		text += fmt.Sprintf(" of %.1f MB, ETA %v", float64(p.Total)/mega, left.Round(time.Second))
	}
	return text
}

// clear takes the bar away.
func (t *transfers) clear() {
	if t.bar != nil {
		t.bar.Abort(true)
		t.bars.Wait()
		t.bar, t.bars = nil, nil
	}
}
