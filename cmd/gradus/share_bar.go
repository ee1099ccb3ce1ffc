package main

import (
	"io"
	"os"
	"strings"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// shareBar shows on a terminal what share of the work is done and how long the
// rest takes, and nothing elsewhere.
type shareBar struct {
	out   io.Writer
	start time.Time
	bars  *mpb.Progress
	bar   *mpb.Bar
}

func newShareBar(out io.Writer) *shareBar {
	if os.Getenv("TERM") == "dumb" {
		out = io.Discard
	}
	return &shareBar{out: out, start: time.Now()}
}

// parts is how finely the bar moves.
const parts = 10_000

func (b *shareBar) report(done float64) {
	if b.bar == nil {
		b.bars = mpb.New(mpb.WithOutput(b.out), mpb.WithWidth(64))
		b.bar = b.bars.AddBar(parts, mpb.BarRemoveOnComplete(), mpb.AppendDecorators(
			decor.Percentage(), decor.Name(", ETA "), decor.NewAverageETA(decor.ET_STYLE_GO, b.start, nil)))
	}
	b.bar.SetCurrent(int64(parts * done))
}

// clear takes the bar away.
func (b *shareBar) clear() {
	if b.bar == nil {
		return
	}
	b.bar.Abort(true)
	b.bars.Wait()
	b.bar, b.bars = nil, nil
}

// clearing writes below the place where the bar was.
type clearing struct {
	bar *shareBar
	to  io.Writer
}

func (c clearing) Write(p []byte) (int, error) {
	if strings.TrimSpace(string(p)) == "" {
		return c.to.Write(p)
	}
	c.bar.clear()
	n, err := c.to.Write(p)
	return n, unwritten(err)
}
