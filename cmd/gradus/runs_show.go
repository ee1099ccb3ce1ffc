package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"gradus/internal/table"
	"gradus/report"
	"gradus/run"
)

func newRunsShow() *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:     "show <folder>...",
		Short:   "Show runs: settings, epochs, checkpoints",
		Example: `  gradus runs show runs/first`,
		Args:    runFolders(1),
		RunE: func(cmd *cobra.Command, folders []string) error {
			var runs []*run.Overview
			for _, folder := range folders {
				runs = append(runs, run.Look(folder))
			}
			warn(cmd, runs)
			if asJSON {
				if err := writeJSON(cmd.OutOrStdout(), runs); err != nil {
					return err
				}
				return firstBroken(runs)
			}
			for i, o := range runs {
				if o.State == run.Broken {
					continue
				}
				text := showText(o)
				if i > 0 {
					text = "\n" + text
				}
				if err := writeLine(cmd.OutOrStdout(), text); err != nil {
					return err
				}
			}
			return firstBroken(runs)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func showText(o *run.Overview) string {
	c := o.About.Settings
	state := string(o.State)
	if o.Holder != "" {
		state += " by " + o.Holder
	}
	best := ""
	d := run.Dir{Path: o.Path, About: *o.About}
	if path, err := d.Best(); err == nil {
		best = path
	}
	rows := [][]string{
		{"run", quoted(o.Path)},
		{"state", state},
		{"epochs", epochsOf(o)},
		{"step", fmt.Sprint(o.Step)},
		{"started", o.About.Started},
		{"program", fmt.Sprintf("gradus %s, revision %s, %s", o.About.Program.Version, o.About.Program.Revision, o.About.Program.Go)},
		{"machine", fmt.Sprintf("%s, %s/%s, %d cores", o.About.Machine.Host, o.About.Machine.OS, o.About.Machine.Arch, o.About.Machine.Cores)},
		{"data", fmt.Sprintf("%s, sha256 %.12s", c.Data, o.About.Data)},
		{"schedule", *c.Effective().Schedule},
		{"seed", fmt.Sprint(c.Seed)},
	}
	for _, p := range c.Phrases() {
		rows = append(rows, []string{p.Setting, strings.TrimPrefix(p.Text, p.Setting+" ")})
	}
	if best != "" {
		rows = append(rows, []string{"best", quoted(best)})
	}
	text := strings.TrimSuffix(table.Text(rows, 2), "\n")
	if len(o.Records) == 0 {
		return text
	}
	rows = [][]string{{"stage", "epoch", "lr", "train loss", "train error", strings.ToLower(c.Measured()) + " error", "seconds"}}
	for _, r := range o.Records {
		rows = append(rows, []string{
			fmt.Sprint(r.Stage), fmt.Sprintf("%d/%d", r.Epoch, r.Epochs), formatNumber(r.LearningRate),
			fmt.Sprintf("%.4f", r.TrainLoss), report.Percent(r.TrainError), report.Percent(r.Measured()), fmt.Sprintf("%.2f", r.Seconds),
		})
	}
	return text + "\n\n" + strings.TrimSuffix(table.Text(rows, 0), "\n")
}
