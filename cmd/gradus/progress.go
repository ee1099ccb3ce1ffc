package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"gradus/optim"
	"gradus/train"
)

// progress draws a bar over all epochs, with the time that is left, where its
// output is a terminal, and nothing elsewhere. The bar is taken away before
// anything else is written.
type progress struct {
	out    io.Writer
	before []int // epochs before each stage, then of all
	start  time.Time
	bars   *mpb.Progress
	bar    *mpb.Bar
}

func newProgress(out io.Writer, stages []optim.Stage) *progress {
	if os.Getenv("TERM") == "dumb" {
		out = io.Discard
	}
	p := &progress{out: out, before: []int{0}, start: time.Now()}
	for i, s := range stages {
		p.before = append(p.before, p.before[i]+s.Epochs)
	}
	return p
}

// report moves the bar, and draws it where there is none.
func (p *progress) report(r train.Progress) {
	epoch, epochs := p.before[r.Stage-1]+r.Epoch, p.before[len(p.before)-1]
	if p.bar == nil {
		p.bars = mpb.New(mpb.WithOutput(p.out), mpb.WithWidth(64))
		p.bar = p.bars.AddBar(int64(epochs*r.Of),
			mpb.BarRemoveOnComplete(),
			mpb.PrependDecorators(decor.Name(fmt.Sprintf("epoch %d/%d ", epoch, epochs))),
			mpb.AppendDecorators(
				decor.Percentage(), decor.Name(", ETA "), decor.NewAverageETA(decor.ET_STYLE_GO, p.start, nil)))
	}
	p.bar.SetCurrent(int64((epoch-1)*r.Of + r.Samples))
}

// clear takes the bar away.
func (p *progress) clear() {
	if p.bar == nil {
		return
	}
	p.bar.Abort(true)
	p.bars.Wait()
	p.bar, p.bars = nil, nil
}
