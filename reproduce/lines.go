package reproduce

import (
	"fmt"
	"io"
	"strings"

	"gradus/report"
	"gradus/run"
	"gradus/train"
)

// lines writes what trainings print, in the order of the list and not in
// that in which they are done: the first unfinished one writes at once, those
// after it wait.
type lines struct {
	out     io.Writer
	next    int // the training whose lines are being written
	waiting []strings.Builder
	ended   []bool
	err     error
}

func newLines(out io.Writer, trainings int) *lines {
	return &lines{out: out, waiting: make([]strings.Builder, trainings), ended: make([]bool, trainings)}
}

func (l *lines) write(i int, text string) {
	l.waiting[i].WriteString(text)
	l.flush()
}

func (l *lines) end(i int) {
	l.ended[i] = true
	l.flush()
}

func (l *lines) flush() {
	for l.next < len(l.waiting) {
		if _, err := io.WriteString(l.out, l.waiting[l.next].String()); err != nil && l.err == nil {
			l.err = err
		}
		l.waiting[l.next].Reset()
		if !l.ended[l.next] {
			return
		}
		l.next++
	}
}

// heading names an experiment and its network.
func (e Experiment) heading(c run.Config) string {
	text := fmt.Sprintf("%s: %s, depth %d", e.ID, c.Net, c.Depth)
	if c.Alpha != nil {
		text += fmt.Sprintf(", alpha %g", *c.Alpha)
	}
	return text
}

// epochLines are the notebook's lines for an epoch, with that of the stage
// before its first one.
func epochLines(c run.Config, e train.Epoch) string {
	text := report.EpochLine(e.Epoch, e.Epochs, e.Train.Error, c.Measured(), e.Test.Error) + "\n"
	if e.Epoch == 1 {
		text = report.StageLine(c.Batch, e.LearningRate, c.Momentum) + "\n" + text
		if e.Stage > 1 {
			text = "\n" + text
		}
	}
	return text
}
