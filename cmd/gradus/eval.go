package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"gradus/data"
	"gradus/data/draw"
	"gradus/internal/table"
	"gradus/predict"
	"gradus/report"
	"gradus/run"
)

type evalCommand struct {
	trained trainedFlags
	json    bool
}

func newEval() *cobra.Command {
	e := &evalCommand{trained: newTrainedFlags()}
	cmd := &cobra.Command{
		Use:   "eval",
		Short: "Evaluate a trained network on a test set",
		Long: `Apply a trained network to a test set: its error and loss, the errors of each class, and
which classes are taken for which.

The network is that of a run, with its best checkpoint unless --checkpoint says otherwise,
or the one that flags describe with --weights, a safetensors file as PyTorch or "gradus
export" write it. --data with --run evaluates on another set than the run's.`,
		Example: `  gradus eval --run runs/first
  gradus eval --run runs/first --checkpoint last --json
  gradus eval --run runs/first --data qmnist
  gradus eval --weights plain.safetensors --net plain --depth 3`,
		Args: flagsOnly,
		RunE: func(cmd *cobra.Command, _ []string) error { return e.run(cmd) },
	}
	e.trained.bind(cmd)
	cmd.Flags().BoolVar(&e.json, "json", false, "print JSON")
	return cmd
}

func (e *evalCommand) run(cmd *cobra.Command) error {
	flags := cmd.Flags()
	if err := e.trained.check(flags, "data", "data-root"); err != nil {
		return err
	}
	t, err := e.trained.open()
	if err != nil {
		return err
	}
	on := t.Config
	if flags.Changed("data") {
		on.Data = e.trained.config.Data
	}
	if flags.Changed("data-root") {
		on.DataRoot = e.trained.config.DataRoot
	}
	sets, err := on.OpenSets()
	if err != nil {
		return err
	}
	if err := t.CheckData(sets.Test); err != nil {
		return err
	}
	p, err := predictor(t)
	if err != nil {
		return misuseError{err}
	}
	defer p.Close()
	sheet, err := predict.Evaluate(p, sets.Test)
	if err != nil {
		return err
	}
	if e.json {
		return writeJSON(cmd.OutOrStdout(), newEvaluated(t, sets.Test, sheet))
	}
	_, err = io.WriteString(cmd.OutOrStdout(), evaluatedText(t, sets.Test, sheet))
	return unwritten(err)
}

// evaluated is an evaluation as JSON has it. Errors are shares from 0 to 1.
type evaluated struct {
	Weights   string           `json:"weights"`
	Data      string           `json:"data"`
	Images    int              `json:"images"`
	Wrong     int              `json:"wrong"`
	Error     float64          `json:"error"`
	Loss      finite           `json:"loss"`
	Classes   []evaluatedClass `json:"classes"`
	Confusion [][]int          `json:"confusion"` // [class][answer]
}

type evaluatedClass struct {
	Name   string   `json:"name"`
	Images int      `json:"images"`
	Wrong  int      `json:"wrong"`
	Error  *float64 `json:"error"` // null for a class without images
}

func newEvaluated(t *run.Trained, set *data.Set, s *predict.Sheet) evaluated {
	e := evaluated{
		Weights: t.Path, Data: set.Name, Images: s.Images, Wrong: s.Wrong,
		Error: s.Error(), Loss: finite(s.Loss), Confusion: s.Confusion,
	}
	for c := range s.Confusion {
		class := evaluatedClass{Name: draw.ClassName(set, c)}
		class.Images, class.Wrong = s.Class(c)
		if class.Images > 0 {
			class.Error = new(float64(class.Wrong) / float64(class.Images))
		}
		e.Classes = append(e.Classes, class)
	}
	return e
}

// finite is a number that JSON has as null where it is none.
type finite float64

// MarshalJSON writes a number or null.
func (f finite) MarshalJSON() ([]byte, error) {
	if f-f != 0 {
		return []byte("null"), nil
	}
	return []byte(strconv.FormatFloat(float64(f), 'g', -1, 64)), nil
}

// mostColumns is the largest number of classes whose table of answers fits on a
// screen.
const mostColumns = 20

func evaluatedText(t *run.Trained, set *data.Set, s *predict.Sheet) string {
	summary := [][]string{
		{"weights", quoted(t.Path)},
		{"data", fmt.Sprintf("%s, %d images", set.Name, s.Images)},
		{"error", fmt.Sprintf("%s, %d wrong", report.Percent(s.Error()), s.Wrong)},
		{"loss", fmt.Sprintf("%.4f", s.Loss)},
	}
	classes := [][]string{{"class", "images", "wrong", "error", "most often taken for"}}
	for c := range s.Confusion {
		classes = append(classes, classRow(set, s, c))
	}
	text := table.Text(summary, 2) + "\n" + alignLast(classes)
	if len(s.Confusion) > mostColumns {
		return text
	}
	return text + "\n" + confusionText(s)
}

func classRow(set *data.Set, s *predict.Sheet, c int) []string {
	images, wrong := s.Class(c)
	name, share, taken := fmt.Sprint(c), "", ""
	if set.ClassNames != nil {
		name += " " + draw.ClassName(set, c)
	}
	if images > 0 {
		share = report.Percent(float64(wrong) / float64(images))
	}
	if other, n := s.TakenFor(c); n > 0 {
		taken = fmt.Sprintf("%s (%d)", draw.ClassName(set, other), n)
	}
	return []string{name, fmt.Sprint(images), fmt.Sprint(wrong), share, taken}
}

// confusionText is the table of answers: a row for each class, a column for each
// answer, and a point where there is none.
func confusionText(s *predict.Sheet) string {
	head := []string{"class, taken for:"}
	for c := range s.Confusion {
		head = append(head, fmt.Sprint(c))
	}
	rows := [][]string{head}
	for c, answers := range s.Confusion {
		row := []string{fmt.Sprint(c)}
		for _, n := range answers {
			cell := "."
			if n > 0 {
				cell = fmt.Sprint(n)
			}
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	return table.Text(rows, 1)
}

// alignLast is a table whose first and last columns are aligned to the left.
func alignLast(rows [][]string) string {
	width := 0
	for _, row := range rows {
		width = max(width, utf8.RuneCountInString(row[len(row)-1]))
	}
	for _, row := range rows {
		last := &row[len(row)-1]
		*last += strings.Repeat(" ", width-utf8.RuneCountInString(*last))
	}
	return table.Text(rows, 1)
}
