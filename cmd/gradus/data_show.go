package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"gradus/data"
	"gradus/data/draw"
	"gradus/data/source"
	"gradus/internal/atomicfile"
	"gradus/internal/table"
)

type dataShowCommand struct {
	root  string
	test  bool
	count int
	out   string
	json  bool
}

func newDataShow() *cobra.Command {
	s := &dataShowCommand{count: 10}
	cmd := &cobra.Command{
		Use:   "show NAME|FOLDER",
		Short: "Show what is in a data set",
		Long: `Show the sizes of a data set, the mean and the standard deviation of its pixels, how many
samples each class has, and a few of them: the first of every class, then the second, and
so on.

Samples are drawn as characters, or by --out as a PNG image, ten in a row.`,
		Example: `  gradus data show mnist
  gradus data show fashionmnist --count 100 --out clothes.png
  gradus data show ~/flowers --test --count 3
  gradus data show mnist --json`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return misuse("data show: expected the name or the folder of one data set, got %d", len(args))
			}
			return nil
		},
		RunE:              func(cmd *cobra.Command, args []string) error { return s.run(cmd, args[0]) },
		ValidArgsFunction: completeSets(true),
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.BoolVar(&s.test, "test", false, "draw samples of the test set, not of the training set")
	f.Var(intValue(&s.count), "count", "samples to draw, at most 10000; 0 for none")
	f.StringVar(&s.out, "out", "", "PNG `file` to draw the samples into")
	dataRootFlag(cmd, &s.root)
	f.BoolVar(&s.json, "json", false, "print JSON, and draw only with --out")
	complete(cmd, "count", cobra.ShellCompDirectiveNoFileComp)
	if err := cmd.MarkFlagFilename("out", "png"); err != nil {
		panic(err)
	}
	return cmd
}

// shownSet is what is said of a set.
type shownSet struct {
	Name    string  `json:"name"`
	Samples int     `json:"samples"`
	Shape   [3]int  `json:"shape"`
	Mean    float64 `json:"mean"` // of all pixels, on the scale 0 to 1
	Std     float64 `json:"std"`
	Counts  []int   `json:"counts"` // of each class
}

// shown is what is said of a data set.
type shown struct {
	Classes []string   `json:"classes"`
	Input   [2]float32 `json:"input_mean_std"` // a network sees (u/255 - mean) / std
	Sets    []shownSet `json:"sets"`
}

const maxShown = 10000

func (s *dataShowCommand) run(cmd *cobra.Command, name string) error {
	if s.count < 0 || s.count > maxShown {
		return misuse("count: expected 0 to %d, got %d", maxShown, s.count)
	}
	if cmd.Flags().Changed("out") && !strings.EqualFold(filepath.Ext(s.out), ".png") {
		return misuse("out: expected a file that ends in .png, got %.80q", s.out)
	}
	train, test, err := source.Open(name, s.root)
	if err != nil {
		return err
	}
	drawn := train
	if s.test {
		drawn = test
	}
	picked := draw.Pick(drawn, s.count)
	if s.out != "" && len(picked) == 0 {
		return fmt.Errorf("%s: expected samples to draw, got none", drawn.Name)
	}
	if s.out != "" {
		const across = 10
		if err := atomicfile.Write(s.out, func(w io.Writer) error { return draw.PNG(w, drawn, picked, across) }); err != nil {
			return err
		}
	}
	if s.json {
		return writeJSON(cmd.OutOrStdout(), describeSets(train, test))
	}
	if err := writeShown(cmd.OutOrStdout(), train, test); err != nil || s.out != "" || len(picked) == 0 {
		return err
	}
	const width = 80
	_, err = io.WriteString(cmd.OutOrStdout(), "\n"+draw.Text(drawn, picked, width))
	return unwritten(err)
}

func describeSets(train, test *data.Set) shown {
	s := shown{Input: [2]float32{train.Mean, train.Std}}
	for c := range train.Classes {
		s.Classes = append(s.Classes, draw.ClassName(train, c))
	}
	for _, set := range []*data.Set{train, test} {
		mean, std := set.Moments()
		s.Sets = append(s.Sets, shownSet{set.Name, set.Len(), set.Shape, mean, std, set.Histogram()})
	}
	return s
}

func writeShown(w io.Writer, train, test *data.Set) error {
	var b strings.Builder
	for _, set := range []*data.Set{train, test} {
		mean, std := set.Moments()
		fmt.Fprintf(&b, "%s: %s, pixels of mean %.4f, std %.4f\n", set.Name, source.Describe(set), mean, std)
	}
	fmt.Fprintf(&b, "a network sees (u/255 - %.4f) / %.4f\n\n", train.Mean, train.Std)
	rows := [][]string{{"class", "train", "test"}}
	inTrain, inTest := train.Histogram(), test.Histogram()
	for c := range train.Classes {
		rows = append(rows, []string{draw.ClassName(train, c), fmt.Sprint(inTrain[c]), fmt.Sprint(inTest[c])})
	}
	b.WriteString(table.Text(rows, 1))
	_, err := io.WriteString(w, b.String())
	return unwritten(err)
}
