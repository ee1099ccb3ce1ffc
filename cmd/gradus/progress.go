package main

import (
	"fmt"
	"io"
	"os"
	"sync"
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
	mu     sync.Mutex // checkpoints are announced by another goroutine
	out    io.Writer
	lines  io.Writer // the same; out is nothing where bars cannot be drawn
	before []int     // epochs before each stage, then of all
	start  time.Time
	bars   *mpb.Progress
	bar    *mpb.Bar
}

func newProgress(out io.Writer, stages []optim.Stage) *progress {
	p := &progress{out: out, lines: out, before: []int{0}, start: time.Now()}
	if os.Getenv("TERM") == "dumb" {
		p.out = io.Discard
	}
	for i, s := range stages {
		p.before = append(p.before, p.before[i]+s.Epochs)
	}
	return p
}

// report moves the bar, and draws it where there is none.
func (p *progress) report(r train.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
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
	p.mu.Lock()
	defer p.mu.Unlock()
	p.remove()
}

// say writes a line in place of the bar, which is drawn again after it.
func (p *progress) say(write func(io.Writer)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.remove()
	write(p.lines)
}

func (p *progress) remove() {
	if p.bar == nil {
		return
	}
	p.bar.Abort(true)
	p.bars.Wait()
	p.bar, p.bars = nil, nil
}
