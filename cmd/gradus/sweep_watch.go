package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/vbauerster/cupwriter"

	"gradus/report"
	"gradus/sweep"
)

// watcher shows how a sweep goes on.
type watcher interface {
	see(sweep.Event)
	// aside writes results that may go to the same place.
	aside(write func() error) error
	close()
}

// newWatcher draws a table on a terminal that can move its cursor, and writes
// lines elsewhere.
func newWatcher(out io.Writer, g *sweep.Grid) watcher {
	if w := cupwriter.New(out, false); w.IsTerminal() && os.Getenv("TERM") != "dumb" {
		return newLive(w, g)
	}
	return &lines{out: out, grid: g}
}

// lines writes one when a training ends.
type lines struct {
	out   io.Writer
	grid  *sweep.Grid
	ended int
}

func (l *lines) see(e sweep.Event) {
	if t := e.Finished; t != nil {
		l.ended++
		fmt.Fprintf(l.out, "%d/%d %s%s\n", l.ended, len(l.grid.Points), l.grid.Label(t), outcome(t))
	}
}

func (*lines) aside(write func() error) error { return write() }

func (*lines) close() {}

// outcome says in a line what became of a training.
func outcome(t *sweep.Trial) string {
	if t.State() == sweep.Failed {
		return "failed: " + oneLine.Replace(t.Err.Error())
	}
	last, _ := t.Result.Last()
	end := ""
	if t.Stuck {
		end = ", stuck at chance"
	}
	return fmt.Sprintf("train error %s, %s error %s, %s%s", report.Percent(last.Train.Error),
		strings.ToLower(t.Config.Measured()), report.Percent(last.Test.Error), seconds(t.Seconds), end)
}

// live is a table that is drawn over and over in the same place, and taken away
// at the end.
type live struct {
	drawing sync.Mutex // held while the terminal is written to
	out     *cupwriter.Writer

	begin time.Time
	done  chan struct{}
	ended sync.WaitGroup

	mu    sync.Mutex // guards what follows
	board *board
}

// often is how many times a second the table is drawn.
const often = 8

func newLive(out *cupwriter.Writer, g *sweep.Grid) *live {
	l := &live{out: out, begin: time.Now(), done: make(chan struct{}), board: newBoard(g)}
	l.ended.Go(func() {
		ticks := time.NewTicker(time.Second / often)
		defer ticks.Stop()
		for {
			l.draw()
			select {
			case <-l.done:
				return
			case <-ticks.C:
			}
		}
	})
	return l
}

func (l *live) see(e sweep.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.board.see(e, time.Since(l.begin))
}

// draw writes a frame in one go: a terminal shows it whole. Errors are not
// reported, as nobody would see them.
func (l *live) draw() {
	width, height, err := l.out.GetTermSize()
	if err != nil {
		return
	}
	l.mu.Lock()
	frame := l.board.frame(time.Since(l.begin), height-1)
	l.mu.Unlock()
	l.drawing.Lock()
	defer l.drawing.Unlock()
	l.home()
	for _, line := range frame {
		l.out.WriteString(cut(line, width-1) + "\n")
	}
	_ = l.out.Flush(len(frame))
}

// home makes the way up to the table begin at the left: what is typed, such as
// Ctrl-C, has moved the cursor.
func (l *live) home() {
	if up := l.out.String(); up != "" {
		l.out.Reset()
		l.out.WriteString("\r" + up)
	}
}

// aside takes the table away for what is written, below which it goes on.
func (l *live) aside(write func() error) error {
	l.drawing.Lock()
	defer l.drawing.Unlock()
	l.home()
	_ = l.out.Flush(0)
	return write()
}

// close takes the table away.
func (l *live) close() {
	close(l.done)
	l.ended.Wait()
	l.home()
	_ = l.out.Flush(0)
}

// cut shortens a line, so that the terminal does not wrap it.
func cut(line string, width int) string {
	if width < 1 || utf8.RuneCountInString(line) <= width {
		return line
	}
	return string([]rune(line)[:width])
}
